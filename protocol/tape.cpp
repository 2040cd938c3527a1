#include "protocol/tape.hpp"

#include <array>

#include <msgpack.hpp>

#include "protocol/limits.hpp"
#include "protocol/utf8.hpp"

namespace fenliu::protocol {

namespace {

/// Room for any message but a page or a tail, so that the tape stops growing after the first few.
constexpr std::size_t first_tokens = 64;

} // namespace

inline token& tape::add() {
    if (used_ == tokens_.size()) grow();
    return tokens_[used_++];
}

void tape::grow() { tokens_.resize(tokens_.empty() ? first_tokens : 2 * tokens_.size()); }

/// msgpack-c calls this for each element; false stops it. Containers are announced with their size before their items, so a
/// size over the limit costs nothing.
class tape::visitor : public msgpack::null_visitor {
public:
    explicit visitor(tape& target)
        : target_(target) {}

    [[nodiscard]] const char* fault() const noexcept { return fault_; }

    bool visit_nil() { return add(token_type::nil); }
    bool visit_boolean(bool value) { return add(token_type::boolean, 0, value ? 1 : 0); }
    bool visit_positive_integer(std::uint64_t value) { return add(token_type::positive, 0, value); }
    bool visit_negative_integer(std::int64_t value) {
        // The signed formats may hold a positive number too.
        return add(value < 0 ? token_type::negative : token_type::positive, 0, static_cast<std::uint64_t>(value));
    }
    bool visit_float32(float) { return add(token_type::real); }
    bool visit_float64(double) { return add(token_type::real); }
    bool visit_str(const char* data, std::uint32_t size) {
        // msgpack-c gives no usable pointer for an empty string.
        if (!is_utf8({size == 0 ? "" : data, size})) return stop("text that is not UTF-8");
        const bool fits = size <= limits::string_bytes;
        if (!fits) target_.has_too_large_text_ = true;
        token& made = target_.add();
        made.type = fits ? token_type::text : token_type::too_large_text;
        made.size = size;
        made.data = size == 0 ? "" : data;
        return true;
    }
    bool visit_bin(const char*, std::uint32_t size) {
        if (size > limits::string_bytes) target_.has_too_large_text_ = true;
        return add(token_type::binary);
    }
    bool visit_ext(const char*, std::uint32_t) { return stop("an ext type"); }

    bool start_array(std::uint32_t items) {
        if (items > limits::array_items) return stop("an array of more than 1024 items");
        return open(token_type::array, items);
    }
    bool end_array() { return close(); }
    bool start_map(std::uint32_t pairs) {
        if (pairs > limits::map_items) return stop("a map of more than 128 pairs");
        return open(token_type::map, pairs);
    }
    bool end_map() { return close(); }

    void parse_error(std::size_t, std::size_t) { fault_ = "a byte that is no msgpack"; }
    void insufficient_bytes(std::size_t, std::size_t) { fault_ = "an object cut short"; }

private:
    bool add(token_type type, std::uint32_t size = 0, std::uint64_t number = 0) {
        token& made = target_.add();
        made.type = type;
        made.size = size;
        made.number = number;
        return true;
    }
    bool open(token_type type, std::uint32_t size) {
        if (depth_ == limits::depth) return stop("nesting deeper than 8");
        open_[depth_++] = target_.used_;
        return add(type, size);
    }
    bool close() {
        const std::size_t start = open_[--depth_];
        target_.tokens_[start].span = target_.used_ - start;
        return true;
    }
    bool stop(const char* fault) {
        fault_ = fault;
        return false;
    }

    tape& target_;
    std::array<std::size_t, limits::depth> open_{};
    std::size_t depth_ = 0;
    const char* fault_ = nullptr;
};

const char* tape::read(std::string_view frame, std::size_t& offset) {
    used_ = 0;
    has_too_large_text_ = false;
    visitor seen(*this);
    std::size_t end = offset;
    try {
        if (msgpack::parse(frame.data(), frame.size(), end, seen)) {
            offset = end;
            return nullptr;
        }
    } catch (const msgpack::unpack_error&) {
        return "a size that msgpack cannot hold";
    }
    return seen.fault();
}

std::size_t object_bytes(std::string_view bytes) {
    msgpack::null_visitor skip;
    std::size_t end = 0;
    [[maybe_unused]] const bool whole = msgpack::parse(bytes.data(), bytes.size(), end, skip);
    return end;
}

} // namespace fenliu::protocol
