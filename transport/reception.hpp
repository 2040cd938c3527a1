// Who gets a session: hello in all its variants, resume, the lanes' admissions, one live session for each agent account. Owned by
// the exchange; ROUTER thread.
#pragma once

#include <functional>
#include <optional>
#include <variant>
#include <vector>

#include "transport/credentials.hpp"
#include "transport/outbound.hpp"
#include "transport/rate_table.hpp"
#include "transport/switchboard.hpp"

namespace fenliu::transport {

class reception {
public:
    reception(const socket_options& options, switchboard& board, socket_figures& figures);

    /// A hello on a connection without a session.
    void hello(connection_id from, const protocol::hello& message, const remote& peer, instant now);
    /// Answers a hello that gets no session.
    void refuse(connection_id from, const protocol::failure& why);
    /// A lane's answer to an agent's link_opened.
    void admit(const admission& answer, instant now);

    void set_tokens(std::vector<token_grant> tokens) { credentials_.set_grants(std::move(tokens)); }
    /// The token opens nothing any more, and its sessions end.
    void revoke(const revocation& each, instant now);
    /// No new sessions from now on; the old ones may be resumed.
    void drain() noexcept { draining_ = true; }
    [[nodiscard]] bool draining() const noexcept { return draining_; }

private:
    /// An agent's older session ends with the newer hello: its lane has let go of it then, also if the newer one is never
    /// admitted.
    void supersede_for(session& made, instant now);
    /// Who the hello is, or why it gets no session whoever it is; of the latter a resume may do without the counts.
    [[nodiscard]] std::variant<identity, protocol::failure> prove(const protocol::hello& message, const remote& peer,
                                                                  instant now);
    /// Why there is no room for another session of this identity; nothing if there is.
    [[nodiscard]] std::optional<protocol::failure> check_room(const identity& who);
    /// When its token ends, and with it its session.
    [[nodiscard]] std::optional<instant> end_of(const identity& who, instant now) const;
    [[nodiscard]] bool resume(connection_id from, const protocol::hello& message, const identity& who, instant now);

    switchboard& board_;
    socket_figures& figures_;
    credentials credentials_;
    std::function<protocol::timestamp_ms()> wall_clock_;
    rate_table knocks_; ///< by address
    std::size_t connections_;
    std::size_t sessions_per_address_;
    bool draining_ = false;
};

} // namespace fenliu::transport
