// One msgpack object, read into a flat row of tokens in depth-first order, with every limit of the decoder enforced on the way.
// Strings stay views into the frame. Owned by a decoder and used again for each object; one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace fenliu::protocol {

enum class token_type : std::uint8_t {
    nil,
    boolean,  ///< number is 0 or 1
    positive, ///< number
    negative, ///< number as two's complement
    real,     ///< value not kept: no message has one
    text,     ///< data, size
    too_large_text,
    binary, ///< value not kept: no message has one
    array,  ///< size items follow
    map,    ///< size pairs follow
};

struct token {
    token_type type = token_type::nil;
    std::uint32_t size = 0; ///< bytes of a text, items of an array, pairs of a map
    union {
        std::uint64_t number = 0;
        const char* data;
        std::uint64_t span; ///< tokens of a container, itself included
    };

    [[nodiscard]] std::string_view text() const noexcept { return {data, size}; }
    /// The token after this value and all it holds.
    [[nodiscard]] const token* next() const noexcept {
        return this + (type == token_type::array || type == token_type::map ? span : 1);
    }
};

class tape {
public:
    /// Reads the object that starts at `offset` (inside the frame) and moves `offset` behind it. Empty, or what makes the rest
    /// of the frame undecodable; then `offset` is where it was. Throws std::bad_alloc only.
    [[nodiscard]] const char* read(std::string_view frame, std::size_t& offset);

    /// The object read last, valid until the next read.
    [[nodiscard]] const token& root() const noexcept { return tokens_.front(); }
    /// Whether a string over its limit stands anywhere in the object.
    [[nodiscard]] bool has_too_large_text() const noexcept { return has_too_large_text_; }

private:
    class visitor;

    token& add();
    void grow();

    std::vector<token> tokens_; ///< the first used_ of them stand for the object
    std::size_t used_ = 0;
    bool has_too_large_text_ = false;
};

/// Bytes of the msgpack object that `bytes` starts with. For bytes that a tape has read before.
[[nodiscard]] std::size_t object_bytes(std::string_view bytes);

} // namespace fenliu::protocol
