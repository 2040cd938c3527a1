// What an agent has on the desk: the conversations it owns, numbered for people, the current one, and how far each was read.
// A fold over the broker's messages, without sockets; owned by `fenliu agent`.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/message.hpp"

namespace fenliu::apps::fenliu {

struct desk_conversation {
    std::size_t number = 0; ///< as people call it; rises, is not used again
    std::string id, buyer, reason;
    std::uint64_t epoch = 0;
    std::uint64_t read_seq = 0; ///< highest buyer line seen
};

/// A buyer line that was not shown before.
struct fresh_line {
    std::string conversation, buyer, text;
    std::uint64_t seq = 0;
    bool answered = false; ///< somebody answered after it
};

class agent_desk {
public:
    /// A conversation comes, or comes again after the session was lost. Gives the buyer's lines of the tail that are new here.
    std::vector<fresh_line> take(const protocol::assigned& value);
    /// Whether the conversation was here under that epoch.
    bool give_up(const protocol::unassigned& value);
    /// False for a repeat, or for a conversation that is not here.
    bool read(const protocol::buyer_line& value);
    /// The session was lost: what is not assigned again is gone. Call before the broker's first message of the new session.
    void expect_again();

    [[nodiscard]] const desk_conversation* find(std::string_view id) const;
    /// The one that lines are said in; nullptr when the desk is empty.
    [[nodiscard]] const desk_conversation* current() const;
    [[nodiscard]] bool use(std::size_t number);
    /// By number.
    [[nodiscard]] std::vector<const desk_conversation*> list() const;
    /// Conversations that came so far, each once.
    [[nodiscard]] std::size_t received() const noexcept { return next_number_ - 1; }
    /// Positions for hello's `seen`.
    [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> seen() const;

private:
    std::map<std::string, desk_conversation, std::less<>> conversations_;
    std::map<std::string, desk_conversation, std::less<>> expected_; ///< owned in a lost session, not assigned again yet
    std::string current_;
    std::size_t next_number_ = 1;
};

} // namespace fenliu::apps::fenliu
