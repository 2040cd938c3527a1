#include "transport/client.hpp"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include <poll.h>

#include <zmq.hpp>

#include "transport/client_session.hpp"
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

void wait_for(std::vector<pollfd>& waiting, std::chrono::nanoseconds time) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    const timespec at_most{static_cast<time_t>(whole.count()), static_cast<long>((time - whole).count())};
    ::ppoll(waiting.data(), waiting.size(), &at_most, nullptr);
}

} // namespace

struct client::state_data {
    state_data(const client_options& options, client_events events)
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

    void connect();
    /// Whether a round is due, if there is nothing new at the descriptor.
    [[nodiscard]] bool due(instant now) const noexcept { return attention || now >= wake; }
    /// Receives, sees to time, sends. Whether anything came or changed.
    bool round();
    bool receive(instant now);
    void flush(instant now);
    void watch_connection();
    /// Whether another round has something to do at once.
    [[nodiscard]] bool ready();

    std::string url;
    std::shared_ptr<zmq::context_t> context;
    zmq::socket_t socket;
    client_session session;
    std::string frame;
    int descriptor = -1;
    bool attention = true;   // something is to be done in the next round
    instant wake;            // and so it is from then on
    instant looked_at;       // by the last round
    bool unwritable = false; // the connection was down, or full, when last looked at
    bool blocked = false;    // it did not take the last frame
};

void client::state_data::connect() {
    try {
        socket.connect(url);
    } catch (const zmq::error_t& fault) {
        session.give_up({protocol::errc::malformed, url + " is no address: " + fault.what()});
    }
}

bool client::state_data::round() {
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
    return progress || session.state() != before;
}

bool client::state_data::receive(instant now) {
    zmq::message_t message;
    for (std::size_t count = 0; count < limits::frames_per_drain; ++count) {
        if (!session.active() || !socket.recv(message, zmq::recv_flags::dontwait)) return count > 0;
        if (!message.more()) session.receive(message.to_string_view(), now);
    }
    return true;
}

void client::state_data::watch_connection() {
    const bool writable = (socket.get(zmq::sockopt::events) & ZMQ_POLLOUT) != 0;
    if (writable && unwritable) session.probe();
    unwritable = !writable;
}

void client::state_data::flush(instant now) {
    blocked = false;
    while (session.compose(frame, now)) {
        blocked = !socket.send(zmq::buffer(frame), zmq::send_flags::dontwait);
        if (blocked) return;
        session.sent(now);
    }
}

bool client::state_data::ready() {
    const int waiting = socket.get(zmq::sockopt::events);
    const bool waits_for_connection = unwritable || blocked || session.hello_due(looked_at);
    return (waiting & ZMQ_POLLIN) != 0 || (waits_for_connection && (waiting & ZMQ_POLLOUT) != 0);
}

client::client(const client_options& options, client_events events)
    : data_(std::make_unique<state_data>(options, std::move(events))) {}
client::client(client&&) noexcept = default;
client& client::operator=(client&&) noexcept = default;
client::~client() = default;

void client::send(const protocol::message& value) {
    data_->session.send(value);
    data_->attention = true;
}

void client::poll(std::chrono::nanoseconds wait) { poll_all({this}, wait); }

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
    data_->socket.set(zmq::sockopt::linger, static_cast<int>(std::chrono::ceil<milliseconds>(until(deadline)).count()));
    data_->socket.close();
}

void poll_all(const std::vector<client*>& clients, std::chrono::nanoseconds wait) {
    const instant deadline = steady_clock::now() + wait;
    std::vector<client::state_data*> active;
    std::vector<pollfd> waiting;
    for (bool first = true;; first = false) {
        active.clear();
        waiting.clear();
        instant next = first ? steady_clock::now() : deadline; // at first a look: only who has something is gone through
        for (const client* each : clients) {
            client::state_data& of = *each->data_;
            if (!of.session.active()) continue;
            active.push_back(&of);
            // Not zmq_poll: the descriptor tells also of a connection that went and came back, which zmq_poll would sleep
            // through.
            waiting.push_back({of.descriptor, POLLIN, 0});
            next = std::min(next, of.attention ? instant::min() : of.wake);
        }
        if (active.empty()) return;
        wait_for(waiting, until(next));
        const instant now = steady_clock::now();
        bool progress = false;
        for (std::size_t i = 0; i < active.size(); ++i)
            if (waiting[i].revents != 0 || active[i]->due(now)) progress = active[i]->round() || progress;
        if (progress || now >= deadline) return;
    }
}

} // namespace fenliu::transport
