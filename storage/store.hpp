// The one interface to what lasts: a journal that decides what happened, an archive for what is over, and the read side of
// both. Implementations: durable_store (log + SQLite), memory_store; a PostgreSQL store can join. `commit` may be called from
// any lane thread; releases run in commit order on the store's writer thread (memory_store: on the caller's).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/error.hpp"
#include "routing/account.hpp"
#include "routing/buyer.hpp"
#include "routing/conversation.hpp"
#include "routing/policy_version.hpp"
#include "routing/shop_rating.hpp"
#include "storage/record_codec.hpp"

namespace fenliu::storage {

/// What becomes visible once the records handed in with it, and everything before them, are on disk.
class release {
public:
    virtual ~release() = default;
    virtual void run() noexcept = 0;
};

/// One shop as start-up found it.
struct recovered_shop {
    std::string name;
    double credit_clock = 0; ///< the last one journaled
    routing::shop_rating rating;
    std::vector<routing::policy_version> policies; ///< by version
    std::vector<routing::account> accounts;
    std::vector<std::pair<std::string, routing::buyer>> buyers;
    /// Open conversations, those closed within the last session expiry (for dedupe) and those whose close the archive does not
    /// have yet, by number. Each holds its last limits::dedupe_lines lines.
    std::vector<std::unique_ptr<routing::conversation>> conversations;
};

/// A signed token that an admin revoked.
struct revoked_token {
    std::string id;
    routing::timestamp_ms at = 0;
    std::string by;
    routing::timestamp_ms expires_at = 0; ///< 0: not known
};

struct recovered {
    std::vector<recovered_shop> shops;
    std::vector<revoked_token> revoked;           ///< by id; also those that have ended since
    routing::conversation_number last_number = 0; ///< the highest ever used
    std::uint64_t replayed = 0;                   ///< journal records applied on top of the archive
};

/// Which lines of a buyer's past are wanted: newest first below the cursor.
struct history_query {
    std::string shop, buyer;
    routing::conversation_number below_number = 0; ///< exclusive bound (number, seq), in order; 0: from the newest
    std::uint64_t below_seq = 0;
    std::uint32_t limit = 0; ///< lines, 1…limits::page_lines
    std::size_t bytes = 0;   ///< of texts, after which the page ends early
    std::string owned_by;    ///< only whole conversations this account ever owned; empty: all (R10)
    bool agent_lines_only = false;
    routing::conversation_number above_number = 0; ///< exclusive lower bound (number, seq), for attach; 0: none
    std::uint64_t above_seq = 0;
};
struct history_line {
    routing::conversation_number number = 0;
    std::uint64_t seq = 0;
    routing::timestamp_ms at = 0;
    routing::side side = routing::side::buyer;
    std::string from, text;
};
struct history_answer {
    std::vector<history_line> lines; ///< oldest first
    bool more = false;               ///< older lines exist within the query's bounds
};
/// Which accounts have a record with this buyer (R10's "exists"), of closed conversations; the lane adds the open one.
struct colleague_row {
    std::string account;
    std::uint64_t conversations = 0;
    routing::timestamp_ms last_at = 0;
};

/// A decision's trace as it is journaled (`decode` gives a `decision_made`), and the position of the log after it.
struct stored_decision {
    std::uint64_t position = 0;
    std::string payload;
};
struct decision_query {
    std::string shop;
    routing::conversation_number number = 0; ///< 0: of any conversation of the shop
    std::size_t limit = 0;                   ///< the newest so many
};
/// What an admin or senior agent did; `position` names it.
struct stored_deed {
    std::uint64_t position = 0;
    std::string shop;
    routing::timestamp_ms at = 0;
    std::string by, verb, detail;
};
/// Whether the audit's chain holds (audit_chain.hpp).
struct audit_report {
    std::uint64_t rows = 0, erased = 0; ///< verified; of these without details
    std::uint64_t broken_at = 0;        ///< the first row that does not follow from those before it; 0: all do
    std::string head;                   ///< hash of the last row that holds, in hex
    bool head_found = false;            ///< whether a row has the hash that was asked for, or none was
};
struct deed_query {
    std::string shop;        ///< empty: of all
    std::uint64_t below = 0; ///< exclusive position; 0: from the newest
    std::size_t limit = 0;
};
/// The records from the last `roster_noted` of the shop before `first` up to `last`, both positions of decisions; and what stands
/// before that note in its segment, lines that the archive may not have yet among it.
struct roster_query {
    std::string shop;
    std::uint64_t first = 0, last = 0;
};
/// Sees one record and the position after it; its views are valid during the call.
using record_visitor = std::function<void(const routing::record& record, std::uint64_t position)>;

struct store_figures {
    std::uint64_t position = 0;               ///< bytes of log written since the store was made
    std::uint64_t archived_position = 0;      ///< bytes of log the archive stands for
    std::uint64_t records = 0;                ///< committed since start
    std::uint64_t groups = 0;                 ///< syncs since start
    std::uint64_t conversations_archived = 0; ///< since start
    std::string kind;                         ///< "log + SQLite" or "memory"
};

/// What the archive has of a conversation.
struct archived_conversation {
    std::string shop;
    routing::conversation_number number = 0;
    std::uint64_t lines = 0; ///< all up to this one
    bool closed = false;     ///< as it was when it closed or was touched after that: its actor may go
};
/// Called on the archive's thread (memory_store: the caller's), with the closed conversations that have their rows, and the open
/// ones of more than limits::dedupe_lines lines: what dedupe needs no more may be read from the archive. Recovered ones that are
/// closed and have their rows are named first.
using archived_callback = std::function<void(std::vector<archived_conversation>)>;
/// Called once, on any thread of the store, when the process must end: the first storage error. The message names file and errno.
/// It must not call stop().
using failed_callback = std::function<void(const protocol::failure&)>;

class store {
public:
    virtual ~store() = default;

    /// What the store holds; once, before the first commit. On return the tail of the log is safe on disk.
    [[nodiscard]] virtual recovered take_recovered() = 0;
    /// Starts the threads. After it commits are accepted.
    virtual void start(archived_callback archived, failed_callback failed) = 0;

    /// Appends the records as one unbroken run and runs `then` once they are durable; either may be empty. Order of calls from
    /// one thread is order in the log. Never blocks on the disk. After a storage error nothing is released any more.
    virtual void commit(record_batch&& records, std::unique_ptr<release> then) noexcept = 0;

    /// Answers from the archive only; `answer` runs on the store's reading thread (memory_store: the caller's). A read that fails
    /// is a storage error and stays unanswered.
    virtual void read_history(history_query query, std::function<void(history_answer)> answer) = 0;
    virtual void read_colleagues(std::string shop, std::string buyer, std::function<void(std::vector<colleague_row>)> answer) = 0;
    /// A conversation as the archive has it, with its places, for explain; null if there is none with that number in that shop
    /// (empty: any).
    virtual void read_conversation(std::string shop, routing::conversation_number number,
                                   std::function<void(std::unique_ptr<routing::conversation>)> answer) = 0;

    // Answers from the archive and the log after it, as it is on disk now; where and how as above.

    /// Oldest first.
    virtual void read_decisions(decision_query query, std::function<void(std::vector<stored_decision>)> answer) = 0;
    /// The conversation in which the shop (empty: any) stored a line with this id; 0: none.
    virtual void find_message(std::string shop, std::string message_id,
                              std::function<void(routing::conversation_number)> answer) = 0;
    /// One version with its text; nothing: the shop has none with that number.
    virtual void read_policy(std::string shop, std::uint32_t version,
                             std::function<void(std::optional<routing::policy_version>)> answer) = 0;
    /// Newest first.
    virtual void read_deeds(deed_query query, std::function<void(std::vector<stored_deed>)> answer) = 0;
    /// Goes over the audit that the archive has; `head` in hex, empty for none.
    virtual void verify_audit(std::string head, std::function<void(audit_report)> answer) = 0;
    /// Shows the records to `each`, then answers whether the log still had them all.
    virtual void replay_roster(roster_query query, record_visitor each, std::function<void(bool whole)> answer) = 0;

    /// Runs `done` once nothing that records committed so far removed (20, 21) is left on the disk: not in the archive, not in
    /// the log, which is dropped up to there whatever its age. On the archive's thread (memory_store: the caller's).
    virtual void when_removed(std::function<void()> done) = 0;

    [[nodiscard]] virtual store_figures figures() const = 0;
    /// How far the archive is behind the log, as a share of what it may be; memory holds the lines of that, and of half of what
    /// the pass that goes on has read, which no longer counts. Any thread.
    [[nodiscard]] virtual double lag() const noexcept { return 0; }

    /// Commits what was handed in, releases it, archives what it can within limits::archive_farewell (the log keeps the rest) and
    /// closes. Idempotent; the destructor calls it.
    virtual void stop() noexcept = 0;
};

} // namespace fenliu::storage
