#include "transport/client.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include <poll.h>

#include <zmq.hpp>

#include "transport/client_data.hpp"
#include "transport/client_set.hpp"
#include "transport/curve.hpp"

namespace fenliu::transport {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// libzmq's pause between attempts to connect, doubled up to the second.
constexpr milliseconds reconnect_pause{50};
constexpr milliseconds reconnect_pause_max{1'000};
/// Sockets of one process: load tools have tens of thousands of clients.
constexpr int sockets_max = 65'536;

/// One context, and so one I/O thread, for all clients that live at the same time.
std::shared_ptr<zmq::context_t> shared_context() {
    static std::mutex mutex;
    static std::weak_ptr<zmq::context_t> shared;
    const std::scoped_lock lock(mutex);
    auto context = shared.lock();
    if (!context) {
        context = std::make_shared<zmq::context_t>();
        context->set(zmq::ctxopt::max_sockets, sockets_max);
        shared = context;
    }
    return context;
}

std::chrono::nanoseconds until(instant when) {
    const auto now = steady_clock::now();
    return when > now ? when - now : std::chrono::nanoseconds(0);
}

} // namespace

void wait_for(int descriptor, std::chrono::nanoseconds time) noexcept {
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    const timespec at_most{static_cast<time_t>(whole.count()), static_cast<long>((time - whole).count())};
    pollfd waiting{descriptor, POLLIN, 0};
    ::ppoll(&waiting, 1, &at_most, nullptr);
}

client::data::data(const client_options& options, client_events events)
    : url(options.url)
    , context(shared_context())
    , socket(*context, zmq::socket_type::dealer)
    , session(options, std::move(events), steady_clock::now()) {
    // Nothing is queued for a connection that does not stand; the session keeps what is not acked.
    socket.set(zmq::sockopt::immediate, true);
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(limits::frame_bytes));
    socket.set(zmq::sockopt::reconnect_ivl, static_cast<int>(reconnect_pause.count()));
    socket.set(zmq::sockopt::reconnect_ivl_max, static_cast<int>(reconnect_pause_max.count()));
    if (!options.server_key.empty()) encrypt_client(socket, options.server_key, options.secret_key);
    descriptor = socket.get(zmq::sockopt::fd);
    connect();
}

client::data::~data() { leave_set(); }

void client::data::leave_set() noexcept {
    if (set != nullptr) set->remove(*this);
}

void client::data::attend() {
    attention = true;
    if (set != nullptr) set->list(*this);
}

void client::data::connect() {
    try {
        socket.connect(url);
    } catch (const zmq::error_t& fault) {
        session.give_up({protocol::errc::malformed, url + " is no address: " + fault.what()});
    }
}

bool client::data::round() {
    const client_state before = session.state();
    bool progress = receive(steady_clock::now());
    const instant now = looked_at = steady_clock::now();
    if (session.active() && session.tick(now)) {
        socket.disconnect(url);
        connect();
    }
    if (session.active()) {
        watch_connection();
        flush(now);
        attention = ready();
        wake = session.wake_at(now).value_or(instant::max());
    }
    if (set != nullptr) set->after_round(*this);
    return progress || session.state() != before;
}

bool client::data::receive(instant now) {
    zmq::message_t message;
    for (std::size_t count = 0; count < limits::frames_per_drain; ++count) {
        if (!session.active() || !socket.recv(message, zmq::recv_flags::dontwait)) return count > 0;
        if (!message.more()) session.receive(message.to_string_view(), now);
    }
    return true;
}

void client::data::watch_connection() {
    const bool writable = (socket.get(zmq::sockopt::events) & ZMQ_POLLOUT) != 0;
    if (writable && unwritable) session.probe();
    unwritable = !writable;
}

void client::data::flush(instant now) {
    blocked = false;
    while (session.compose(frame, now)) {
        blocked = !socket.send(zmq::buffer(frame), zmq::send_flags::dontwait);
        if (blocked) return;
        session.sent(now);
    }
}

bool client::data::ready() {
    const int waiting = socket.get(zmq::sockopt::events);
    const bool waits_for_connection = unwritable || blocked || session.hello_due(looked_at);
    return (waiting & ZMQ_POLLIN) != 0 || (waits_for_connection && (waiting & ZMQ_POLLOUT) != 0);
}

client::client(const client_options& options, client_events events)
    : data_(std::make_unique<data>(options, std::move(events))) {}
client::client(client&&) noexcept = default;
client& client::operator=(client&&) noexcept = default;
client::~client() = default;

void client::send(const protocol::message& value) {
    data_->session.send(value);
    data_->attend();
}

void client::poll(std::chrono::nanoseconds wait) {
    data& of = *data_;
    const instant deadline = steady_clock::now() + wait;
    while (of.session.active() && !of.round()) {
        const instant now = steady_clock::now();
        if (now >= deadline) return;
        // Not zmq_poll: the descriptor tells also of a connection that went and came back, which zmq_poll would sleep through.
        if (!of.due(now)) wait_for(of.descriptor, std::min(of.wake, deadline) - now);
    }
}

client_state client::state() const noexcept { return data_->session.state(); }
const std::optional<protocol::failure>& client::why() const noexcept { return data_->session.why(); }
std::size_t client::unanswered() const noexcept { return data_->session.unanswered(); }
std::size_t client::queued() const noexcept { return data_->session.queued(); }
int client::fd() const noexcept { return state() == client_state::closed ? -1 : data_->descriptor; }

void client::close(milliseconds linger) {
    if (state() == client_state::closed) return;
    const instant deadline = steady_clock::now() + linger;
    while (data_->session.active() && !data_->session.all_acked() && steady_clock::now() < deadline)
        poll(until(deadline));
    if (state() == client_state::open) {
        data_->session.say_bye();
        data_->flush(steady_clock::now());
    }
    data_->session.closed();
    data_->leave_set();
    data_->socket.set(zmq::sockopt::linger, static_cast<int>(std::chrono::ceil<milliseconds>(until(deadline)).count()));
    data_->socket.close();
}

} // namespace fenliu::transport
