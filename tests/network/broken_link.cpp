#include "broken_link.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fenliu::network {

namespace {

constexpr std::size_t chunk_bytes = 16'384;
/// Waiting to be taken by the other end; beyond it nothing more is read.
constexpr std::size_t waiting_bytes = 65'536;

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

void must(bool held) {
    if (!held) std::abort(); // no descriptors or ports left: there is nothing to test with
}

void set_up(int socket) {
    const int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

int index_of(direction in) noexcept { return in == direction::up ? 0 : 1; }

} // namespace

/// Its two sockets and what waits to be written to each.
struct broken_link::connection {
    connection(int client, int broker, link_fault coming)
        : ends{client, broker}
        , fault(coming) {}
    ~connection() {
        for (const int end : ends)
            ::close(end);
    }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    /// Reads from one end; false when the connection is over.
    bool read(direction in);
    bool write(direction in);
    void meet_fault(direction in);
    void reset();

    std::array<int, 2> ends; ///< the client's, the broker's
    link_fault fault;
    std::array<std::string, 2> waiting; ///< by direction
    std::array<std::uint64_t, 2> passed{};
    std::array<bool, 2> dead{};
    bool over = false, met = false;
};

bool broken_link::connection::read(direction in) {
    const int index = index_of(in);
    std::array<char, chunk_bytes> bytes{};
    std::size_t most = bytes.size();
    const bool counted = !met && fault.what != link_fault::kind::none && fault.in == in;
    if (counted) most = std::min<std::uint64_t>(most, std::max<std::uint64_t>(fault.after - passed[index], 1));
    const ssize_t got = ::recv(ends[index], bytes.data(), most, MSG_DONTWAIT);
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    if (got == 0) return false;
    if (dead[index]) return true;
    if (counted && passed[index] >= fault.after) { // the first byte that does not pass
        meet_fault(in);
        return !over;
    }
    passed[index] += static_cast<std::uint64_t>(got);
    waiting[index].append(bytes.data(), static_cast<std::size_t>(got));
    return write(in);
}

bool broken_link::connection::write(direction in) {
    const int index = index_of(in);
    std::string& bytes = waiting[index];
    while (!bytes.empty()) {
        const ssize_t put = ::send(ends[1 - index], bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (put < 0 && errno == EAGAIN) return true;
        if (put <= 0) return false;
        bytes.erase(0, static_cast<std::size_t>(put));
    }
    return true;
}

void broken_link::connection::meet_fault(direction in) {
    met = true;
    if (fault.what == link_fault::kind::half_dead) {
        dead[index_of(in)] = true;
        return;
    }
    if (fault.what == link_fault::kind::reset) reset();
    over = true;
}

void broken_link::connection::reset() {
    const linger none{1, 0};
    for (const int end : ends)
        ::setsockopt(end, SOL_SOCKET, SO_LINGER, &none, sizeof none);
}

broken_link::broken_link(int broker_port, plan faults)
    : broker_port_(broker_port)
    , listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0))
    , plan_(std::move(faults)) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    must(listener_ >= 0 && ::bind(listener_, raw, size) == 0 && ::listen(listener_, 16) == 0);
    must(::getsockname(listener_, raw, &size) == 0);
    port_ = ntohs(address.sin_port);
}

broken_link::~broken_link() { ::close(listener_); }

std::string broken_link::url() const { return "tcp://127.0.0.1:" + std::to_string(port_); }

std::uint64_t broken_link::first_bytes(direction in) const noexcept { return first_bytes_[index_of(in)]; }

void broken_link::accept_one() {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    const int broker = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(broker >= 0);
    set_up(client);
    set_up(broker);
    const sockaddr_in address = loopback(broker_port_);
    connections_.push_back(std::make_unique<connection>(client, broker, plan_(accepted_++)));
    // A broker that is not there: the client finds the same as without a proxy.
    connections_.back()->over = ::connect(broker, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0;
}

link_carrier::link_carrier(int broker_port)
    : broker_port_(broker_port)
    , event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    thread_ = std::thread([this] { run(); });
}

link_carrier::~link_carrier() {
    stop_ = true;
    wake();
    thread_.join();
    ::close(event_);
}

void link_carrier::wake() const noexcept {
    const std::uint64_t one = 1;
    static_cast<void>(!::write(event_, &one, sizeof one));
}

std::shared_ptr<broken_link> link_carrier::make(std::function<link_fault(std::uint64_t)> faults) {
    std::shared_ptr<broken_link> made(new broken_link(broker_port_, std::move(faults)));
    {
        const std::scoped_lock lock(mutex_);
        links_.push_back(made);
    }
    wake();
    return made;
}

void link_carrier::run() {
    std::vector<std::shared_ptr<broken_link>> links;
    while (!stop_) {
        {
            const std::scoped_lock lock(mutex_);
            // A link that nobody but the carrier holds is done with: here, and in the copy that is about to be made anew.
            links.clear();
            std::erase_if(links_, [](const auto& link) { return link.use_count() == 1; });
            links = links_;
        }
        carry(links);
    }
}

void link_carrier::carry(std::vector<std::shared_ptr<broken_link>>& links) {
    std::vector<pollfd> waited{{event_, POLLIN, 0}};
    for (const auto& link : links) {
        waited.push_back({link->listener_, POLLIN, 0});
        for (const auto& each : link->connections_)
            for (const int index : {0, 1}) {
                const bool room = each->waiting[index].size() < waiting_bytes;
                const bool writes = !each->waiting[1 - index].empty();
                waited.push_back({each->ends[index], static_cast<short>((room ? POLLIN : 0) | (writes ? POLLOUT : 0)), 0});
            }
    }
    constexpr int look_again_ms = 100; // links that were dropped
    ::poll(waited.data(), waited.size(), look_again_ms);
    std::uint64_t count = 0;
    static_cast<void>(!::read(event_, &count, sizeof count));
    std::size_t at = 1;
    for (const auto& link : links) {
        const bool comes = (waited[at++].revents & POLLIN) != 0;
        for (const auto& each : link->connections_)
            for (const direction in : {direction::up, direction::down}) {
                const short events = waited[at++].revents;
                if ((events & POLLOUT) != 0 && !each->write(in == direction::up ? direction::down : direction::up))
                    each->over = true;
                if ((events & (POLLIN | POLLHUP | POLLERR)) != 0 && !each->over && !each->read(in)) each->over = true;
            }
        if (link->accepted_ > 0 && !link->connections_.empty() && link->accepted_ == link->connections_.size())
            for (const int index : {0, 1})
                link->first_bytes_[index] = link->connections_.front()->passed[index];
        for (const auto& each : link->connections_)
            if (each->met && std::exchange(each->fault.what, link_fault::kind::none) != link_fault::kind::none) ++link->faults_;
        std::erase_if(link->connections_, [](const auto& each) { return each->over; });
        if (comes) link->accept_one();
    }
}

} // namespace fenliu::network
