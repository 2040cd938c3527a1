#include "storage/conversation_rows.hpp"

#include <algorithm>
#include <utility>

#include "protocol/limits.hpp"
#include "storage/archive_rows.hpp"
#include "storage/binding.hpp"

namespace fenliu::storage {
namespace {

using routing::conversation_state;

constexpr const char* insert = R"(
INSERT INTO conversation (number, shop, buyer, opened_at, closed_at, close_cause, state, epoch, owner, owners, places, notes,
  tags, lang, returning_buyer, owner_spoke, wait_class, waiting_since, last_line_at, last_agent_seq, score, asked, lines, buyer_lines,
  agent_lines, robot_lines, forwards, wait_ms, first_reply_ms, first_seq, messages)
VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?))";

/// Takes the same parameters. An open conversation's row doesn't move in the index of closed ones.
constexpr const char* update = R"(
UPDATE conversation SET state = ?7, epoch = ?8, owner = ?9, owners = ?10, places = ?11, notes = ?12, owner_spoke = ?16,
  wait_class = ?17, waiting_since = ?18, last_line_at = ?19, last_agent_seq = ?20, score = ?21, asked = ?22, lines = ?23,
  buyer_lines = ?24, agent_lines = ?25, robot_lines = ?26, forwards = ?27, wait_ms = ?28, first_reply_ms = ?29, first_seq = ?30,
  messages = ?31)";
constexpr const char* update_closed = ", closed_at = ?5, close_cause = ?6";
constexpr const char* of_number = " WHERE number = ?1";

/// Where lines alone have come.
constexpr const char* update_lines = R"(
UPDATE conversation SET owner_spoke = ?2, last_line_at = ?3, last_agent_seq = ?4, lines = ?5, buyer_lines = ?6,
  agent_lines = ?7, robot_lines = ?8, first_reply_ms = ?9, first_seq = ?10, messages = ?11 WHERE number = ?1)";

/// When the buyer first came to the human stage: waiting for a person or with one (domain.md §4).
std::optional<routing::timestamp_ms> human_stage(const std::vector<routing::place>& places) {
    for (const auto& each : places)
        if (each.state == conversation_state::queued || each.state == conversation_state::pooled ||
            each.state == conversation_state::assigned)
            return each.at;
    return std::nullopt;
}

/// From entering the human stage to the first owner.
std::optional<std::int64_t> wait_ms(const std::vector<routing::place>& places) {
    const auto entered = human_stage(places);
    for (const auto& each : places)
        if (each.state == conversation_state::assigned) return std::max<std::int64_t>(each.at - *entered, 0);
    return std::nullopt;
}

} // namespace

conversation_rows::conversation_rows(SQLite::Database& database)
    : find_{database, std::string{"SELECT "} + conversation_columns + " FROM conversation WHERE number = ?"}
    , find_lines_{database, "SELECT lines, buyer_lines, agent_lines, robot_lines, first_seq, first_reply_ms, messages "
                            "FROM conversation WHERE number = ?"}
    , insert_{database, insert}
    , update_open_{database, std::string{update} + of_number}
    , update_closed_{database, std::string{update} + update_closed + of_number}
    , update_lines_{database, update_lines}
    , insert_part_{database, "INSERT INTO conversation_part VALUES (?, ?, ?)"}
    , erase_{database, "DELETE FROM conversation WHERE number = ?"}
    , erase_parts_{database, "DELETE FROM conversation_part WHERE number = ?"} {}

std::unique_ptr<routing::conversation> conversation_rows::find(routing::conversation_number number) {
    if (const auto known = kept_.find(number); known != kept_.end()) return std::exchange(known->second, nullptr);
    bind_all(find_, number);
    auto found = find_.executeStep() ? read_conversation(find_) : nullptr;
    find_.reset();
    return found;
}

void conversation_rows::keep(fold::conversation_map&& folded) {
    kept_ = std::move(folded);
    kept_measures_ = std::exchange(written_measures_, {});
    if (kept_.size() > limits::archive_kept) std::erase_if(kept_, [](const auto& each) { return !each.second->open(); });
    while (kept_.size() > limits::archive_kept)
        kept_.erase(kept_.begin());
}

void conversation_rows::forget() noexcept {
    kept_.clear();
    kept_measures_.clear();
    written_measures_.clear();
}

conversation_rows::stored_lines conversation_rows::find_lines(routing::conversation_number number) {
    stored_lines found;
    if (const auto known = kept_measures_.find(number); known != kept_measures_.end()) {
        static_cast<measures&>(found) = known->second;
        found.known = true;
        return found;
    }
    bind_all(find_lines_, number);
    if (find_lines_.executeStep()) {
        found.known = true;
        found.lines = unsigned_of(find_lines_.getColumn(0));
        found.buyer = unsigned_of(find_lines_.getColumn(1));
        found.agent = unsigned_of(find_lines_.getColumn(2));
        found.robot = unsigned_of(find_lines_.getColumn(3));
        found.first_seq = unsigned_of(find_lines_.getColumn(4));
        if (const auto reply = find_lines_.getColumn(5); !reply.isNull()) found.first_reply_ms = reply.getInt64();
        found.messages = text_of(find_lines_.getColumn(6));
        found.messages.pop_back(); // opens the array
    }
    find_lines_.reset();
    return found;
}

void conversation_rows::move_to_part(routing::conversation_number number, stored_lines& stored) {
    stored.messages += ']';
    execute(insert_part_, number, stored.first_seq, stored.messages);
    stored.first_seq = stored.lines + 1;
    stored.messages = "[";
}

void conversation_rows::add_lines(const routing::conversation& value, const touch& how, stored_lines& stored) {
    const auto& added = *how.added;
    for (const auto& chunk : added.chunks) {
        if (stored.in_row() + chunk.lines > limits::archive_part_lines) move_to_part(value.number, stored);
        if (stored.in_row() > 0) stored.messages += ',';
        stored.messages += chunk.messages;
        stored.lines += chunk.lines;
    }
    stored.buyer += added.buyer;
    stored.agent += added.agent;
    stored.robot += added.robot;
    const auto entered = human_stage(value.places);
    if (!stored.first_reply_ms && added.first_agent_at && entered)
        stored.first_reply_ms = std::max<std::int64_t>(*added.first_agent_at - *entered, 0);
    // A row that is long is written and read whole for every line; where many are written, that is what it costs.
    const bool grows = how.large_pass && stored.known && value.open();
    if (stored.in_row() >= (grows ? 1 : limits::archive_rewritten_lines)) move_to_part(value.number, stored);
}

void conversation_rows::write(const routing::conversation& value, const touch& how) {
    auto stored = how.certainly_new ? stored_lines{} : find_lines(value.number);
    if (how.added) add_lines(value, how, stored);
    stored.messages += ']';
    if (value.open() && stored.in_row() == 0 && written_measures_.size() < limits::archive_kept)
        written_measures_.emplace(value.number, stored);
    if (stored.known && how.only_lines) {
        execute(update_lines_, value.number, value.owner_spoke, value.last_line_at, value.last_agent_seq, stored.lines,
                stored.buyer, stored.agent, stored.robot, stored.first_reply_ms, stored.first_seq, stored.messages);
        return;
    }

    const std::string state{routing::name(value.state)}, owners = strings_text(owners_of(value)),
                                                         places = places_text(value.places), notes = notes_text(value.notes),
                                                         tags = strings_text(value.tags);
    const auto forwards =
        std::count_if(value.places.begin(), value.places.end(), [](const auto& each) { return each.forwarded; });
    const auto closed_at = value.open() ? std::nullopt : std::optional<std::int64_t>{value.closed_at};
    const auto asked = asked_text(value);
    auto& put = !stored.known ? insert_ : value.open() ? update_open_ : update_closed_;
    execute(put, value.number, value.shop, value.buyer, value.opened_at, closed_at, value.close_cause, state, value.epoch,
            value.owner, owners, places, notes, tags, value.lang, value.returning, value.owner_spoke, value.wait_class,
            value.waiting_since, value.last_line_at, value.last_agent_seq, value.score, asked, stored.lines, stored.buyer,
            stored.agent, stored.robot, forwards, wait_ms(value.places), stored.first_reply_ms, stored.first_seq,
            stored.messages);
}

void conversation_rows::erase(routing::conversation_number number) {
    kept_.erase(number);
    kept_measures_.erase(number);
    execute(erase_, number);
    execute(erase_parts_, number);
}

} // namespace fenliu::storage
