// The floor: bytes through libzmq and nothing else. Whoever connects to PORT_OUT gets an empty message. What a DEALER sends to
// PORT_IN goes to the DEALER at PORT_OUT whose routing id the first four bytes are, unchanged. One thread, and libzmq's. A
// receiver that is full, or not here yet, is waited for; one that stays away for `patience` is gone, and what was for it with it.
//   bare_relay PORT_IN PORT_OUT
#include <atomic>
#include <chrono>
#include <csignal>
#include <iostream>
#include <string>

#include <zmq.hpp>

namespace {

using namespace std::chrono_literals;

constexpr std::size_t address_bytes = 4;
constexpr auto patience = 5s;
constexpr int look_around_ms = 20; ///< for the signal to end, and for who connects while nothing comes

std::atomic<bool> stopped{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void bind(zmq::socket_t& socket, const std::string& port) {
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::rcvtimeo, look_around_ms);
    socket.set(zmq::sockopt::sndtimeo, look_around_ms);
    socket.set(zmq::sockopt::router_mandatory, true);
    socket.bind("tcp://127.0.0.1:" + port);
}

/// False: nothing came for a while.
bool receive(zmq::socket_t& from, zmq::message_t& part) {
    try {
        return from.recv(part).has_value();
    } catch (const zmq::error_t& wrong) {
        if (wrong.num() != EINTR) throw;
        return false;
    }
}

/// Names the receiver: false when it is gone, or the relay is to end. What follows is taken whatever became of the receiver.
bool address(zmq::socket_t& to, const zmq::message_t& frame) {
    for (std::chrono::steady_clock::time_point until{}; !stopped;) {
        const int sent = zmq_send(to.handle(), frame.data(), address_bytes, ZMQ_SNDMORE);
        if (sent >= 0) return true;
        if (zmq_errno() == EAGAIN || zmq_errno() == EINTR) continue; // full
        if (zmq_errno() != EHOSTUNREACH) throw zmq::error_t{};
        const auto now = std::chrono::steady_clock::now();
        if (until == std::chrono::steady_clock::time_point{}) until = now + patience;
        if (now > until) return false;
        zmq_pollitem_t arrival{to.handle(), 0, ZMQ_POLLIN, 0};
        zmq_poll(&arrival, 1, 1); // wakes up when somebody connects, too
    }
    return false;
}

void relay(const std::string& port_in, const std::string& port_out) {
    zmq::context_t context;
    zmq::socket_t in{context, ZMQ_ROUTER}, out{context, ZMQ_ROUTER};
    bind(in, port_in);
    out.set(zmq::sockopt::router_handover, true); // the next load's receivers have the last one's routing ids
    out.set(zmq::sockopt::probe_router, true);
    bind(out, port_out);
    std::cout << "ready" << std::endl;
    zmq::message_t sender, frame;
    while (!stopped) {
        if (!receive(in, sender))
            static_cast<void>(out.get(zmq::sockopt::events)); // greets who connected
        else if (in.recv(frame) && frame.size() >= address_bytes && address(out, frame))
            zmq_msg_send(frame.handle(), out.handle(), 0);
    }
}

} // namespace

int main(int count, char** words) {
    if (count != 3) {
        std::cerr << "usage: bare_relay PORT_IN PORT_OUT\n";
        return 2;
    }
    for (const int each : {SIGTERM, SIGINT})
        std::signal(each, [](int) { stopped = true; });
    try {
        relay(words[1], words[2]);
    } catch (const zmq::error_t& wrong) {
        std::cerr << "bare_relay: " << wrong.what() << "\n";
        return 1;
    }
}
