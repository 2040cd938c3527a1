// The peer's end of a session: hello, welcome, what is sent again after a reconnect and what is told to the owner. A state
// machine without socket and clock; owned by a client, which carries its frames. One thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/codec.hpp"
#include "transport/channel.hpp"
#include "transport/client.hpp"
#include "transport/unanswered.hpp"

namespace fenliu::transport {

class client_session {
public:
    client_session(client_options options, client_events events, instant now);

    void send(const protocol::message& message);
    /// Queues bye; what was queued before goes first.
    void say_bye();

    /// One frame of the broker. Between the loss of a connection and the next welcome data is ignored: it may be left over from
    /// the old connection, and will be replayed.
    void receive(std::string_view frame, instant now);
    /// The next frame to send, if one is due: a hello, or what the channel has. Changes nothing until `sent`.
    [[nodiscard]] bool compose(std::string& frame, instant now);
    void sent(instant now);
    /// The connection may have been replaced by another, with which the broker connects no session: a heartbeat will tell, and a
    /// hello that waits is said again.
    void probe();
    /// Sees what time has brought. True: the connection is of no use and should be made anew.
    [[nodiscard]] bool tick(instant now);
    /// When to look again; what is due already waits for the connection alone.
    [[nodiscard]] std::optional<instant> wake_at(instant now) const noexcept;

    [[nodiscard]] bool active() const noexcept { return state_ == client_state::connecting || state_ == client_state::open; }
    /// Whether a hello may go as soon as there is a connection.
    [[nodiscard]] bool hello_due(instant now) const noexcept;
    [[nodiscard]] bool has_output(instant now) const noexcept { return state_ == client_state::open && channel_.pending(now); }
    [[nodiscard]] bool all_acked() const noexcept { return channel_.outgoing().acked() == channel_.outgoing().last(); }
    [[nodiscard]] std::size_t unanswered() const noexcept { return unanswered_.size(); }
    [[nodiscard]] std::size_t queued() const noexcept { return channel_.outgoing().unsent(); }
    [[nodiscard]] client_state state() const noexcept { return state_; }
    [[nodiscard]] const std::optional<protocol::failure>& why() const noexcept { return why_; }
    /// There is no way to reach the broker.
    void give_up(protocol::failure why);
    void closed() noexcept { state_ = client_state::closed; }

private:
    void handle(const protocol::message& message, instant now);
    void handle_welcome(const protocol::welcome& welcome, instant now);
    void handle_error(const protocol::error& error, instant now);
    void handle_bye(const protocol::bye& bye, instant now);
    void handle_data(const protocol::message& message);
    void start_anew(const protocol::welcome& welcome, instant now);
    void lose(instant now);
    void refuse(protocol::failure why);
    void write_hello(std::string& frame);
    /// Whether the connection is to be asked if it is the one that took the hello.
    [[nodiscard]] bool question_due(instant now) const noexcept;

    client_options options_;
    client_events events_;
    protocol::decoder decoder_;
    std::vector<protocol::message> messages_;
    std::string encoded_;
    channel channel_;
    transport::unanswered unanswered_;
    composed composed_;
    std::string session_; // the broker's name for it; empty: there is none to resume
    std::optional<protocol::failure> why_;
    protocol::failure last_error_{protocol::errc::ok, {}}; // about no message in particular
    client_state state_ = client_state::connecting;
    bool first_ = true;
    instant since_;                     // connecting
    instant hello_at_;                  // when the next hello may go
    std::optional<instant> hello_sent_; // waits for the welcome since
    unsigned hellos_ = 0;               // said and not refused; all but the welcomed one still may be, also after the welcome
    bool asked_ = false;                // meanwhile, by a heartbeat, whether the connection is the one that took the hello
};

} // namespace fenliu::transport
