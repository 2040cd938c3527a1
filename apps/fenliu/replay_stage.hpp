// The play of a whole plan without sockets: it starts conversations, turns what the connections bring into turns and ledger
// entries, and sends through an outlet. Pure apart from that outlet; owned by the driver, one thread. Tests put a broker of
// their own behind the outlet.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apps/fenliu/replay_conversation.hpp"
#include "apps/fenliu/replay_ledger.hpp"
#include "apps/fenliu/replay_plan.hpp"
#include "protocol/message.hpp"

namespace fenliu::apps::fenliu {

/// Where the stage sends. Messages are valid during the call only.
class replay_outlet {
public:
    virtual ~replay_outlet() = default;
    virtual void from_buyer(std::size_t frontend, const protocol::message& value) = 0;
    virtual void from_agent(std::string_view account, const protocol::message& value) = 0;
    /// Ask whether a conversation is closed; answered by `told_state`.
    virtual void ask_state(std::string_view shop, std::string_view conversation) = 0;
};

struct stage_options {
    double speed = 0;        ///< recorded times divided by this; 0: as fast as possible
    std::size_t at_once = 1; ///< conversations played at the same time, at most
    std::size_t frontends = 1;
    std::string run; ///< in front of every id, so that no two runs share one; at most 16 bytes
};

class replay_stage {
public:
    replay_stage(const replay_plan& plan, stage_options options, replay_ledger& ledger, replay_outlet& outlet);

    /// Starts what is due and takes every turn there is.
    void play(elapsed now);
    /// When `play` has something to do although nothing comes; nothing: it waits for the broker.
    [[nodiscard]] std::optional<elapsed> wakes_at() const;
    [[nodiscard]] bool over() const noexcept { return ended_ == conversations_.size(); }
    [[nodiscard]] std::size_t ended() const noexcept { return ended_; }
    [[nodiscard]] std::size_t playing() const noexcept { return active_.size(); }
    /// Conversations that could not be played to their end.
    [[nodiscard]] std::size_t abandoned() const noexcept { return abandoned_; }

    void frontend_opened(std::size_t frontend, bool resumed);
    void at_frontend(const protocol::message& value, elapsed now);
    void agent_opened(std::string_view account, bool resumed);
    void at_agent(std::string_view account, const protocol::message& value, elapsed now);
    void told_state(std::string_view conversation, bool closed);

    /// Positions for an agent's hello.
    [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> seen(std::string_view account) const;
    /// What the conversations in play wait for, a line each.
    [[nodiscard]] std::vector<std::string> missing() const;

private:
    enum class sent_kind : unsigned char { line, reply, close };
    struct sent {
        sent_kind kind = sent_kind::line;
        std::size_t conversation = 0, line = 0, reply = 0;
        std::string account, id; ///< of reply and close: who, in which conversation of the broker
        std::uint64_t epoch = 0;
    };
    struct held { ///< a conversation that an account owns and that no play has claimed yet
        std::string account;
        std::uint64_t epoch = 0;
    };
    using positions = std::map<std::string, std::uint64_t, std::less<>>;

    void start_due(elapsed now);
    void take_turns(std::size_t index, elapsed now);
    void take(std::size_t index, const publish_turn& turn, elapsed now);
    void take(std::size_t index, const say_turn& turn);
    void take(std::size_t index, const close_turn& turn);
    void attach(std::size_t index);
    void end_if_over(std::size_t index);

    void stored(const protocol::stored& value);
    void routed(const protocol::routed& value);
    void assigned(std::string_view account, const protocol::assigned& value, elapsed now);
    void unassigned(std::string_view account, const protocol::unassigned& value);
    void delivered(std::string_view account, const protocol::buyer_line& value, elapsed now);
    void said(const protocol::said& value);
    void refused(std::string_view ref, std::string_view code, bool retryable, std::string_view text, elapsed again_at);
    void close_answered(const sent& what, std::string_view code, elapsed again_at);

    /// The play of a conversation of the broker: known by its id, or by its buyer.
    [[nodiscard]] std::optional<std::size_t> play_of(std::string_view id, std::string_view shop, std::string_view buyer);
    void bind(std::string_view id, std::size_t index);
    [[nodiscard]] const planned_line& line_of(const sent& what) const;

    const replay_plan& plan_;
    stage_options options_;
    replay_ledger& ledger_;
    replay_outlet& outlet_;
    std::vector<replay_conversation> conversations_; ///< as in the plan
    std::vector<std::size_t> frontends_;             ///< of each; a buyer's conversations share one
    std::vector<unsigned> sessions_;                 ///< of each frontend, so far
    std::vector<std::vector<std::size_t>> followers_;
    std::vector<std::string> outcomes_; ///< the last routing outcome of each, in words
    std::deque<std::size_t> waiting_;   ///< not begun, in order of time
    std::set<std::size_t> active_, touched_;
    std::map<std::pair<std::string, std::string>, std::size_t> by_buyer_; ///< (shop, buyer) → the one in play
    std::map<std::string, std::size_t, std::less<>> by_id_;
    std::map<std::string, held, std::less<>> unclaimed_;
    std::map<std::string, sent, std::less<>> sent_; ///< msg_id or request_id → what it was
    std::map<std::string, std::size_t, std::less<>> asked_;
    std::map<std::string, positions, std::less<>> seen_; ///< account → conversation → highest line seen
    std::size_t ended_ = 0, abandoned_ = 0;
};

} // namespace fenliu::apps::fenliu
