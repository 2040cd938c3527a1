// Many connections: do tens of thousands of idle sessions, and thousands that connect every second, stop the traffic?
//   crowd FENLIUD_URL FENLIUD_PID [SESSIONS] [CONNECTS_A_SECOND] [SECONDS]
// The broker must run already, with auto_create, a long heartbeat_ms and as many connections and descriptors as that takes. The
// crowd is bare TCP that speaks just enough ZMTP to say hello, from many addresses of 127.0.0.0/8, as one address is limited.
// Figures, no judgement: the quiet shop's times alone, with the crowd idle, and with others coming and going beside it.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <iostream>
#include <limits>
#include <thread>

#include "protocol/codec.hpp"
#include "tests/bench/quiet_shop.hpp"
#include "tests/bench/resident.hpp"

namespace {

using namespace fenliu;
using namespace fenliu::bench;

constexpr std::uint32_t addresses = 250; // of the crowd: 127.0.1.1 and on

constexpr std::size_t greeting_bytes = 64;

/// What a peer may say unasked: greeting and READY.
std::string first_words() {
    std::string out{"\xff\0\0\0\0\0\0\0\1\x7f\3\1NULL", 16};
    out.resize(greeting_bytes, '\0');
    std::string ready{"\5READY\x0bSocket-Type\0\0\0\6DEALER", 28};
    out += '\4';
    out += static_cast<char>(ready.size());
    return out + ready;
}

/// What it may say once the broker is READY: before that libzmq ends a connection that sends messages.
std::string hello_frame() {
    std::string hello;
    protocol::encode(hello, protocol::hello{.version = limits::protocol_version, .role = protocol::role::frontend});
    std::string out(1, '\0');
    out += static_cast<char>(hello.size());
    return out + hello;
}

class crowd {
public:
    crowd(std::uint16_t port)
        : port_{port}
        , words_{first_words()}
        , hello_{hello_frame()}
        , epoll_{::epoll_create1(EPOLL_CLOEXEC)} {}
    ~crowd() {
        for (const int each : sockets_)
            ::close(each);
        ::close(epoll_);
    }
    crowd(const crowd&) = delete;
    crowd& operator=(const crowd&) = delete;

    /// One more; false when the machine has no room for it.
    bool come() {
        const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (made < 0) return false;
        sockaddr_in from{}, to{};
        from.sin_family = to.sin_family = AF_INET;
        from.sin_addr.s_addr = htonl(0x7f000101U + next_++ % addresses);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        to.sin_port = htons(port_);
        const bool begun = ::bind(made, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0 &&
                           (::connect(made, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 || errno == EINPROGRESS);
        epoll_event wanted{.events = EPOLLOUT | EPOLLIN, .data = {.fd = made}};
        if (!begun || ::epoll_ctl(epoll_, EPOLL_CTL_ADD, made, &wanted) != 0) {
            ::close(made);
            return false;
        }
        sockets_.push_back(made);
        received_.resize(std::max(received_.size(), static_cast<std::size_t>(made) + 1));
        received_[static_cast<std::size_t>(made)] = 0;
        return true;
    }
    /// The oldest goes, without a word.
    void leave() {
        ::close(sockets_.front());
        sockets_.pop_front();
    }
    /// Says hello where the connection stands, reads what came.
    void attend() {
        std::array<epoll_event, 256> events;
        const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 1);
        for (int i = 0; i < count; ++i) {
            const auto& each = events[static_cast<std::size_t>(i)];
            if ((each.events & EPOLLOUT) != 0) {
                (void)::send(each.data.fd, words_.data(), words_.size(), MSG_NOSIGNAL);
                epoll_event wanted{.events = EPOLLIN, .data = {.fd = each.data.fd}};
                (void)::epoll_ctl(epoll_, EPOLL_CTL_MOD, each.data.fd, &wanted);
            }
            std::array<char, 4096> bytes;
            if ((each.events & EPOLLIN) == 0) continue;
            const auto got = ::recv(each.data.fd, bytes.data(), bytes.size(), 0);
            if (got > 0) {
                read(each.data.fd, static_cast<std::size_t>(got));
            } else if (got == 0 || errno != EAGAIN) {
                ++ended_;
                (void)::epoll_ctl(epoll_, EPOLL_CTL_DEL, each.data.fd, nullptr);
            }
        }
    }
    [[nodiscard]] std::size_t size() const noexcept { return sockets_.size(); }
    [[nodiscard]] std::size_t ended() const noexcept { return ended_; }       ///< by the broker
    [[nodiscard]] std::size_t answered() const noexcept { return answered_; } ///< of those that said hello

private:
    /// Past the greeting comes READY, which hello answers; what comes after hello is its answer.
    void read(int from, std::size_t bytes) {
        auto& received = received_[static_cast<std::size_t>(from)];
        constexpr std::size_t done = std::numeric_limits<std::size_t>::max(), greeted = done - 1;
        if (received == done) return;
        if (received == greeted) {
            ++answered_;
            received = done;
            return;
        }
        received += bytes;
        if (received <= greeting_bytes) return;
        (void)::send(from, hello_.data(), hello_.size(), MSG_NOSIGNAL);
        received = greeted;
    }

    std::uint16_t port_;
    std::string words_, hello_;
    int epoll_;
    std::deque<int> sockets_;
    std::vector<std::size_t> received_; ///< bytes, by descriptor
    std::uint32_t next_ = 0;
    std::size_t ended_ = 0, answered_ = 0;
};

void print(const std::string& phase, quiet_times found, const std::string& pid) {
    std::cout << phase << ": stored p50 " << quiet_times::at(found.stored, 0.5) << " ms, p99 "
              << quiet_times::at(found.stored, 0.99) << " ms; answered p50 " << quiet_times::at(found.answered, 0.5)
              << " ms, p99 " << quiet_times::at(found.answered, 0.99) << " ms (" << found.answered.size()
              << " answers); resident " << resident_mib(pid) << " MiB" << std::endl;
}

/// The quiet shop's times while `meanwhile` goes on in this thread.
quiet_times beside(quiet_buyer& quiet, double seconds, const std::function<void(double elapsed)>& meanwhile) {
    const auto begin = clock_type::now();
    const auto until = begin + std::chrono::duration_cast<clock_type::duration>(std::chrono::duration<double>(seconds));
    quiet_times found;
    std::atomic<bool> over{false};
    std::jthread traffic{[&] {
        found = quiet.run(until);
        over = true;
    }};
    while (!over)
        meanwhile(std::chrono::duration<double>(clock_type::now() - begin).count());
    traffic.join();
    return found;
}

} // namespace

int main(int count, char** words) {
    if (count < 3) {
        std::cerr << "usage: crowd FENLIUD_URL FENLIUD_PID [SESSIONS] [CONNECTS_A_SECOND] [SECONDS]\n";
        return 2;
    }
    rlimit descriptors{};
    ::getrlimit(RLIMIT_NOFILE, &descriptors);
    descriptors.rlim_cur = descriptors.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &descriptors);
    const std::string url = words[1], pid = words[2];
    const auto sessions = static_cast<std::size_t>(count > 3 ? std::atoll(words[3]) : 50'000);
    const double rate = count > 4 ? std::atof(words[4]) : 2'000, seconds = count > 5 ? std::atof(words[5]) : 20;
    const auto port = static_cast<std::uint16_t>(std::atoi(url.substr(url.rfind(':') + 1).c_str()));
    const auto calm = "calm" + std::to_string(std::chrono::system_clock::now().time_since_epoch() / milliseconds{1});
    std::atomic<int> online{0};
    std::atomic<bool> done{false};
    std::jthread agent{[&] { serve(url, calm, "amy", true, online, done); }};
    while (online < 1)
        std::this_thread::yield();
    quiet_buyer quiet{url, calm};
    print("alone", beside(quiet, seconds, [](double) { std::this_thread::yield(); }), pid);

    crowd idle{port}, others{port};
    const auto begin = clock_type::now();
    while (idle.size() < sessions) {
        const double elapsed = std::chrono::duration<double>(clock_type::now() - begin).count();
        while (static_cast<double>(idle.size()) < rate * elapsed && idle.size() < sessions)
            if (!idle.come()) {
                std::cerr << "no more than " << idle.size() << " connections: " << std::strerror(errno) << "\n";
                done = true;
                return 1;
            }
        idle.attend();
    }
    for (const auto until = clock_type::now() + std::chrono::seconds{20};
         idle.answered() + idle.ended() < sessions && clock_type::now() < until;)
        idle.attend();
    std::cout << idle.size() << " connected in " << std::chrono::duration<double>(clock_type::now() - begin).count()
              << " s, answered " << idle.answered() << ", ended by the broker " << idle.ended() << std::endl;
    print("beside them", beside(quiet, seconds, [&](double) { idle.attend(); }), pid);
    double come = 0;
    print("beside them and others who connect",
          beside(quiet, seconds,
                 [&](double elapsed) {
                     for (; come < rate * elapsed; ++come) {
                         (void)others.come();
                         if (others.size() > rate) others.leave();
                     }
                     others.attend();
                     idle.attend();
                 }),
          pid);
    std::cout << "connects a second " << come / seconds << ", answered " << others.answered() << " of " << come
              << ", idle ones ended by the broker " << idle.ended() << std::endl;
    done = true;
}
