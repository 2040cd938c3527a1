// A fuzzer's input read as a script: each call takes a few bytes and makes a small choice of them. At the end of the input every
// choice is 0, so that each input means something and a shortened one means nearly the same. Two choices are never made in one
// call's arguments: compilers differ in their order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fenliu::fuzz {

class script {
public:
    script(const std::uint8_t* data, std::size_t size)
        : rest_(reinterpret_cast<const char*>(data), size) {}

    [[nodiscard]] bool done() const noexcept { return rest_.empty(); }
    [[nodiscard]] std::uint8_t byte() noexcept {
        if (rest_.empty()) return 0;
        const auto first = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return first;
    }
    /// Below `bound`, which is at most 256.
    [[nodiscard]] std::uint32_t below(std::uint32_t bound) noexcept { return byte() % bound; }
    [[nodiscard]] bool chance() noexcept { return (byte() & 1) != 0; }
    /// Mostly small; now and then any number.
    [[nodiscard]] std::uint64_t number() noexcept {
        const std::uint8_t first = byte();
        if (first < 0xf0) return first;
        std::uint64_t wide = 0;
        for (unsigned count = 0; count < (first & 7U) + 1; ++count)
            wide = wide << 8 | byte();
        return wide;
    }
    [[nodiscard]] std::string_view bytes() noexcept {
        const std::size_t wanted = number() & 0x3ff;
        const std::size_t size = std::min(wanted, rest_.size());
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }
    /// One of these.
    template <class Choices>
    [[nodiscard]] auto of(const Choices& choices) noexcept {
        return choices[below(static_cast<std::uint32_t>(std::size(choices)))];
    }

private:
    std::string_view rest_;
};

} // namespace fenliu::fuzz
