#include "storage/record_tokens.hpp"

#include <exception>

#include <msgpack.hpp>

#include "protocol/limits.hpp"

namespace fenliu::storage {

class record_tokens::visitor : public msgpack::null_visitor {
public:
    explicit visitor(record_tokens& to)
        : to_{to} {}
    [[nodiscard]] bool broken() const noexcept { return broken_; }

    bool visit_nil() { return false; }
    bool visit_boolean(bool value) { return add({token::kind::boolean, {.number = value}, 0}); }
    bool visit_positive_integer(std::uint64_t value) { return add({token::kind::unsigned_integer, {.number = value}, 0}); }
    bool visit_negative_integer(std::int64_t value) { return add({token::kind::negative_integer, {.negative = value}, 0}); }
    bool visit_float32(float) { return false; }
    bool visit_float64(double value) { return add({token::kind::real, {.real = value}, 0}); }
    bool visit_str(const char* text, std::uint32_t size) { return add({token::kind::text, {.data = text}, size}); }
    bool visit_bin(const char*, std::uint32_t) { return false; }
    bool visit_ext(const char*, std::uint32_t) { return false; }
    bool start_array(std::uint32_t size) {
        return ++depth_ <= limits::depth && size <= capacity && add({token::kind::array, {.number = size}, 0});
    }
    bool end_array() {
        --depth_;
        return true;
    }
    bool start_map(std::uint32_t) { return false; }
    void parse_error(std::size_t, std::size_t) { broken_ = true; }
    void insufficient_bytes(std::size_t, std::size_t) { broken_ = true; }

private:
    bool add(token value) {
        if (to_.count_ == capacity) return false;
        to_.items_[to_.count_++] = value;
        return true;
    }

    record_tokens& to_;
    std::size_t depth_ = 0;
    bool broken_ = false;
};

bool record_tokens::parse(std::string_view payload) noexcept {
    try {
        visitor each{*this};
        std::size_t offset = 0;
        return msgpack::parse(payload.data(), payload.size(), offset, each) && offset == payload.size() && !each.broken();
    } catch (const std::exception&) { // bad_alloc or a size overflow inside msgpack
        return false;
    }
}

} // namespace fenliu::storage
