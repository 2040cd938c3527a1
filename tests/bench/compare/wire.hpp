// One TCP connection to a broker: nonblocking, without Nagle's delay, with what is to be written and what was read. What is
// appended between two flushes leaves in one write. Owned and used by one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/compare/endpoint.hpp"

namespace fenliu::bench {

class wire {
public:
    /// Waits until it is connected. This and all else throws std::runtime_error when the connection fails or ends.
    explicit wire(const endpoint& to);
    ~wire();
    wire(const wire&) = delete;
    wire& operator=(const wire&) = delete;

    std::string out; ///< what is to be written is appended here

    /// Whether the kernel took all.
    bool flush();
    [[nodiscard]] bool flushed() const noexcept { return out.empty(); }
    /// Bytes that the kernel took, and those that were appended, since the begin.
    [[nodiscard]] std::uint64_t taken() const noexcept { return taken_; }
    [[nodiscard]] std::uint64_t appended() const noexcept { return taken_ + out.size() - head_; }

    /// Reads once; false: nothing came.
    bool fill();
    /// Flushes and waits until something was read: for greetings, not for the load.
    void await();
    [[nodiscard]] std::string_view unread() const noexcept { return {in_.data() + begin_, end_ - begin_}; }
    void consume(std::size_t bytes) noexcept { begin_ += bytes; }

    [[nodiscard]] int fd() const noexcept { return fd_; }
    [[noreturn]] void fail(std::string_view why) const;

private:
    void connect(const endpoint& to);
    void make_room();

    std::string peer_;
    int fd_ = -1;
    std::size_t head_ = 0; ///< of out, taken
    std::uint64_t taken_ = 0;
    std::vector<char> in_;
    std::size_t begin_ = 0, end_ = 0; ///< of in_, unread
};

} // namespace fenliu::bench
