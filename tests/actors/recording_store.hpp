// A store for tests of actors: keeps the journal's payloads in memory, releases what was handed in at once or, while held, when
// the test says so; can be asked what a start-up would recover. The archive has no lines until the test says so.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "storage/store.hpp"

namespace fenliu::tests {

class recording_store final : public storage::store {
public:
    storage::recovered take_recovered() override { return {}; }
    void start(storage::archived_callback, storage::failed_callback) override {}
    void commit(storage::record_batch&& records, std::unique_ptr<storage::release> then) noexcept override;
    void read_history(storage::history_query query, std::function<void(storage::history_answer)> answer) override;
    void read_colleagues(std::string, std::string, std::function<void(std::vector<storage::colleague_row>)> answer) override {
        answer({});
    }
    void read_conversation(std::string, routing::conversation_number,
                           std::function<void(std::unique_ptr<routing::conversation>)> answer) override {
        answer(nullptr);
    }
    void read_decisions(storage::decision_query query,
                        std::function<void(std::vector<storage::stored_decision>)> answer) override;
    void find_message(std::string shop, std::string message_id,
                      std::function<void(routing::conversation_number)> answer) override;
    void read_policy(std::string shop, std::uint32_t version,
                     std::function<void(std::optional<routing::policy_version>)> answer) override;
    void read_deeds(storage::deed_query query, std::function<void(std::vector<storage::stored_deed>)> answer) override;
    void replay_roster(storage::roster_query query, storage::record_visitor each, std::function<void(bool)> answer) override;
    void verify_audit(std::string, std::function<void(storage::audit_report)> answer) override { answer({}); }
    void when_removed(std::function<void()> done) override { done(); }
    storage::store_figures figures() const override { return {}; }
    void stop() noexcept override {}

    /// From now on the disk is slow: nothing is released until `sync`.
    void hold() { held_ = true; }
    /// From now on the archive has every line that was journaled before it is asked.
    void archive() { archives_ = true; }
    /// What is asked of the archive from now on is answered by `read`.
    void hold_reads() { reads_held_ = true; }
    /// Answers what waits; what is asked after that is answered at once.
    void read();
    /// Releases what waits; the disk is fast again.
    void sync();
    /// What a start-up would find, with everything synced so far.
    [[nodiscard]] storage::recovered recover() const;
    /// Every record in order; a record's position is its number from 1.
    void visit(const storage::record_visitor& each) const;
    [[nodiscard]] std::size_t count() const { return journal_.size(); }
    /// How many records of that type were journaled.
    template <class Record>
    [[nodiscard]] std::size_t count_of() const {
        std::size_t found = 0;
        for (const auto& payload : journal_)
            if (routing::record record; storage::decode(payload, record)) found += std::holds_alternative<Record>(record);
        return found;
    }

private:
    [[nodiscard]] storage::history_answer lines_of(const storage::history_query& query) const;

    std::vector<std::string> journal_;
    std::deque<std::unique_ptr<storage::release>> waiting_;
    std::deque<std::function<void()>> reads_;
    bool held_ = false, archives_ = false, reads_held_ = false;
};

} // namespace fenliu::tests
