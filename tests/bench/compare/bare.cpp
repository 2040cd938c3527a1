// The bare relay. A frame begins with the routing id of the consumer it is for; with `frame_messages` of 1 a message follows,
// otherwise messages, each behind its length in 4 bytes. What libzmq has no room for, or the load's windows, waits in the load,
// unacknowledged.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <deque>
#include <stdexcept>
#include <utility>

#include <sys/epoll.h>
#include <unistd.h>

#include <zmq.hpp>

#include "tests/bench/compare/big_endian.hpp"
#include "tests/bench/compare/targets.hpp"
#include "tests/bench/compare/undelivered.hpp"

namespace fenliu::bench {

namespace {

constexpr std::size_t address_bytes = 4, length_bytes = 4;
constexpr std::size_t nowhere = ~std::size_t{0};
constexpr std::size_t consumers_at_most = std::size_t{1} << 16; ///< four hexadecimal digits
constexpr int sockets_at_most = 65'536;
/// Of one socket, then it is the others' turn.
constexpr std::size_t frames_at_once = 256;

std::string address_of(std::size_t consumer) {
    std::array<char, address_bytes + 1> text{};
    std::snprintf(text.data(), text.size(), "%04x", static_cast<unsigned>(consumer & (consumers_at_most - 1)));
    return {text.data(), address_bytes};
}

/// The sockets of one thread, waited for together.
class sockets {
public:
    sockets()
        : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {}
    ~sockets() { ::close(epoll_); }
    sockets(const sockets&) = delete;
    sockets& operator=(const sockets&) = delete;

    zmq::socket_t& add(zmq::context_t& context, const std::string& port, const std::string& routing_id) {
        zmq::socket_t made{context, ZMQ_DEALER};
        made.set(zmq::sockopt::linger, 0);
        if (!routing_id.empty()) made.set(zmq::sockopt::routing_id, routing_id);
        made.connect("tcp://127.0.0.1:" + port);
        watch(made.get(zmq::sockopt::fd), EPOLLIN, all_.size());
        return all_.emplace_back(std::move(made));
    }
    /// Another descriptor that ends a wait whenever it becomes readable; it is not read. Stays its owner's.
    void wake_by(int fd) { watch(fd, EPOLLIN | EPOLLET, nowhere); }
    [[nodiscard]] zmq::socket_t& operator[](std::size_t place) { return all_[place]; }
    [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }

    /// Calls `news(place)` for each socket that has news. It has to take them all: they are told once.
    template <class News>
    void wait(std::chrono::nanoseconds wait, News&& news) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(wait);
        const timespec at_most{static_cast<std::time_t>(seconds.count()), static_cast<long>((wait - seconds).count())};
        std::array<epoll_event, 256> ready;
        const int count = ::epoll_pwait2(epoll_, ready.data(), static_cast<int>(ready.size()), &at_most, nullptr);
        for (int i = 0; i < count; ++i)
            if (const auto place = ready[static_cast<std::size_t>(i)].data.u64; place != nowhere)
                news(static_cast<std::size_t>(place));
    }

private:
    void watch(int fd, std::uint32_t events, std::size_t place) {
        epoll_event wanted{};
        wanted.events = events;
        wanted.data.u64 = place;
        if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &wanted) != 0) throw std::runtime_error{"bare: no more sockets"};
    }

    int epoll_;
    std::vector<zmq::socket_t> all_;
};

class dealing_publishers : public load::publishers {
public:
    dealing_publishers(zmq::context_t& context, const std::string& port, const load::shape& wanted, load::part part,
                       load::acked tell, undelivered& between)
        : wanted_(wanted)
        , part_(part)
        , tell_(std::move(tell))
        , between_(between) {
        sockets_.wake_by(between.fd());
        for (std::size_t consumer = 0; consumer < wanted.consumers; ++consumer)
            addresses_.push_back(address_of(consumer));
        for (auto number = part.first; number < wanted.publishers; number += part.step) {
            sockets_.add(context, port, {});
            connections_.push_back({number, std::vector<open_frame>(wanted.consumers), {}, {}, 0});
        }
    }

    bool ready() override { return true; }
    void publish(std::size_t number, std::size_t channel, std::uint64_t id, std::string_view text) override {
        const auto place = (number - part_.first) / part_.step;
        const auto consumer = channel % wanted_.consumers;
        if (wanted_.frame_messages == 1) {
            frame made{zmq::message_t(address_bytes + text.size()), 1};
            std::memcpy(made.bytes.data(), addresses_[consumer].data(), address_bytes);
            std::memcpy(made.bytes.data<char>() + address_bytes, text.data(), text.size());
            connections_[place].ids.push_back(id);
            return put(place, std::move(made));
        }
        auto& open = connections_[place].open[consumer];
        if (open.ids.empty()) open.bytes = addresses_[consumer];
        append_big_endian(open.bytes, static_cast<std::uint32_t>(text.size()));
        open.bytes += text;
        open.ids.push_back(id);
        if (open.ids.size() >= wanted_.frame_messages) close(place, open);
    }
    void poll(std::chrono::nanoseconds wait) override {
        if (wanted_.frame_messages > 1) close_all();
        if (!send_all_held()) {
            between_.want();
            send_all_held();
        }
        for (auto& from : connections_)
            for (; from.taken > 0; --from.taken, wait = {}) {
                tell_(from.number, from.ids.front(), true);
                from.ids.pop_front();
            }
        sockets_.wait(wait, [&](std::size_t place) { send_held(place); });
    }

private:
    struct open_frame {
        std::string bytes;
        std::vector<std::uint64_t> ids;
    };
    struct frame {
        zmq::message_t bytes;
        std::size_t messages;
    };
    struct connection {
        std::size_t number;
        std::vector<open_frame> open;  ///< by consumer
        std::deque<frame> held;        ///< there was no room
        std::deque<std::uint64_t> ids; ///< of the messages of all frames that are made, in their order
        std::size_t taken;             ///< so many of them are libzmq's, and not told yet
    };

    void close(std::size_t place, open_frame& open) {
        auto& ids = connections_[place].ids;
        ids.insert(ids.end(), open.ids.begin(), open.ids.end());
        put(place, {zmq::message_t(open.bytes), open.ids.size()});
        open.ids.clear();
    }
    void close_all() {
        for (std::size_t place = 0; place < connections_.size(); ++place)
            for (auto& open : connections_[place].open)
                if (!open.ids.empty()) close(place, open);
    }
    void put(std::size_t place, frame made) {
        auto& held = connections_[place].held;
        if (!held.empty() || !send(place, made)) held.push_back(std::move(made));
    }
    /// What is not sent stays as it is.
    [[nodiscard]] bool send(std::size_t place, frame& which) {
        full_ = !between_.take(which.messages);
        if (full_) return false;
        if (!sockets_[place].send(which.bytes, zmq::send_flags::dontwait)) {
            between_.give_back(which.messages);
            return false;
        }
        connections_[place].taken += which.messages;
        return true;
    }
    /// Until nothing is held, there is no room and libzmq will tell when there is, or too many are undelivered.
    void send_held(std::size_t place) {
        auto& held = connections_[place].held;
        full_ = false;
        while ((sockets_[place].get(zmq::sockopt::events) & ZMQ_POLLOUT) != 0 && !held.empty() && !full_)
            for (; !held.empty() && send(place, held.front());)
                held.pop_front();
    }
    /// False: too many are undelivered. Begins with another connection each time, as room may end before the last.
    bool send_all_held() {
        for (std::size_t i = 0; i < connections_.size(); ++i) {
            const auto place = (first_ + i) % connections_.size();
            send_held(place);
            if (!full_) continue;
            first_ = place + 1;
            return false;
        }
        return true;
    }

    load::shape wanted_;
    load::part part_;
    load::acked tell_;
    undelivered& between_;
    bool full_ = false; ///< the last sending found too many undelivered
    std::size_t first_ = 0;
    std::vector<std::string> addresses_; ///< by consumer
    sockets sockets_;
    std::deque<connection> connections_; ///< not a vector: messages can't be copied
};

class dealing_consumers : public load::consumers {
public:
    dealing_consumers(zmq::context_t& context, const std::string& port, const load::shape& wanted, load::part part,
                      load::delivered tell, undelivered& between)
        : batched_(wanted.frame_messages > 1)
        , tell_(std::move(tell))
        , between_(between) {
        for (auto number = part.first; number < wanted.consumers; number += part.step)
            sockets_.add(context, port, address_of(number));
    }

    bool ready() override { return greeted_ >= sockets_.size(); }
    void poll(std::chrono::nanoseconds wait) override {
        std::swap(unread_, reading_);
        for (const auto place : reading_)
            read(place);
        sockets_.wait(reading_.empty() ? wait : std::chrono::nanoseconds{0}, [&](std::size_t place) { read(place); });
        reading_.clear();
        if (const auto came = std::exchange(came_, 0); came > 0) between_.give_back(came);
    }

private:
    /// News are told once: what is left is read by the next poll.
    void read(std::size_t place) {
        for (std::size_t i = 0; i < frames_at_once; ++i) {
            if (!sockets_[place].recv(frame_, zmq::recv_flags::dontwait)) return;
            take(frame_.to_string_view());
        }
        if (std::ranges::find(unread_, place) == unread_.end()) unread_.push_back(place);
    }
    void take(std::string_view frame) {
        if (frame.size() < address_bytes) {
            ++greeted_;
            return;
        }
        frame.remove_prefix(address_bytes);
        if (!batched_) return tell(frame);
        while (frame.size() >= length_bytes) {
            const auto length = read_big_endian<std::uint32_t>(frame);
            tell(frame.substr(length_bytes, length));
            frame.remove_prefix(std::min(frame.size(), length_bytes + length));
        }
    }

    void tell(std::string_view text) {
        tell_(text);
        ++came_;
    }

    bool batched_;
    load::delivered tell_;
    undelivered& between_;
    std::size_t greeted_ = 0; ///< by the relay: it knows them
    std::size_t came_ = 0;    ///< since it was told between the threads
    zmq::message_t frame_;
    std::vector<std::size_t> unread_, reading_; ///< places where more may be
    sockets sockets_;
};

class bare_target : public load::target {
public:
    explicit bare_target(const std::string& url)
        : port_in_(url.substr(0, url.find(':')))
        , port_out_(url.substr(url.find(':') + 1)) {
        if (port_in_.empty() || port_in_ == url || (url + ":").find_first_not_of("0123456789:") != std::string::npos)
            throw std::invalid_argument{url + ": not PORT_IN:PORT_OUT"};
        context_.set(zmq::ctxopt::max_sockets, sockets_at_most);
    }

    void prepare(const load::shape& wanted) override {
        if (wanted.consumers > consumers_at_most) throw std::runtime_error{"bare: too many consumers"};
        between_.limit(wanted);
    }
    std::unique_ptr<load::publishers> publish(const load::shape& wanted, load::part part, load::acked tell) override {
        return std::make_unique<dealing_publishers>(context_, port_in_, wanted, part, std::move(tell), between_);
    }
    std::unique_ptr<load::consumers> consume(const load::shape& wanted, load::part part, load::delivered tell) override {
        return std::make_unique<dealing_consumers>(context_, port_out_, wanted, part, std::move(tell), between_);
    }

private:
    std::string port_in_, port_out_;
    undelivered between_;
    zmq::context_t context_; ///< with one I/O thread, as fenliu's clients have
};

} // namespace

std::unique_ptr<load::target> bare(const access& to) { return std::make_unique<bare_target>(to.url); }

} // namespace fenliu::bench
