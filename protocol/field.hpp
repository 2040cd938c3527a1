// Typed reading of a tape: a field is one value with the rules of the wire contract (missing and nil mean the default), a
// field_list walks an array or a map. The first broken rule is kept as the rejection of the message; reading goes on with
// defaults, so that readers need no branches. Lives for one message inside the decoder.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "protocol/account.hpp"
#include "protocol/error.hpp"
#include "protocol/limits.hpp"
#include "protocol/tape.hpp"

namespace fenliu::protocol {

/// Why a whole object is no acceptable message; `what` names the field.
struct rejection {
    errc code = errc::ok;
    const char* what = "";

    void set(errc reason, const char* field) noexcept {
        if (code != errc::ok) return;
        code = reason;
        what = field;
    }
};

class field_list;

class field {
public:
    field(const token& value, rejection& why) noexcept
        : value_(&value)
        , why_(&why) {}

    [[nodiscard]] bool is(token_type type) const noexcept { return value_->type == type; }

    /// A text of at most `limit` bytes; nil is empty.
    [[nodiscard]] std::string_view text(const char* what, std::size_t limit = limits::string_bytes) const noexcept {
        if (is(token_type::text) && value_->size <= limit) return value_->text();
        if (!is(token_type::nil)) why_->set(is(token_type::too_large_text) ? errc::too_large : errc::malformed, what);
        return {};
    }
    /// A text of 1…`limit` bytes.
    [[nodiscard]] std::string_view required(const char* what, std::size_t limit) const noexcept {
        const std::string_view read = text(what, limit);
        if (read.empty()) why_->set(errc::malformed, what);
        return read;
    }
    /// A msg_id, request_id or conversation.
    [[nodiscard]] std::string_view id(const char* what) const noexcept { return required(what, limits::id_bytes); }
    [[nodiscard]] std::string_view shop(const char* what) const {
        const std::string_view read = required(what, limits::shop_bytes);
        if (check_shop(read)) why_->set(errc::malformed, what);
        return read;
    }
    [[nodiscard]] std::string_view buyer(const char* what) const {
        const std::string_view read = required(what, limits::buyer_bytes);
        if (check_buyer(read)) why_->set(errc::malformed, what);
        return read;
    }

    /// An unsigned integer that fits; nil is 0.
    template <std::unsigned_integral Number>
    [[nodiscard]] Number number(const char* what) const noexcept {
        if (is(token_type::positive) && value_->number <= std::numeric_limits<Number>::max())
            return static_cast<Number>(value_->number);
        if (!is(token_type::nil)) why_->set(errc::malformed, what);
        return 0;
    }
    /// A signed 64-bit integer; nil is 0.
    [[nodiscard]] std::int64_t integer(const char* what) const noexcept {
        if (is(token_type::negative)) return static_cast<std::int64_t>(value_->number);
        const auto read = number<std::uint64_t>(what);
        if (read > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
            why_->set(errc::malformed, what);
            return 0;
        }
        return static_cast<std::int64_t>(read);
    }
    /// A boolean; nil is false.
    [[nodiscard]] bool flag(const char* what) const noexcept {
        if (is(token_type::boolean)) return value_->number != 0;
        if (!is(token_type::nil)) why_->set(errc::malformed, what);
        return false;
    }
    /// One of the names that `value_of` knows; nil is `otherwise`, or an error without it.
    template <class Enum>
    [[nodiscard]] Enum one_of(std::optional<Enum> (*value_of)(std::string_view) noexcept, const char* what,
                              std::optional<Enum> otherwise = std::nullopt) const noexcept {
        if (is(token_type::nil) && otherwise) return *otherwise;
        const std::optional<Enum> read = value_of(text(what));
        if (!read) why_->set(errc::malformed, what);
        return read.value_or(Enum{});
    }
    /// The items of an array of at most `limit`; nil is an empty one.
    [[nodiscard]] field_list items(const char* what, std::size_t limit = limits::array_items) const noexcept;
    /// The pairs of a map, as key, value, key, value…; nil is an empty one.
    [[nodiscard]] field_list pairs(const char* what) const noexcept;
    /// A map's key; any that is no text is empty, and so is unknown to every message.
    [[nodiscard]] std::string_view key() const noexcept { return is(token_type::text) ? value_->text() : std::string_view{}; }

    void reject(const char* what) const noexcept { why_->set(errc::malformed, what); }

private:
    const token* value_;
    rejection* why_;
};

class field_list {
public:
    field_list(const token* first, std::uint32_t count, rejection& why) noexcept
        : next_(first)
        , left_(count)
        , why_(&why) {}

    [[nodiscard]] std::uint32_t left() const noexcept { return left_; }
    /// The next value; nil where none is left.
    [[nodiscard]] field next() noexcept {
        static constexpr token nil{};
        if (left_ == 0) return {nil, *why_};
        const token& value = *next_;
        next_ = value.next();
        --left_;
        return {value, *why_};
    }
    [[nodiscard]] rejection& why() const noexcept { return *why_; }

private:
    const token* next_;
    std::uint32_t left_;
    rejection* why_;
};

inline field_list field::items(const char* what, std::size_t limit) const noexcept {
    if (is(token_type::array) && value_->size <= limit) return {value_ + 1, value_->size, *why_};
    if (!is(token_type::nil)) why_->set(errc::malformed, what);
    return {nullptr, 0, *why_};
}

inline field_list field::pairs(const char* what) const noexcept {
    if (is(token_type::map)) return {value_ + 1, 2 * value_->size, *why_};
    if (!is(token_type::nil)) why_->set(errc::malformed, what);
    return {nullptr, 0, *why_};
}

} // namespace fenliu::protocol
