// The connections of one thread, waited for together. A connection's place is the order in which it was made.
#pragma once

#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <vector>

#include <sys/epoll.h>

#include "tests/bench/compare/wire.hpp"

namespace fenliu::bench {

class wires {
public:
    wires();
    ~wires();
    wires(const wires&) = delete;
    wires& operator=(const wires&) = delete;

    wire& add(const endpoint& to);
    /// Another descriptor that ends a wait whenever it becomes readable; it is not read. Stays its owner's.
    void wake_by(int fd);

    [[nodiscard]] wire& operator[](std::size_t place) { return *wires_[place].over; }
    [[nodiscard]] std::size_t size() const noexcept { return wires_.size(); }

    /// Writes what was appended to any of them, as far as the kernel takes it.
    void flush();
    /// Waits until something came, or room for what could not be written, to the nanosecond at most `wait`. Reads from each
    /// connection once and calls `came(place)` where something came.
    template <class Came>
    void wait(std::chrono::nanoseconds wait, Came&& came) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(wait);
        const timespec at_most{static_cast<std::time_t>(seconds.count()), static_cast<long>((wait - seconds).count())};
        std::array<epoll_event, 256> ready;
        const int count = ::epoll_pwait2(epoll_, ready.data(), static_cast<int>(ready.size()), &at_most, nullptr);
        for (int i = 0; i < count; ++i) {
            const auto place = static_cast<std::size_t>(ready[static_cast<std::size_t>(i)].data.u64);
            if (place == nowhere) continue;
            auto& here = wires_[place];
            if (here.blocked) write(place);
            if (here.over->fill()) came(place);
        }
    }

private:
    struct member {
        std::unique_ptr<wire> over;
        bool blocked = false; ///< waited for until it can be written
    };
    static constexpr std::size_t nowhere = ~std::size_t{0};

    void write(std::size_t place);
    void watch(int operation, int fd, std::uint32_t events, std::size_t place);

    int epoll_;
    std::vector<member> wires_;
};

} // namespace fenliu::bench
