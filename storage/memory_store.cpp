// open_memory: the store without a disk. Records go straight into an archive in memory when a conversation closes, a block is
// full or somebody reads; releases run on the caller's thread at once.
#include <deque>
#include <mutex>

#include "storage/archive.hpp"
#include "storage/archive_reader.hpp"
#include "storage/audit_chain.hpp"
#include "storage/journal_format.hpp"
#include "storage/open.hpp"
#include "storage/past.hpp"

namespace fenliu::storage {
namespace {

/// Records held back before they are folded: enough that a pass is worth its transaction.
constexpr std::size_t block_bytes = 1024 * 1024;

class memory_store final : public store {
public:
    memory_store(std::unique_ptr<archive> records, std::size_t bytes)
        : archive_{std::move(records)}
        , reader_{archive_->database()}
        , past_{archive_->database(), nullptr}
        , closed_bytes_max_{bytes} {}

    recovered take_recovered() override { return {}; }

    void start(archived_callback archived, failed_callback failed) override {
        archived_callback_ = std::move(archived);
        failed_callback_ = std::move(failed);
    }

    void commit(record_batch&& records, std::unique_ptr<release> then) noexcept override {
        std::vector<archived_conversation> archived;
        outcome failure;
        {
            const std::lock_guard lock{mutex_};
            if (stopped_) return;
            if (!records.empty()) failure = add(records, archived);
        }
        if (failure && failed_callback_) failed_callback_(*failure);
        if (failure) return;
        if (then) then->run();
        tell(std::move(archived));
    }

    void read_history(history_query query, std::function<void(history_answer)> answer) override {
        read(answer, [&] { return reader_.read_history(query); });
    }
    void read_colleagues(std::string shop, std::string buyer, std::function<void(std::vector<colleague_row>)> answer) override {
        read(answer, [&] { return reader_.read_colleagues(shop, buyer); });
    }
    void read_conversation(std::string shop, routing::conversation_number number,
                           std::function<void(std::unique_ptr<routing::conversation>)> answer) override {
        read(answer, [&] { return reader_.read_conversation(shop, number); });
    }

    void read_decisions(decision_query query, std::function<void(std::vector<stored_decision>)> answer) override {
        read(answer, [&] { return past_.read_decisions(query); });
    }
    void find_message(std::string shop, std::string message_id,
                      std::function<void(routing::conversation_number)> answer) override {
        read(answer, [&] { return past_.find_message(shop, message_id); });
    }
    void read_policy(std::string shop, std::uint32_t version,
                     std::function<void(std::optional<routing::policy_version>)> answer) override {
        read(answer, [&] { return past_.read_policy(shop, version); });
    }
    void read_deeds(deed_query query, std::function<void(std::vector<stored_deed>)> answer) override {
        read(answer, [&] { return past_.read_deeds(query); });
    }
    void replay_roster(roster_query query, record_visitor each, std::function<void(bool)> answer) override {
        read(answer, [&] { return past_.replay_roster(query, each); });
    }

    void verify_audit(std::string head, std::function<void(audit_report)> answer) override {
        read(answer, [&]() -> result<audit_report> { return storage::verify_audit(archive_->database(), head); });
    }
    void when_removed(std::function<void()> done) override {
        read([&](bool) { done(); }, []() -> result<bool> { return true; });
    }

    store_figures figures() const override {
        const std::lock_guard lock{mutex_};
        return figures_;
    }

    void stop() noexcept override {
        const std::lock_guard lock{mutex_};
        stopped_ = true;
    }

private:
    outcome add(const record_batch& records, std::vector<archived_conversation>& archived) {
        block_.append(records.bytes());
        figures_.position += records.bytes().size();
        figures_.records += records.count();
        ++figures_.groups;
        return block_.size() >= block_bytes || closes(records) ? pass(archived) : std::nullopt;
    }

    static bool closes(const record_batch& records) {
        std::string_view bytes = records.bytes();
        routing::record record;
        while (!bytes.empty()) {
            const std::string_view payload = next_payload(bytes);
            if (decode(payload, record) && std::holds_alternative<routing::conversation_closed>(record)) return true;
        }
        return false;
    }

    /// Takes one `[length][payload]` off the front.
    static std::string_view next_payload(std::string_view& bytes) {
        const std::uint32_t size = journal_format::load_32(bytes.data());
        const std::string_view payload = bytes.substr(sizeof size, size);
        bytes.remove_prefix(sizeof size + size);
        return payload;
    }

    outcome pass(std::vector<archived_conversation>& archived) {
        std::string_view left = block_;
        std::uint64_t position = figures_.position - block_.size();
        auto done = archive_->run(
            [&]() -> result<log_entry> {
                if (left.empty()) return log_entry{};
                const std::string_view payload = next_payload(left);
                position += sizeof(std::uint32_t) + payload.size();
                return log_entry{payload, position};
            },
            figures_.position);
        if (auto* failure = std::get_if<protocol::failure>(&done)) return std::move(*failure);
        block_.clear();
        archived = std::move(*std::get<0>(done)); // nobody else can lock a database in memory
        figures_.archived_position = figures_.position;
        for (const auto& each : archived) {
            if (!each.closed) continue;
            ++figures_.conversations_archived;
            closed_bytes_ += closed_.emplace_back(each.number, archive_->line_bytes(each.number)).second;
        }
        for (; closed_bytes_ > closed_bytes_max_; closed_.pop_front()) {
            if (auto failure = archive_->erase(closed_.front().first)) return failure;
            closed_bytes_ -= closed_.front().second;
        }
        return {};
    }

    template <class Answer, class Read>
    void read(const Answer& answer, Read&& step) {
        std::vector<archived_conversation> archived;
        auto read = [&] {
            const std::lock_guard lock{mutex_};
            auto failure = pass(archived);
            return failure ? decltype(step()){std::move(*failure)} : step();
        }();
        tell(std::move(archived));
        if (auto* failure = std::get_if<protocol::failure>(&read)) {
            if (failed_callback_) failed_callback_(*failure);
            return;
        }
        answer(std::get<0>(std::move(read)));
    }

    void tell(std::vector<archived_conversation>&& archived) {
        if (!archived.empty() && archived_callback_) archived_callback_(std::move(archived));
    }

    mutable std::mutex mutex_;
    std::unique_ptr<archive> archive_;
    archive_reader reader_;
    past past_;
    const std::size_t closed_bytes_max_;
    archived_callback archived_callback_;
    failed_callback failed_callback_;
    std::string block_; // committed and not yet folded
    std::deque<std::pair<routing::conversation_number, std::size_t>> closed_;
    std::size_t closed_bytes_ = 0;
    store_figures figures_{.kind = "memory"};
    bool stopped_ = false;
};

} // namespace

std::unique_ptr<store> open_memory(wall_clock, std::size_t bytes) {
    auto opened = archive::open(":memory:"); // fails as any allocation does
    if (auto* failure = std::get_if<protocol::failure>(&opened)) throw std::runtime_error{failure->text};
    return std::make_unique<memory_store>(std::get<0>(std::move(opened)), bytes);
}

} // namespace fenliu::storage
