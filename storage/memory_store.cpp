// open_memory: the store without a disk. What is committed is released at once, on the caller's thread; a thread of the store's
// own folds it into an archive in memory and answers what is asked about the past.
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "protocol/limits.hpp"
#include "protocol/this_thread.hpp"
#include "storage/archive.hpp"
#include "storage/archive_reader.hpp"
#include "storage/audit_chain.hpp"
#include "storage/journal_format.hpp"
#include "storage/open.hpp"
#include "storage/past.hpp"

namespace fenliu::storage {
namespace {

class memory_store final : public store {
public:
    memory_store(std::unique_ptr<archive> records, std::size_t bytes)
        : archive_{std::move(records)}
        , reader_{archive_->database()}
        , past_{archive_->database(), nullptr}
        , closed_bytes_max_{bytes} {}
    ~memory_store() override { stop(); }

    recovered take_recovered() override { return {}; }

    void start(archived_callback archived, failed_callback failed) override {
        archived_callback_ = std::move(archived);
        failed_callback_ = std::move(failed);
        thread_ = std::thread{[this] { run(); }};
    }

    void commit(record_batch&& records, std::unique_ptr<release> then) noexcept override {
        bool wake = false;
        {
            const std::lock_guard lock{mutex_};
            if (stopped_) return;
            if (!records.empty()) wake = add(std::move(records));
        }
        if (wake) changed_.notify_one();
        if (then) then->run();
    }

    void read_history(history_query query, std::function<void(history_answer)> answer) override {
        read(std::move(answer), [this, query = std::move(query)] { return reader_.read_history(query); });
    }
    void read_colleagues(std::string shop, std::string buyer, std::function<void(std::vector<colleague_row>)> answer) override {
        read(std::move(answer),
             [this, shop = std::move(shop), buyer = std::move(buyer)] { return reader_.read_colleagues(shop, buyer); });
    }
    void read_conversation(std::string shop, routing::conversation_number number,
                           std::function<void(std::unique_ptr<routing::conversation>)> answer) override {
        read(std::move(answer), [this, shop = std::move(shop), number] { return reader_.read_conversation(shop, number); });
    }

    void read_decisions(decision_query query, std::function<void(std::vector<stored_decision>)> answer) override {
        read(std::move(answer), [this, query = std::move(query)] { return past_.read_decisions(query); });
    }
    void find_message(std::string shop, std::string message_id,
                      std::function<void(routing::conversation_number)> answer) override {
        read(std::move(answer),
             [this, shop = std::move(shop), id = std::move(message_id)] { return past_.find_message(shop, id); });
    }
    void read_policy(std::string shop, std::uint32_t version,
                     std::function<void(std::optional<routing::policy_version>)> answer) override {
        read(std::move(answer), [this, shop = std::move(shop), version] { return past_.read_policy(shop, version); });
    }
    void read_deeds(deed_query query, std::function<void(std::vector<stored_deed>)> answer) override {
        read(std::move(answer), [this, query = std::move(query)] { return past_.read_deeds(query); });
    }
    void replay_roster(roster_query query, record_visitor each, std::function<void(bool)> answer) override {
        read(std::move(answer),
             [this, query = std::move(query), each = std::move(each)] { return past_.replay_roster(query, each); });
    }

    void verify_audit(std::string head, std::function<void(audit_report)> answer) override {
        read(std::move(answer), [this, head = std::move(head)]() -> result<audit_report> {
            return storage::verify_audit(archive_->database(), head);
        });
    }
    void when_removed(std::function<void()> done) override {
        read([done = std::move(done)](bool) { done(); }, []() -> result<bool> { return true; });
    }

    store_figures figures() const override {
        const std::lock_guard lock{mutex_};
        auto now = figures_;
        now.archived_position = archived_position_;
        now.conversations_archived = conversations_archived_;
        return now;
    }
    double lag() const noexcept override {
        const auto archived = archived_position_.load(); // first, since more comes in meanwhile
        return static_cast<double>(position_ - archived) / static_cast<double>(limits::archive_lag_bytes);
    }

    void stop() noexcept override {
        {
            const std::lock_guard lock{mutex_};
            stopped_ = true;
        }
        changed_.notify_one();
        if (thread_.joinable()) thread_.join();
    }

private:
    using question = std::function<outcome()>;

    /// Whether the thread is to be woken: it waits for something, or for enough.
    bool add(record_batch&& records) {
        const bool first = waiting_.empty();
        figures_.records += records.count();
        ++figures_.groups;
        figures_.position += records.bytes().size();
        position_ = figures_.position;
        const bool enough = figures_.position - archived_position_ >= limits::archive_pass_bytes;
        waiting_.push_back(std::move(records));
        return first || enough;
    }

    void run() {
        this_thread::be_called("archive");
        this_thread::give_way(limits::archive_nice);
        while (wait_for_work()) {
            std::deque<record_batch> batches;
            std::deque<question> questions;
            {
                // Together: who asks knows what was committed before.
                const std::lock_guard lock{mutex_};
                batches.swap(waiting_);
                questions.swap(questions_);
            }
            outcome failure;
            while (!failure && !batches.empty())
                failure = pass(batches);
            for (; !failure && !questions.empty(); questions.pop_front())
                failure = questions.front()();
            if (!failure) continue;
            if (failed_callback_) failed_callback_(*failure);
            return;
        }
    }

    /// False once it is stopped and nothing is asked for any more.
    bool wait_for_work() {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return stopped_ || !questions_.empty() || !waiting_.empty(); });
        changed_.wait_for(lock, limits::archive_quiet, [this] {
            return stopped_ || !questions_.empty() || figures_.position - archived_position_ >= limits::archive_pass_bytes;
        });
        return !stopped_ || !questions_.empty();
    }

    /// Takes one `[length][payload]` off the front.
    static std::string_view next_payload(std::string_view& bytes) {
        const std::uint32_t size = journal_format::load_32(bytes.data());
        const std::string_view payload = bytes.substr(sizeof size, size);
        bytes.remove_prefix(sizeof size + size);
        return payload;
    }

    outcome pass(std::deque<record_batch>& batches) {
        std::uint64_t end = archived_position_;
        std::size_t count = 0;
        while (count < batches.size() && end - archived_position_ < limits::archive_pass_most)
            end += batches[count++].bytes().size();
        std::uint64_t position = archived_position_;
        std::size_t at = 0;
        std::string_view left = batches.front().bytes();
        auto done = archive_->run(
            [&]() -> result<log_entry> {
                while (left.empty()) {
                    if (at + 1 == count) return log_entry{};
                    left = batches[++at].bytes();
                }
                const std::string_view payload = next_payload(left);
                position += sizeof(std::uint32_t) + payload.size();
                return log_entry{payload, position};
            },
            end);
        if (auto* failure = std::get_if<protocol::failure>(&done)) return std::move(*failure);
        batches.erase(batches.begin(), batches.begin() + static_cast<std::ptrdiff_t>(count));
        auto archived = std::move(*std::get<0>(done)); // nobody else can lock a database in memory
        archived_position_ = end;
        for (const auto& each : archived) {
            if (!each.closed) continue;
            ++conversations_archived_;
            closed_bytes_ += closed_.emplace_back(each.number, archive_->line_bytes(each.number)).second;
        }
        for (; closed_bytes_ > closed_bytes_max_; closed_.pop_front()) {
            if (auto failure = archive_->erase(closed_.front().first)) return failure;
            closed_bytes_ -= closed_.front().second;
        }
        if (!archived.empty() && archived_callback_) archived_callback_(std::move(archived));
        return {};
    }

    template <class Answer, class Read>
    void read(Answer answer, Read step) {
        {
            const std::lock_guard lock{mutex_};
            if (stopped_) return;
            questions_.push_back([answer = std::move(answer), step = std::move(step)]() mutable -> outcome {
                auto found = step();
                if (auto* failure = std::get_if<protocol::failure>(&found)) return std::move(*failure);
                answer(std::get<0>(std::move(found)));
                return {};
            });
        }
        changed_.notify_one();
    }

    // The thread's own, once it runs.
    std::unique_ptr<archive> archive_;
    archive_reader reader_;
    past past_;
    const std::size_t closed_bytes_max_;
    std::deque<std::pair<routing::conversation_number, std::size_t>> closed_;
    std::size_t closed_bytes_ = 0;
    archived_callback archived_callback_;
    failed_callback failed_callback_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<record_batch> waiting_; // committed and not yet folded
    std::deque<question> questions_;
    store_figures figures_{.kind = "memory"};
    bool stopped_ = false;

    std::atomic<std::uint64_t> position_{0}, archived_position_{0}, conversations_archived_{0};
    std::thread thread_;
};

} // namespace

std::unique_ptr<store> open_memory(wall_clock, std::size_t bytes) {
    auto opened = archive::open(":memory:"); // fails as any allocation does
    if (auto* failure = std::get_if<protocol::failure>(&opened)) throw std::runtime_error{failure->text};
    return std::make_unique<memory_store>(std::get<0>(std::move(opened)), bytes);
}

} // namespace fenliu::storage
