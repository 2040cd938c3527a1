// The store on a simulated disk: nothing is durable before the world syncs, nothing released before it says so, and a crash loses
// the rest. Behind the journal stands the real archive, in memory, which lags as far as the world lets it; a restart recovers by
// the real recovery. One thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "journal_watch.hpp"
#include "storage/archive.hpp"
#include "storage/archive_reader.hpp"
#include "storage/past.hpp"
#include "storage/recovery.hpp"
#include "storage/store.hpp"

namespace fenliu::simulation {

class simulated_store final : public storage::store {
public:
    explicit simulated_store(journal_watch& watch);

    // The store that lanes see.
    storage::recovered take_recovered() override { return {}; }
    void start(storage::archived_callback archived, storage::failed_callback failed) override;
    void commit(storage::record_batch&& records, std::unique_ptr<storage::release> then) noexcept override;
    void read_history(storage::history_query query, std::function<void(storage::history_answer)> answer) override;
    void read_colleagues(std::string shop, std::string buyer,
                         std::function<void(std::vector<storage::colleague_row>)> answer) override;
    void read_conversation(std::string shop, routing::conversation_number number,
                           std::function<void(std::unique_ptr<routing::conversation>)> answer) override;
    void read_decisions(storage::decision_query query,
                        std::function<void(std::vector<storage::stored_decision>)> answer) override;
    void find_message(std::string shop, std::string message_id,
                      std::function<void(routing::conversation_number)> answer) override;
    void read_policy(std::string shop, std::uint32_t version,
                     std::function<void(std::optional<routing::policy_version>)> answer) override;
    void read_deeds(storage::deed_query query, std::function<void(std::vector<storage::stored_deed>)> answer) override;
    void replay_roster(storage::roster_query query, storage::record_visitor each, std::function<void(bool)> answer) override;
    void verify_audit(std::string head, std::function<void(storage::audit_report)> answer) override;
    void when_removed(std::function<void()> done) override;
    storage::store_figures figures() const override { return {.kind = "simulated"}; }
    void stop() noexcept override {}

    // What the world does to it.
    /// Commits that are not on the disk yet.
    [[nodiscard]] std::size_t unsynced() const noexcept { return commits_.size() - synced_commits_; }
    /// The oldest `commits` of them are on the disk now.
    void sync(std::size_t commits);
    /// Commits on the disk whose output waits to be released.
    [[nodiscard]] std::size_t unreleased() const noexcept { return synced_commits_; }
    void release(std::size_t commits);
    [[nodiscard]] std::size_t pending_reads() const noexcept { return reads_.size(); }
    void answer_read();
    /// Records on the disk that the archive doesn't stand for yet.
    [[nodiscard]] std::size_t unarchived() const noexcept { return synced_ - archived_; }
    /// Archives so many of them; false when that failed, which is a bug.
    [[nodiscard]] bool archive(std::size_t records);
    /// What is not on the disk is gone, nothing is released or answered any more.
    void crash();
    /// What a start-up finds.
    [[nodiscard]] storage::result<storage::recovery> recover(routing::timestamp_ms closed_since);

    /// Every payload on the disk, in order.
    [[nodiscard]] std::size_t synced() const noexcept { return synced_; }
    [[nodiscard]] std::size_t records() const noexcept { return log_.size(); }
    [[nodiscard]] std::string_view payload(std::size_t index) const { return log_[index].payload; }
    /// Reads the archive at once; for checks.
    [[nodiscard]] storage::archive_reader& reader() noexcept { return reader_; }

private:
    struct entry {
        std::string payload;
        std::uint64_t position = 0; ///< after it
    };
    struct pending {
        std::size_t records = 0; ///< the log's length with it
        std::unique_ptr<storage::release> then;
    };

    /// What is in the archive alone; the log's end is a matter of storage's own tests.
    template <class Answer, class Step>
    void read_past(Answer answer, Step step);
    [[nodiscard]] storage::record_source source(std::size_t from, std::size_t to) const;

    journal_watch& watch_;
    std::unique_ptr<storage::archive> archive_;
    storage::archive_reader reader_;
    storage::archived_callback archived_callback_;
    std::vector<entry> log_;
    std::deque<pending> commits_; ///< not released; the first synced_commits_ of them are on the disk
    std::size_t synced_commits_ = 0;
    std::size_t synced_ = 0, archived_ = 0; ///< records
    std::deque<std::function<void()>> reads_;
    bool down_ = true;
};

} // namespace fenliu::simulation
