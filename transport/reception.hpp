// Who gets a session: hello in all its variants, resume, the lanes' admissions, one live session for each agent account. Owned by
// the exchange; ROUTER thread.
#pragma once

#include <vector>

#include "transport/credentials.hpp"
#include "transport/outbound.hpp"
#include "transport/switchboard.hpp"

namespace fenliu::transport {

class reception {
public:
    reception(const socket_options& options, switchboard& board, socket_figures& figures);

    /// A hello on a connection without a session.
    void hello(connection_id from, const protocol::hello& message, instant now);
    /// Answers a hello that gets no session.
    void refuse(connection_id from, const protocol::failure& why);
    /// A lane's answer to an agent's link_opened.
    void admit(const admission& answer, instant now);

    void set_tokens(std::vector<token_grant> tokens) { credentials_ = credentials(std::move(tokens)); }
    /// No new sessions from now on; the old ones may be resumed.
    void drain() noexcept { draining_ = true; }
    [[nodiscard]] bool draining() const noexcept { return draining_; }

private:
    /// An agent's older session ends with the newer hello: its lane has let go of it then, also if the newer one is never
    /// admitted.
    void supersede_for(session& made, instant now);
    [[nodiscard]] bool resume(connection_id from, const protocol::hello& message, const identity& who, instant now);

    switchboard& board_;
    socket_figures& figures_;
    credentials credentials_;
    std::size_t connections_;
    bool draining_ = false;
};

} // namespace fenliu::transport
