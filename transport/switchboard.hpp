// The broker's sessions in motion: it opens, welcomes, loses, resumes and closes them, tells the lanes, and turns what is due
// for each into as few frames as possible. Knows no hello's rights and no message's meaning. Owned by the exchange; ROUTER
// thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/error.hpp"
#include "transport/broker_socket.hpp"
#include "transport/deadline_wheel.hpp"
#include "transport/lane_batches.hpp"
#include "transport/outbound.hpp"
#include "transport/session_table.hpp"
#include "transport/wire.hpp"

namespace fenliu::transport {

class switchboard {
public:
    switchboard(const socket_options& options, inbound_sink& sink, wire& out, socket_figures& figures, instant now,
                std::function<void()> wake);

    // Sessions.
    /// A new session on a connection that has none. An agent's waits for `welcome`. It ends at `barred_at`, if there is such a
    /// time.
    session& open(connection_id connection, identity who, const protocol::hello& hello, std::optional<instant> barred_at,
                  instant now);
    /// The session is admitted: it may be used from here on.
    void welcome(session& of);
    /// The peer of `of` is back on another connection; the old one is fenced. The welcome follows once everything received on
    /// the old connection has been processed.
    void take_over(session& of, connection_id connection, std::uint64_t rx, instant now);
    /// The connection is gone: what is due is kept for resume.
    void lose(session& of, instant now);
    /// Ends a session: sends what may still go, an error if there is a text, and bye.
    void close(session& of, std::string_view bye, std::string_view text, instant now);
    /// The lane did not admit the agent: an error and bye. The lanes hear no link_closed, since for them it never opened.
    void refuse(session& of, const protocol::failure& why, instant now);
    /// The peer itself said bye.
    void leave(session& of, instant now);
    /// Ends every session: the process stops.
    void close_all(std::string_view bye, instant now);

    // Output.
    /// Answers a connection that has no session: an error about no message in particular, and bye if asked for.
    void answer(connection_id connection, const protocol::failure& why, bool bye);
    /// An error about one message (counted as data) or, without `ref`, about none.
    void answer(session& of, const protocol::failure& why, std::optional<std::string_view> ref, std::uint32_t retry_after_ms,
                instant now);
    /// One data message of a lane; dropped for a link that is gone.
    void send(link_id link, std::string_view encoded, instant now);
    /// The peer has acknowledged something: more may go, and more may come.
    void acknowledged(session& of, instant now);
    /// Messages of the peer have been processed; lets acks and pending welcomes go.
    void processed(session& of, std::uint64_t first, std::uint64_t last, instant now);
    void processed(const transport::processed& range, instant now);
    /// Who sent the frame that is being handled.
    [[nodiscard]] remote peer() const { return wire_.peer(); }
    /// Something may be due for the session: `flush` will look.
    void touch(session& of);
    /// Sends what is due. What a peer does not take is offered again by the next flush; for too long, and it is disconnected.
    void flush(instant now);

    [[nodiscard]] bool unsent() const noexcept { return !to_flush_.empty(); }

    // Time.
    /// Heartbeats, silent peers, expiries.
    void tick(instant now);
    /// When to call flush and tick again, if nothing happens before.
    [[nodiscard]] std::optional<instant> wake_at(instant now) const noexcept;

    /// A message of that many bytes was handed to a lane.
    void handed_on(session& of, std::size_t bytes);
    [[nodiscard]] std::size_t in_flight_bytes() const noexcept { return in_flight_bytes_; }
    [[nodiscard]] session_table& sessions() noexcept { return sessions_; }
    [[nodiscard]] lane_batches& batches() noexcept { return batches_; }

private:
    enum class progress : std::uint8_t { done, busy, gone };

    void welcome_again(session& of, instant now);
    void send_welcome(session& of, bool resumed);
    void over_bound(session& of, instant now);
    void end_slow(session& of, std::string_view text, instant now);
    void end(session& of, instant now);
    void wait_for_reader(session& of, instant now);
    [[nodiscard]] progress push(session& of, instant now);
    void push_bye(session& of, std::string_view bye, std::string_view text, instant now);
    [[nodiscard]] std::optional<instant> look(link_id link, instant now);

    std::string server_name_;
    session_terms terms_;
    wire& wire_;
    socket_figures& figures_;
    session_table sessions_;
    lane_batches batches_;
    deadline_wheel wheel_;
    std::vector<link_id> to_flush_;
    std::vector<link_id> flushing_;
    std::string frame_;
    std::size_t in_flight_bytes_ = 0;
};

} // namespace fenliu::transport
