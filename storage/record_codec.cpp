#include "storage/record_codec.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <type_traits>
#include <utility>

#include <msgpack.hpp>

#include "protocol/limits.hpp"
#include "storage/record_fields.hpp"
#include "storage/record_tokens.hpp"

namespace fenliu::storage {
namespace {

// --- writing ---------------------------------------------------------------------------------------------------------------

struct string_sink {
    std::string& out;
    void write(const char* data, std::size_t size) { out.append(data, size); }
};
using packer = msgpack::packer<string_sink>;

void pack(packer& to, std::string_view value) {
    to.pack_str(static_cast<std::uint32_t>(value.size()));
    to.pack_str_body(value.data(), static_cast<std::uint32_t>(value.size()));
}
void pack(packer& to, bool value) { value ? to.pack_true() : to.pack_false(); }
void pack(packer& to, double value) { to.pack_double(value); }
void pack(packer& to, reason value) { pack(to, name(value)); }
template <class Integer>
requires std::is_integral_v<Integer>
void pack(packer& to, Integer value) {
    if constexpr (std::is_signed_v<Integer>)
        to.pack_int64(value);
    else
        to.pack_uint64(value);
}
template <class Enum>
requires std::is_enum_v<Enum>
void pack(packer& to, Enum value) {
    static_assert(enum_values<Enum> > 0);
    to.pack_uint8(static_cast<std::uint8_t>(value));
}
template <has_fields Part>
void pack(packer& to, const Part& value);
template <class List>
requires requires(const List& list) {
    list.begin() == list.end();
} &&(!std::is_convertible_v<List, std::string_view>)void pack(packer& to, const List& values) {
    to.pack_array(static_cast<std::uint32_t>(values.size()));
    for (const auto& each : values)
        pack(to, each);
}
template <has_fields Part>
void pack(packer& to, const Part& value) {
    std::apply(
        [&](const auto&... field) {
            to.pack_array(sizeof...(field));
            (pack(to, field), ...);
        },
        fields(value));
}

template <class Record>
void encode_record(std::string& out, const Record& value) {
    string_sink sink{out};
    packer to{sink};
    std::apply(
        [&](const auto&... field) {
            to.pack_array(1 + sizeof...(field));
            to.pack_uint32(type_number<Record>);
            (pack(to, field), ...);
        },
        fields(value));
}

// --- reading ---------------------------------------------------------------------------------------------------------------

bool take(record_tokens& from, std::string_view& out) {
    const token* each = from.next();
    if (!each || each->what != token::kind::text) return false;
    out = each->text();
    return true;
}
bool take(record_tokens& from, bool& out) {
    const token* each = from.next();
    if (!each || each->what != token::kind::boolean) return false;
    out = each->number != 0;
    return true;
}
// msgpack-c writes a whole number as an integer, also when it is handed over as a double.
bool take(record_tokens& from, double& out) {
    const token* each = from.next();
    if (!each) return false;
    switch (each->what) {
    case token::kind::real:
        out = each->real;
        return true;
    case token::kind::unsigned_integer:
        out = static_cast<double>(each->number);
        return true;
    case token::kind::negative_integer:
        out = static_cast<double>(each->negative);
        return true;
    default:
        return false;
    }
}
bool take(record_tokens& from, reason& out) {
    std::string_view text;
    if (!take(from, text)) return false;
    const auto found = text.empty() ? reason::none : reason_of(text);
    if (found) out = *found;
    return found.has_value();
}
template <class Integer>
requires std::is_integral_v<Integer>
bool take(record_tokens& from, Integer& out) {
    const token* each = from.next();
    if (!each) return false;
    if (each->what == token::kind::negative_integer) {
        if constexpr (std::is_signed_v<Integer>) {
            static_assert(sizeof(Integer) == sizeof(std::int64_t));
            out = each->negative;
            return true;
        }
        return false;
    }
    if (each->what != token::kind::unsigned_integer) return false;
    if (each->number > static_cast<std::uint64_t>(std::numeric_limits<Integer>::max())) return false;
    out = static_cast<Integer>(each->number);
    return true;
}
template <class Enum>
requires std::is_enum_v<Enum>
bool take(record_tokens& from, Enum& out) {
    std::uint64_t number = 0;
    if (!take(from, number) || number >= enum_values<Enum>) return false;
    out = static_cast<Enum>(number);
    return true;
}
bool take(record_tokens& from, failing_counts& out) {
    const token* each = from.next();
    return each && each->what == token::kind::array && each->number == out.size() &&
           std::all_of(out.begin(), out.end(), [&](std::uint32_t& count) { return take(from, count); });
}
template <has_fields Part>
bool take(record_tokens& from, Part& out);
template <class Item>
bool take(record_tokens& from, std::vector<Item>& out) {
    const token* each = from.next();
    if (!each || each->what != token::kind::array) return false;
    out.resize(each->number); // no more than the tokens a payload may have
    for (auto& item : out)
        if (!take(from, item)) return false;
    return true;
}

template <has_fields Part>
bool take(record_tokens& from, Part& out) {
    const token* each = from.next();
    return std::apply(
        [&](auto&... field) {
            return each && each->what == token::kind::array && each->number == sizeof...(field) && (take(from, field) && ...);
        },
        fields(out));
}

template <class Record>
bool decode_record(record_tokens& from, std::uint64_t items, record& out) {
    auto& value = out.emplace<Record>();
    return std::apply(
        [&](auto&... field) { return items == 1 + sizeof...(field) && (take(from, field) && ...) && from.at_end(); },
        fields(value));
}

template <std::size_t... Index>
bool decode_as(record_tokens& from, std::uint64_t items, std::uint32_t type, record& out, std::index_sequence<Index...>) {
    bool whole = false;
    const bool known = ((type == type_number<std::variant_alternative_t<Index, record>> &&
                         (whole = decode_record<std::variant_alternative_t<Index, record>>(from, items, out), true)) ||
                        ...);
    return known && whole;
}

} // namespace

void encode(std::string& out, const record& value) {
    std::visit([&](const auto& each) { encode_record(out, each); }, value);
}

template <class Record>
void encode(std::string& out, const Record& value) {
    encode_record(out, value);
}
template void encode(std::string&, const shop_made&);
template void encode(std::string&, const account_set&);
template void encode(std::string&, const conversation_opened&);
template void encode(std::string&, const line_added&);
template void encode(std::string&, const place_changed&);
template void encode(std::string&, const conversation_closed&);
template void encode(std::string&, const buyer_set&);
template void encode(std::string&, const prompt_sent&);
template void encode(std::string&, const note_added&);
template void encode(std::string&, const conversation_rated&);
template void encode(std::string&, const order_changed&);
template void encode(std::string&, const decision_made&);
template void encode(std::string&, const agent_reported&);
template void encode(std::string&, const roster_noted&);
template void encode(std::string&, const policy_part&);
template void encode(std::string&, const policy_set&);
template void encode(std::string&, const rating_set&);
template void encode(std::string&, const admin_acted&);
template void encode(std::string&, const buyer_erased&);
template void encode(std::string&, const history_pruned&);
template void encode(std::string&, const token_revoked&);

bool decode(std::string_view payload, record& out) {
    record_tokens from;
    std::uint32_t type = 0;
    if (!from.parse(payload)) return false;
    const token* array = from.next();
    if (!array || array->what != token::kind::array || !take(from, type)) return false;
    return decode_as(from, array->number, type, out, std::make_index_sequence<std::variant_size_v<record>>{});
}

std::size_t record_batch::open() {
    bytes_.append(sizeof(std::uint32_t), '\0');
    return bytes_.size();
}

void record_batch::close(std::size_t start) {
    const std::size_t size = bytes_.size() - start;
    assert(size > 0 && size <= limits::record_bytes);
    for (unsigned i = 0; i < sizeof(std::uint32_t); ++i)
        bytes_[start - sizeof(std::uint32_t) + i] = static_cast<char>(size >> (8 * i) & 0xff);
    ++count_;
}

} // namespace fenliu::storage
