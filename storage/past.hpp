// What was decided and done, read from the archive and, for what it doesn't have yet, from the log after it. On the reading
// thread, made for one question; everything is as it was on disk when the question began.
#pragma once

#include <cstdint>
#include <optional>

#include "storage/archive_schema.hpp"
#include "storage/journal.hpp"
#include "storage/store.hpp"

namespace fenliu::storage {

class past {
public:
    /// Without a log (null) the archive is all there is. Both outlive the question.
    past(SQLite::Database& archive, const journal* log)
        : archive_{archive}
        , log_{log}
        , held_{log} {}

    [[nodiscard]] result<std::vector<stored_decision>> read_decisions(const decision_query& query);
    [[nodiscard]] result<routing::conversation_number> find_message(const std::string& shop, const std::string& id);
    [[nodiscard]] result<std::optional<routing::policy_version>> read_policy(const std::string& shop, std::uint32_t version);
    [[nodiscard]] result<std::vector<stored_deed>> read_deeds(const deed_query& query);
    /// False when the log does not reach back so far.
    [[nodiscard]] result<bool> replay_roster(const roster_query& query, const record_visitor& each);

private:
    /// Runs `rows` on the archive, then shows `each` what the log has behind it.
    [[nodiscard]] outcome read(const std::function<void()>& rows, const record_visitor& each);
    /// The records that end at `from` or later, up to `until`.
    [[nodiscard]] outcome read_log(std::uint64_t from, std::uint64_t until, const record_visitor& each) const;

    SQLite::Database& archive_;
    const journal* log_;
    journal::held_segments held_; // what the archive doesn't have when the question begins stays until it is answered
};

} // namespace fenliu::storage
