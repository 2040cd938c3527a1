// The store on a disk: a journal that decides what happened, an archivist that follows it into SQLite, a thread that reads.
#include "storage/durable_store.hpp"

#include <cassert>

#include "storage/archivist.hpp"
#include "storage/audit_chain.hpp"
#include "storage/data_directory.hpp"
#include "storage/past.hpp"
#include "storage/reading_thread.hpp"
#include "storage/recovery.hpp"
#include "storage/wal_check.hpp"

namespace fenliu::storage {
namespace {

class durable_store final : public store {
public:
    /// What open() has made by the time a store can stand on it.
    struct parts {
        std::unique_ptr<directory_lock> lock;
        std::unique_ptr<failure_latch> failures;
        std::unique_ptr<journal> log;
        std::unique_ptr<storage::archivist> archivist;
        std::unique_ptr<reading_thread> reading;
        recovered state;
        std::uint64_t archive_lag_bytes = 0;
    };

    explicit durable_store(parts made)
        : parts_{std::move(made)} {}
    ~durable_store() override { stop(); }

    recovered take_recovered() override { return std::move(parts_.state); }

    void start(archived_callback archived, failed_callback failed) override {
        parts_.failures->set_callback(std::move(failed));
        parts_.reading->start();
        parts_.archivist->start(std::move(archived));
        parts_.log->start([this](std::uint64_t position, bool new_segment) { parts_.archivist->synced(position, new_segment); });
    }

    void commit(record_batch&& records, std::unique_ptr<release> then) noexcept override {
        parts_.log->commit(std::move(records), std::move(then));
    }

    void read_history(history_query query, std::function<void(history_answer)> answer) override {
        ask(std::move(answer), [query = std::move(query)](archive_reader& from) { return from.read_history(query); });
    }
    void read_colleagues(std::string shop, std::string buyer, std::function<void(std::vector<colleague_row>)> answer) override {
        ask(std::move(answer), [shop = std::move(shop), buyer = std::move(buyer)](archive_reader& from) {
            return from.read_colleagues(shop, buyer);
        });
    }
    void read_conversation(std::string shop, routing::conversation_number number,
                           std::function<void(std::unique_ptr<routing::conversation>)> answer) override {
        ask(std::move(answer),
            [shop = std::move(shop), number](archive_reader& from) { return from.read_conversation(shop, number); });
    }

    void read_decisions(decision_query query, std::function<void(std::vector<stored_decision>)> answer) override {
        ask_past(std::move(answer), [query = std::move(query)](past& from) { return from.read_decisions(query); });
    }
    void find_message(std::string shop, std::string message_id,
                      std::function<void(routing::conversation_number)> answer) override {
        ask_past(std::move(answer),
                 [shop = std::move(shop), id = std::move(message_id)](past& from) { return from.find_message(shop, id); });
    }
    void read_policy(std::string shop, std::uint32_t version,
                     std::function<void(std::optional<routing::policy_version>)> answer) override {
        ask_past(std::move(answer), [shop = std::move(shop), version](past& from) { return from.read_policy(shop, version); });
    }
    void read_deeds(deed_query query, std::function<void(std::vector<stored_deed>)> answer) override {
        ask_past(std::move(answer), [query = std::move(query)](past& from) { return from.read_deeds(query); });
    }
    void replay_roster(roster_query query, record_visitor each, std::function<void(bool)> answer) override {
        ask_past(std::move(answer),
                 [query = std::move(query), each = std::move(each)](past& from) { return from.replay_roster(query, each); });
    }

    void verify_audit(std::string head, std::function<void(audit_report)> answer) override {
        ask(std::move(answer), [head = std::move(head)](archive_reader& from) -> result<audit_report> {
            audit_report found;
            auto failure = guarded(from.database(), [&]() -> outcome {
                found = storage::verify_audit(from.database(), head);
                return {};
            });
            if (failure) return std::move(*failure);
            return found;
        });
    }
    void when_removed(std::function<void()> done) override {
        // As a release, so that what was committed before is on the disk by then.
        struct told final : release {
            told(durable_store& of, std::function<void()> what)
                : store{of}
                , done{std::move(what)} {}
            void run() noexcept override { store.parts_.archivist->when_removed(store.parts_.log->position(), std::move(done)); }
            durable_store& store;
            std::function<void()> done;
        };
        parts_.log->commit({}, std::make_unique<told>(*this, std::move(done)));
    }

    store_figures figures() const override {
        return {.position = parts_.log->position(),
                .archived_position = parts_.archivist->archived_position(),
                .records = parts_.log->writer().records(),
                .groups = parts_.log->writer().groups(),
                .conversations_archived = parts_.archivist->conversations(),
                .kind = "log + SQLite"};
    }

    double lag() const noexcept override {
        const auto archived = parts_.archivist->halfway_position(); // first, since the log goes on meanwhile
        return static_cast<double>(parts_.log->position() - archived) / static_cast<double>(parts_.archive_lag_bytes);
    }

    void stop() noexcept override {
        parts_.log->stop();
        parts_.archivist->stop();
        parts_.reading->stop();
        parts_.lock.reset();
    }

private:
    /// A question that fails is a storage error like any other: it stays unanswered and the process has to end.
    template <class Answer, class Step>
    void ask(Answer answer, Step step) {
        parts_.reading->ask([this, answer = std::move(answer), step = std::move(step)](archive_reader& from) {
            auto found = step(from);
            if (auto* failure = std::get_if<protocol::failure>(&found))
                parts_.failures->report(*failure);
            else
                answer(std::get<0>(std::move(found)));
        });
    }

    template <class Answer, class Step>
    void ask_past(Answer answer, Step step) {
        ask(std::move(answer), [this, step = std::move(step)](archive_reader& from) {
            past both{from.database(), parts_.log.get()};
            return step(both);
        });
    }

    parts parts_;
};

/// Folds the log after the archive's position; the archive has to stand for a part of this log.
result<recovery> read_state(const journal& log, archive& from, const std::filesystem::path& directory,
                            routing::timestamp_ms closed_since) {
    const auto applied = from.applied();
    if (applied < log.first_position() || applied > log.position())
        return protocol::failure{protocol::errc::storage_failed,
                                 directory.string() + " does not belong together: the log holds positions " +
                                     std::to_string(log.first_position()) + " to " + std::to_string(log.position()) + ", " +
                                     archive_name + " stands for " + std::to_string(applied) +
                                     "; restore the data directory from a backup"};
    journal_cursor cursor = log.cursor();
    if (applied < log.position())
        if (auto failure = cursor.seek(applied)) return std::move(*failure);
    const auto next = [&]() -> result<log_entry> {
        if (applied == log.position()) return log_entry{};
        auto read = cursor.next(log.position());
        if (auto* failure = std::get_if<protocol::failure>(&read)) return std::move(*failure);
        return log_entry{std::get<0>(read), cursor.position()};
    };
    return recover(from, next, closed_since);
}

} // namespace

std::variant<std::unique_ptr<store>, protocol::failure> open_durable(durable_options options, file_system& files) {
    assert(options.now);
    auto directory = std::filesystem::absolute(options.directory).lexically_normal();
    if (!directory.has_filename()) directory = directory.parent_path(); // it was named with a slash at its end
    durable_store::parts made;

    auto lock = enter_directory(files, directory);
    if (auto* failure = std::get_if<protocol::failure>(&lock)) return std::move(*failure);
    made.lock = std::get<0>(std::move(lock));
    made.archive_lag_bytes = options.archive_lag_bytes;
    made.failures = std::make_unique<failure_latch>();

    if (auto failure = check_wal(operating_system(), directory / archive_name)) return std::move(*failure);
    auto opened = archive::open(directory / archive_name);
    if (auto* failure = std::get_if<protocol::failure>(&opened)) return std::move(*failure);
    auto records = std::get<0>(std::move(opened));
    auto log = journal::open(files, directory, options.segment_bytes, records->applied(), *made.failures);
    if (auto* failure = std::get_if<protocol::failure>(&log)) return std::move(*failure);
    made.log = std::get<0>(std::move(log));

    auto state = read_state(*made.log, *records, directory, options.now() - options.keep_closed_ms);
    if (auto* failure = std::get_if<protocol::failure>(&state)) return std::move(*failure);
    made.state = std::move(std::get<0>(state).state);
    made.archivist = std::make_unique<archivist>(
        *made.log, std::move(records), log_retention{options.log_retention, options.log_retention_bytes / options.segment_bytes},
        *made.failures, std::move(std::get<0>(state).archived));
    try {
        made.reading = std::make_unique<reading_thread>(open_archive_to_read(directory / archive_name));
    } catch (const SQLite::Exception& error) {
        return protocol::failure{protocol::errc::storage_failed, (directory / archive_name).string() + ": " + error.what()};
    }
    return std::make_unique<durable_store>(std::move(made));
}

std::variant<std::unique_ptr<store>, protocol::failure> open_durable(durable_options options) {
    return open_durable(std::move(options), operating_system());
}

} // namespace fenliu::storage
