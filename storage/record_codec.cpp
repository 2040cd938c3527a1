#include "storage/record_codec.hpp"

#include <cassert>
#include <limits>
#include <tuple>
#include <type_traits>

#include <msgpack.hpp>

#include "protocol/limits.hpp"
#include "storage/record_tokens.hpp"

namespace fenliu::storage {
namespace {

using namespace fenliu::routing;

// The numbers that stand in FORMAT.md. They are written to disk: never change one, never use one again.
template <class Record>
constexpr std::uint32_t type_number = 0;
template <>
constexpr std::uint32_t type_number<shop_made> = 1;
template <>
constexpr std::uint32_t type_number<account_set> = 2;
template <>
constexpr std::uint32_t type_number<conversation_opened> = 3;
template <>
constexpr std::uint32_t type_number<line_added> = 4;
template <>
constexpr std::uint32_t type_number<place_changed> = 5;
template <>
constexpr std::uint32_t type_number<conversation_closed> = 6;
template <>
constexpr std::uint32_t type_number<buyer_set> = 7;
template <>
constexpr std::uint32_t type_number<prompt_sent> = 8;
template <>
constexpr std::uint32_t type_number<note_added> = 9;
template <>
constexpr std::uint32_t type_number<conversation_rated> = 10;
template <>
constexpr std::uint32_t type_number<order_changed> = 11;

// Enumerations are stored by these numbers; how many each has bounds what is accepted.
template <class Enum>
constexpr std::uint64_t enum_values = 0;
template <>
constexpr std::uint64_t enum_values<conversation_state> = 6;
template <>
constexpr std::uint64_t enum_values<side> = 4;
template <>
constexpr std::uint64_t enum_values<protocol::presence> = 4;
template <>
constexpr std::uint64_t enum_values<protocol::order_status> = 3;

static_assert(conversation_state{0} == conversation_state::fresh && conversation_state{1} == conversation_state::robot &&
              conversation_state{2} == conversation_state::queued && conversation_state{3} == conversation_state::pooled &&
              conversation_state{4} == conversation_state::assigned && conversation_state{5} == conversation_state::closed);
static_assert(side{0} == side::buyer && side{1} == side::agent && side{2} == side::robot && side{3} == side::system);
static_assert(protocol::presence{0} == protocol::presence::offline && protocol::presence{1} == protocol::presence::online &&
              protocol::presence{2} == protocol::presence::invisible && protocol::presence{3} == protocol::presence::suspended);
static_assert(protocol::order_status{0} == protocol::order_status::placed &&
              protocol::order_status{1} == protocol::order_status::paid &&
              protocol::order_status{2} == protocol::order_status::refund);

/// The fields of a record in the order in which they are stored: one description for both directions.
template <class Record>
auto fields(Record& r) {
    using type = std::remove_const_t<Record>;
    if constexpr (std::is_same_v<type, shop_made>)
        return std::tie(r.shop, r.at);
    else if constexpr (std::is_same_v<type, account_set>)
        return std::tie(r.shop, r.account, r.at, r.cap, r.participating, r.suspended, r.robot, r.presence, r.credit, r.by);
    else if constexpr (std::is_same_v<type, conversation_opened>)
        return std::tie(r.number, r.shop, r.buyer, r.at, r.tags, r.lang, r.returning);
    else if constexpr (std::is_same_v<type, line_added>)
        return std::tie(r.number, r.seq, r.at, r.side, r.from, r.msg_id, r.text);
    else if constexpr (std::is_same_v<type, place_changed>)
        return std::tie(r.number, r.epoch, r.at, r.state, r.owner, r.reason, r.causes, r.contact, r.forwarded, r.by, r.note,
                        r.waiting_since, r.wait_class, r.credit_clock, r.credit, r.counted);
    else if constexpr (std::is_same_v<type, conversation_closed>)
        return std::tie(r.number, r.at, r.cause);
    else if constexpr (std::is_same_v<type, buyer_set>)
        return std::tie(r.shop, r.buyer, r.at, r.member, r.private_contact, r.dedicated, r.tags, r.crowds);
    else if constexpr (std::is_same_v<type, prompt_sent>)
        return std::tie(r.shop, r.buyer, r.at);
    else if constexpr (std::is_same_v<type, note_added>)
        return std::tie(r.number, r.at, r.by, r.request_id, r.flag, r.text);
    else if constexpr (std::is_same_v<type, conversation_rated>)
        return std::tie(r.number, r.at, r.agent, r.score);
    else if constexpr (std::is_same_v<type, order_changed>)
        return std::tie(r.shop, r.buyer, r.at, r.order_id, r.status, r.amount_cents, r.agent);
    else if constexpr (std::is_same_v<type, crowd_membership>)
        return std::tie(r.id, r.since, r.until);
}

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
void pack(packer& to, const crowd_membership& value) {
    to.pack_array(3);
    pack(to, value.id);
    pack(to, value.since);
    pack(to, value.until);
}
template <class Item>
void pack(packer& to, const std::vector<Item>& values) {
    to.pack_array(static_cast<std::uint32_t>(values.size()));
    for (const auto& each : values)
        pack(to, each);
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
bool take(record_tokens& from, crowd_membership& out) {
    const token* each = from.next();
    return each && each->what == token::kind::array && each->number == 3 && take(from, out.id) && take(from, out.since) &&
           take(from, out.until);
}
template <class Item>
bool take(record_tokens& from, std::vector<Item>& out) {
    const token* each = from.next();
    if (!each || each->what != token::kind::array) return false;
    out.resize(each->number); // no more than the tokens a payload may have
    for (auto& item : out)
        if (!take(from, item)) return false;
    return true;
}

template <class Record>
bool decode_record(record_tokens& from, std::uint64_t items, record& out) {
    auto& value = out.emplace<Record>();
    return std::apply(
        [&](auto&... field) { return items == 1 + sizeof...(field) && (take(from, field) && ...) && from.at_end(); },
        fields(value));
}

} // namespace

void encode(std::string& out, const record& value) {
    std::visit([&](const auto& each) { encode_record(out, each); }, value);
}
void encode(std::string& out, const shop_made& value) { encode_record(out, value); }
void encode(std::string& out, const account_set& value) { encode_record(out, value); }
void encode(std::string& out, const conversation_opened& value) { encode_record(out, value); }
void encode(std::string& out, const line_added& value) { encode_record(out, value); }
void encode(std::string& out, const place_changed& value) { encode_record(out, value); }
void encode(std::string& out, const conversation_closed& value) { encode_record(out, value); }
void encode(std::string& out, const buyer_set& value) { encode_record(out, value); }
void encode(std::string& out, const prompt_sent& value) { encode_record(out, value); }
void encode(std::string& out, const note_added& value) { encode_record(out, value); }
void encode(std::string& out, const conversation_rated& value) { encode_record(out, value); }
void encode(std::string& out, const order_changed& value) { encode_record(out, value); }

bool decode(std::string_view payload, record& out) {
    record_tokens from;
    std::uint32_t type = 0;
    if (!from.parse(payload)) return false;
    const token* array = from.next();
    if (!array || array->what != token::kind::array || !take(from, type)) return false;
    const std::uint64_t items = array->number;
    switch (type) {
    case type_number<shop_made>:
        return decode_record<shop_made>(from, items, out);
    case type_number<account_set>:
        return decode_record<account_set>(from, items, out);
    case type_number<conversation_opened>:
        return decode_record<conversation_opened>(from, items, out);
    case type_number<line_added>:
        return decode_record<line_added>(from, items, out);
    case type_number<place_changed>:
        return decode_record<place_changed>(from, items, out);
    case type_number<conversation_closed>:
        return decode_record<conversation_closed>(from, items, out);
    case type_number<buyer_set>:
        return decode_record<buyer_set>(from, items, out);
    case type_number<prompt_sent>:
        return decode_record<prompt_sent>(from, items, out);
    case type_number<note_added>:
        return decode_record<note_added>(from, items, out);
    case type_number<conversation_rated>:
        return decode_record<conversation_rated>(from, items, out);
    case type_number<order_changed>:
        return decode_record<order_changed>(from, items, out);
    default:
        return false;
    }
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
