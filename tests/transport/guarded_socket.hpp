// A broker socket with short times for tests of who gets in over the network, and what such a test needs around it: the events of
// a client's connection, and TCP without ZeroMQ. Every wait has a deadline.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "raw_peer.hpp"
#include "recording_sink.hpp"
#include "token_fixture.hpp"
#include "transport/broker_socket.hpp"
#include "transport/curve.hpp"

namespace fenliu::transport::testing {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

class a_guarded_socket : public ::testing::Test {
protected:
    a_guarded_socket() { options.hello_timeout = 400ms; }

    void encrypt() {
        options.security.curve_secret = broker_keys.secret_key;
        options.security.encrypt_loopback = true;
        options.security.issuer_public = the_issuer.keys.public_key;
    }
    void start() {
        options.bus = {"tcp://127.0.0.1:*"};
        options.feed = {"tcp://127.0.0.1:*"};
        auto made = broker_socket::bind(options, sink);
        ASSERT_TRUE(std::holds_alternative<std::unique_ptr<broker_socket>>(made)) << std::get<protocol::failure>(made).text;
        socket = std::move(std::get<std::unique_ptr<broker_socket>>(made));
        sink.answer_with(answer_everything, [this](outbound_batch&& batch) { socket->post(std::move(batch)); });
        socket->start();
        bus = socket->bus_endpoints().front();
        feed = socket->feed_endpoints().front();
    }
    void TearDown() override {
        if (socket) socket->stop(0ms);
    }
    template <class Holds>
    bool figures_become(Holds holds) {
        const auto deadline = steady::now() + 10s;
        while (!holds(socket->figures())) {
            if (steady::now() > deadline) return false;
            std::this_thread::yield();
        }
        return true;
    }

    const key_pair broker_keys = make_curve_pair();
    const issuer the_issuer;
    socket_options options;
    recording_sink sink;
    std::unique_ptr<broker_socket> socket;
    std::string bus, feed;
};

/// A client's socket whose connection can be watched.
class watched_client {
public:
    explicit watched_client(zmq::socket_type type)
        : socket(context_, type)
        , events_(context_, zmq::socket_type::pair) {
        socket.set(zmq::sockopt::linger, 0);
        if (type == zmq::socket_type::sub) socket.set(zmq::sockopt::subscribe, "");
        zmq_socket_monitor(socket.handle(), "inproc://events", ZMQ_EVENT_ALL);
        events_.set(zmq::sockopt::linger, 0);
        events_.connect("inproc://events");
    }
    /// Whether the handshake succeeded; false: it failed, or the broker ended the connection. Fails without either in time.
    bool gets_in() { return next({ZMQ_EVENT_HANDSHAKE_SUCCEEDED}) != 0; }
    /// Waits for the end of a connection that stood.
    bool is_cut() { return next({ZMQ_EVENT_DISCONNECTED}, {}) != 0; }

    zmq::context_t context_;
    zmq::socket_t socket;

private:
    /// The next event of `good`, or 0 after one of `bad` or too long.
    int next(std::vector<int> good,
             std::vector<int> bad = {ZMQ_EVENT_DISCONNECTED, ZMQ_EVENT_HANDSHAKE_FAILED_AUTH, ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL,
                                     ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL}) {
        const auto deadline = steady::now() + 10s;
        const auto one_of = [](const std::vector<int>& all, int each) { return std::count(all.begin(), all.end(), each) != 0; };
        while (steady::now() < deadline) {
            zmq::pollitem_t item{events_.handle(), 0, ZMQ_POLLIN, 0};
            if (zmq::poll(&item, 1, 100ms) == 0) continue;
            zmq::message_t news, address;
            static_cast<void>(events_.recv(news));
            static_cast<void>(events_.recv(address));
            std::uint16_t what = 0;
            std::memcpy(&what, news.data(), sizeof what);
            if (one_of(good, what)) return what;
            if (one_of(bad, what)) return 0;
        }
        ADD_FAILURE() << "nothing became of the connection in time";
        return 0;
    }

    zmq::socket_t events_;
};

/// A TCP connection that speaks no ZeroMQ unless told byte by byte.
class raw_tcp {
public:
    explicit raw_tcp(const std::string& endpoint)
        : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1))));
        ::inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
        connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    }
    raw_tcp(raw_tcp&& other) noexcept
        : fd_(std::exchange(other.fd_, -1))
        , connected_(other.connected_) {}
    raw_tcp(const raw_tcp&) = delete;
    raw_tcp& operator=(const raw_tcp&) = delete;
    ~raw_tcp() {
        if (fd_ >= 0) ::close(fd_);
    }

    [[nodiscard]] bool connected() const noexcept { return connected_; }
    bool send(std::string_view bytes) const {
        return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
    }
    /// Reads what comes for so long; true once the other side has closed.
    bool closed_within(std::chrono::milliseconds time) const {
        const auto deadline = steady::now() + time;
        std::array<char, 4096> bytes{};
        for (;;) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady::now());
            pollfd item{fd_, POLLIN, 0};
            if (left.count() <= 0 || ::poll(&item, 1, static_cast<int>(left.count())) <= 0) return false;
            if (::recv(fd_, bytes.data(), bytes.size(), 0) <= 0) return true;
        }
    }
    /// Sends the bytes one at a time, ten milliseconds apart, again and again, until the other side closes; false if it does not
    /// within ten seconds.
    bool closed_while_dribbling(std::string_view bytes) const {
        const auto deadline = steady::now() + 10s;
        for (std::size_t at = 0; steady::now() < deadline; ++at) {
            if (!send(bytes.substr(at % bytes.size(), 1))) return true;
            if (closed_within(10ms)) return true;
        }
        return false;
    }

    bool read_bytes(std::size_t wanted) const {
        std::array<char, 4096> bytes{};
        for (const auto deadline = steady::now() + 10s; wanted > 0 && steady::now() < deadline;) {
            pollfd item{fd_, POLLIN, 0};
            if (::poll(&item, 1, 100) <= 0) continue;
            const auto got = ::recv(fd_, bytes.data(), std::min(bytes.size(), wanted), 0);
            if (got <= 0) return false;
            wanted -= static_cast<std::size_t>(got);
        }
        return wanted == 0;
    }
    /// Reads until one of the texts has come; that text, or nothing.
    std::string read_until(const std::vector<std::string>& texts) const {
        const auto deadline = steady::now() + 10s;
        std::string all;
        std::array<char, 4096> bytes{};
        while (steady::now() < deadline) {
            for (const auto& each : texts)
                if (all.find(each) != std::string::npos) return each;
            pollfd item{fd_, POLLIN, 0};
            if (::poll(&item, 1, 100) <= 0) continue;
            const auto got = ::recv(fd_, bytes.data(), bytes.size(), 0);
            if (got <= 0) break;
            all.append(bytes.data(), static_cast<std::size_t>(got));
        }
        return {};
    }

    /// Becomes a DEALER in clear (ZMTP 3.1), after which the connection takes frames. `claims`: more properties of READY.
    bool shake_hands(const std::vector<std::pair<std::string, std::string>>& claims = {}) const {
        std::string ready("\x05READY");
        const auto add = [&ready](const std::string& name, const std::string& value) {
            ready.push_back(static_cast<char>(name.size()));
            ready.append(name).append("\0\0\0", 3);
            ready.push_back(static_cast<char>(value.size()));
            ready.append(value);
        };
        for (const auto& [name, value] : claims)
            add(name, value);
        add("Socket-Type", "DEALER");
        add("Identity", "");
        // libzmq wants to have said its greeting before it hears more than ours.
        return send(greeting()) && read_bytes(greeting().size()) &&
               send(std::string(1, '\x04') + static_cast<char>(ready.size()) + ready);
    }
    static std::string greeting() {
        std::string bytes("\xff\0\0\0\0\0\0\0\x01\x7f\x03\x01NULL", 16);
        bytes.resize(64, '\0');
        return bytes;
    }
    /// The head of a frame of that many bytes.
    static std::string head_of(std::uint64_t bytes) {
        std::string head(1, '\x02');
        for (int shift = 56; shift >= 0; shift -= 8)
            head.push_back(static_cast<char>(bytes >> shift & 0xff));
        return head;
    }

private:
    int fd_;
    bool connected_ = false;
};

} // namespace fenliu::transport::testing
