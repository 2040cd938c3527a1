// A record's payload taken apart into scalars and the beginnings of arrays, in order; what the codec reads from. Nothing is
// copied: texts are views into the payload. One payload each; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace fenliu::storage {

struct token {
    enum class kind : std::uint8_t { unsigned_integer, negative_integer, real, boolean, text, array } what;
    union {
        std::uint64_t number; ///< also a boolean, and the items of an array
        std::int64_t negative;
        double real;
        const char* data;
    };
    std::uint32_t size; ///< of a text; without a default, so that many can stand unused at no cost

    [[nodiscard]] std::string_view text() const noexcept { return {data, size}; }
};

class record_tokens {
public:
    /// Tokens of one record. A buyer with every tag and crowd there may be has 142.
    static constexpr std::size_t capacity = 512;

    /// Takes the payload apart. False for bytes that are not exactly one msgpack object, for types that no record has (nil, maps,
    /// binary, extensions, single-precision numbers), and for more tokens than fit. Never throws.
    [[nodiscard]] bool parse(std::string_view payload) noexcept;

    /// The next token; null at the end.
    [[nodiscard]] const token* next() noexcept { return read_ < count_ ? &items_[read_++] : nullptr; }
    [[nodiscard]] bool at_end() const noexcept { return read_ == count_; }

private:
    class visitor;

    std::array<token, capacity> items_; // not initialised: written before it is read
    std::size_t count_ = 0, read_ = 0;
};

} // namespace fenliu::storage
