// One conversation while it is played: what to send next, given what was seen. The buyer says a line when the one before is
// stored; the owner of the moment answers what it was shown and closes when every answer was seen. Pure; owned by the stage.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "apps/fenliu/replay_ledger.hpp"
#include "apps/fenliu/replay_plan.hpp"

namespace fenliu::apps::fenliu {

/// When recorded moments come: their distance from the first one divided by a speed, or at once.
struct replay_pace {
    double speed = 0; ///< 0: at once
    protocol::timestamp_ms first_ts = 0;

    [[nodiscard]] elapsed due(protocol::timestamp_ms ts) const noexcept;
};

/// Ownership as the broker told it by its last 40.
struct replay_owner {
    std::string account, conversation;
    std::uint64_t epoch = 0;
    bool live = false; ///< false after a 41
};

struct publish_turn {
    std::size_t line = 0; ///< position in the planned conversation
};
struct say_turn {
    std::size_t line = 0, reply = 0; ///< positions
    unsigned attempt = 0;            ///< from 1
};
struct close_turn {
    unsigned attempt = 0;
};
/// An answer found in a tail, by its positions in the planned conversation.
struct recognised_reply {
    std::size_t line = 0, reply = 0;
    std::uint64_t seq = 0;
};
using replay_turn = std::variant<publish_turn, say_turn, close_turn>;

class replay_conversation {
public:
    replay_conversation(const planned_conversation& plan, replay_pace pace);

    /// The next thing to send, or nothing for now. Calling takes the turn: it counts as sent.
    [[nodiscard]] std::optional<replay_turn> next(elapsed now);
    /// When the next turn is due if nothing else happens; nothing: it waits for the broker.
    [[nodiscard]] std::optional<elapsed> wakes_at() const;

    // The buyer's side.
    void stored(std::size_t line, std::string_view conversation, std::uint64_t seq);
    void line_refused(std::size_t line, elapsed again_at);
    void replied(std::string_view conversation, std::uint64_t seq);

    // The agents' side.
    /// Gives the answers that the tail shows as said though their ack never came.
    std::vector<recognised_reply> assigned(std::string_view account, const protocol::assigned& value);
    void unassigned(const protocol::unassigned& value);
    void delivered(std::string_view account, const protocol::buyer_line& value);
    void said(std::size_t line, std::size_t reply, std::string_view conversation, std::uint64_t seq);
    /// `stale`: the account is no owner any more; the next one answers. Else the same one tries again later.
    void say_refused(std::size_t line, std::size_t reply, std::uint64_t epoch, bool stale, elapsed again_at);
    void closed() noexcept { closed_ = true; }
    void close_refused(std::uint64_t epoch, bool stale, elapsed again_at);
    /// It cannot go on: what it still lacks stays undone.
    void abandon() noexcept { abandoned_ = true; }

    [[nodiscard]] bool over() const noexcept { return closed_ || abandoned_; }
    [[nodiscard]] const planned_conversation& plan() const noexcept { return plan_; }
    [[nodiscard]] const replay_owner& owner() const noexcept { return owner_; }
    /// The broker's id of the conversation that the buyer spoke in last; empty until it is known.
    [[nodiscard]] const std::string& id() const noexcept { return id_; }
    /// The highest reply seen of that conversation.
    [[nodiscard]] std::uint64_t highest_reply() const noexcept;
    /// What it waits for, in words.
    [[nodiscard]] std::string waits_for() const;

private:
    enum class progress : unsigned char { open, sent, done };
    struct place {
        std::string conversation;
        std::uint64_t seq = 0;
        auto operator<=>(const place&) const = default;
    };
    struct reply_state {
        progress state = progress::open;
        unsigned attempts = 0;
        std::uint64_t stale_epoch = 0; ///< this and lower epochs cannot say it
        elapsed again_at{0};
        place at;
    };
    struct line_state {
        progress state = progress::open;
        elapsed again_at{0};
        place at;
        std::string shown_to; ///< the account that saw it last
        std::vector<reply_state> replies;
    };

    /// The line that stands, or must stand, at that place: known by its ack, or the one in the air with this text.
    [[nodiscard]] line_state* line_at(std::string_view conversation, std::uint64_t seq, std::string_view text);
    /// The answer whose ack was lost and that a tail shows as said.
    [[nodiscard]] std::optional<recognised_reply> recognise(std::string_view conversation, const protocol::tail_line& said);
    /// The first answer that the owner has to give, whether or not it may do so now; line and reply by position.
    [[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> first_open_reply() const;
    [[nodiscard]] std::optional<std::size_t> first_open_line() const;
    [[nodiscard]] bool may_close() const;
    [[nodiscard]] bool complete() const;
    [[nodiscard]] bool seen(const reply_state& reply) const { return reply.state == progress::done && seen_.contains(reply.at); }
    [[nodiscard]] elapsed line_due(std::size_t line) const;
    [[nodiscard]] elapsed reply_due(std::size_t line, std::size_t reply) const;

    const planned_conversation& plan_;
    replay_pace pace_;
    std::vector<line_state> lines_;
    std::set<place> seen_; ///< replies at the buyer
    std::string id_;
    replay_owner owner_;
    progress close_ = progress::open;
    unsigned close_attempts_ = 0;
    std::uint64_t close_stale_epoch_ = 0;
    elapsed close_again_at_{0};
    bool closed_ = false, abandoned_ = false;
};

} // namespace fenliu::apps::fenliu
