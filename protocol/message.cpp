#include "protocol/message.hpp"

#include <algorithm>
#include <array>
#include <concepts>

#include "protocol/kind.hpp"

namespace fenliu::protocol {

namespace {

constexpr std::array<std::string_view, 3> role_names{"frontend", "agent", "admin"};
constexpr std::array<std::string_view, 4> presence_names{"offline", "online", "invisible", "suspended"};
constexpr std::array<std::string_view, 3> order_status_names{"placed", "paid", "refund"};
constexpr std::array<std::string_view, 3> history_scope_names{"own", "all", "exists"};

template <class Enum, std::size_t Size>
std::optional<Enum> value_of(const std::array<std::string_view, Size>& names, std::string_view name) noexcept {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

// In the order of the variant; a rejected message brings its own.
constexpr std::array<kind, 33> kinds{
    kind::hello,       kind::welcome,
    kind::heartbeat,   kind::ack,
    kind::bye,         kind::error,
    kind::credit,      kind::publish,
    kind::buyer_left,  kind::rating,
    kind::order_event, kind::attach,
    kind::stored,      kind::routed,
    kind::reply,       kind::prompt,
    kind::queue_moved, kind::presence_change,
    kind::say,         kind::forward,
    kind::close,       kind::history_request,
    kind::pick,        kind::note,
    kind::assigned,    kind::unassigned,
    kind::buyer_line,  kind::history_page,
    kind::result,      kind::said,
    kind::alert,       kind::admin_request,
    kind::admin_reply,
};
static_assert(kinds.size() + 1 == std::variant_size_v<message>);

struct ref_reader {
    template <class Kind>
    std::optional<std::string_view> operator()(const Kind& value) const noexcept {
        if constexpr (requires { value.msg_id; })
            return value.msg_id;
        else if constexpr (requires { value.request_id; })
            return value.request_id;
        else if constexpr (requires { value.ref; })
            return value.ref;
        else
            return std::nullopt;
    }
};

} // namespace

std::string_view name(role value) noexcept { return role_names[static_cast<std::size_t>(value)]; }
std::string_view name(presence value) noexcept { return presence_names[static_cast<std::size_t>(value)]; }
std::string_view name(order_status value) noexcept { return order_status_names[static_cast<std::size_t>(value)]; }
std::string_view name(history_scope value) noexcept { return history_scope_names[static_cast<std::size_t>(value)]; }

std::optional<role> role_of(std::string_view name) noexcept { return value_of<role>(role_names, name); }
std::optional<presence> presence_of(std::string_view name) noexcept { return value_of<presence>(presence_names, name); }
std::optional<order_status> order_status_of(std::string_view name) noexcept {
    return value_of<order_status>(order_status_names, name);
}
std::optional<history_scope> history_scope_of(std::string_view name) noexcept {
    return value_of<history_scope>(history_scope_names, name);
}

std::uint32_t kind_of(const message& value) noexcept {
    if (const auto* bad = std::get_if<rejected>(&value)) return bad->kind;
    return static_cast<std::uint32_t>(kinds[value.index()]);
}

bool is_data(const message& value) noexcept {
    const std::uint32_t number = kind_of(value);
    if (number == static_cast<std::uint32_t>(kind::error)) return ref_of(value).has_value();
    return number == 0 || number >= first_data_kind;
}

std::optional<std::string_view> ref_of(const message& value) noexcept { return std::visit(ref_reader{}, value); }

} // namespace fenliu::protocol
