// How each record is laid out on the disk (storage/FORMAT.md): its number, its fields in order, the values of enumerations. One
// description for both directions of the codec. Stateless.
#pragma once

#include <cstdint>
#include <tuple>
#include <type_traits>

#include "routing/record.hpp"

namespace fenliu::storage {

using namespace fenliu::routing;

// The numbers that stand in FORMAT.md. They are written to disk: never change one, never use one again.
template <class Record>
inline constexpr std::uint32_t type_number = 0;
template <>
inline constexpr std::uint32_t type_number<shop_made> = 1;
template <>
inline constexpr std::uint32_t type_number<account_set> = 2;
template <>
inline constexpr std::uint32_t type_number<conversation_opened> = 3;
template <>
inline constexpr std::uint32_t type_number<line_added> = 4;
template <>
inline constexpr std::uint32_t type_number<place_changed> = 5;
template <>
inline constexpr std::uint32_t type_number<conversation_closed> = 6;
template <>
inline constexpr std::uint32_t type_number<buyer_set> = 7;
template <>
inline constexpr std::uint32_t type_number<prompt_sent> = 8;
template <>
inline constexpr std::uint32_t type_number<note_added> = 9;
template <>
inline constexpr std::uint32_t type_number<conversation_rated> = 10;
template <>
inline constexpr std::uint32_t type_number<order_changed> = 11;
template <>
inline constexpr std::uint32_t type_number<decision_made> = 12;
template <>
inline constexpr std::uint32_t type_number<agent_reported> = 13;
template <>
inline constexpr std::uint32_t type_number<roster_noted> = 14;
template <>
inline constexpr std::uint32_t type_number<policy_part> = 15;
template <>
inline constexpr std::uint32_t type_number<policy_set> = 16;
template <>
inline constexpr std::uint32_t type_number<rating_set> = 17;
template <>
inline constexpr std::uint32_t type_number<admin_acted> = 18;
template <>
inline constexpr std::uint32_t type_number<token_revoked> = 19;
template <>
inline constexpr std::uint32_t type_number<buyer_erased> = 20;
template <>
inline constexpr std::uint32_t type_number<history_pruned> = 21;

// Enumerations are stored by these numbers; how many each has bounds what is accepted.
template <class Enum>
inline constexpr std::uint64_t enum_values = 0;
template <>
inline constexpr std::uint64_t enum_values<conversation_state> = 6;
template <>
inline constexpr std::uint64_t enum_values<side> = 4;
template <>
inline constexpr std::uint64_t enum_values<protocol::presence> = 4;
template <>
inline constexpr std::uint64_t enum_values<protocol::order_status> = 3;
template <>
inline constexpr std::uint64_t enum_values<entry_kind> = 3;
template <>
inline constexpr std::uint64_t enum_values<service_rating> = 4;
template <>
inline constexpr std::uint64_t enum_values<outcome> = 7;
template <>
inline constexpr std::uint64_t enum_values<question> = 5;

static_assert(conversation_state{0} == conversation_state::fresh && conversation_state{1} == conversation_state::robot &&
              conversation_state{2} == conversation_state::queued && conversation_state{3} == conversation_state::pooled &&
              conversation_state{4} == conversation_state::assigned && conversation_state{5} == conversation_state::closed);
static_assert(side{0} == side::buyer && side{1} == side::agent && side{2} == side::robot && side{3} == side::system);
static_assert(protocol::presence{0} == protocol::presence::offline && protocol::presence{1} == protocol::presence::online &&
              protocol::presence{2} == protocol::presence::invisible && protocol::presence{3} == protocol::presence::suspended);
static_assert(protocol::order_status{0} == protocol::order_status::placed &&
              protocol::order_status{1} == protocol::order_status::paid &&
              protocol::order_status{2} == protocol::order_status::refund);
static_assert(entry_kind{0} == entry_kind::none && entry_kind{1} == entry_kind::lit_icon &&
              entry_kind{2} == entry_kind::message_box);
static_assert(service_rating{0} == service_rating::none && service_rating{1} == service_rating::bronze &&
              service_rating{2} == service_rating::silver && service_rating{3} == service_rating::gold);
static_assert(outcome{0} == outcome::award && outcome{1} == outcome::keep && outcome{2} == outcome::queue &&
              outcome{3} == outcome::pool && outcome{4} == outcome::robot && outcome{5} == outcome::hold &&
              outcome{6} == outcome::reject);
static_assert(question{0} == question::message && question{1} == question::wait && question{2} == question::forward &&
              question{3} == question::pick && question{4} == question::assign);

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
    else if constexpr (std::is_same_v<type, traced_candidate>)
        return std::tie(r.account, r.credit, r.load, r.cap, r.idle_since);
    else if constexpr (std::is_same_v<type, traced_request>)
        return std::tie(r.state, r.entry, r.from_seller, r.private_contact, r.member, r.grace_over, r.pinned, r.handed_off,
                        r.recent_by_forward, r.new_today, r.buyer, r.to, r.clicked_group, r.product, r.order_state, r.group,
                        r.dedicated, r.owner, r.recent_account, r.recent_at, r.last_session_end, r.last_prompt, r.waiting_since,
                        r.wait_class, r.tags, r.crowds);
    else if constexpr (std::is_same_v<type, decision_made>)
        return std::tie(r.number, r.shop, r.at, r.seq, r.message_id, r.question, r.policy_version, r.seed, r.rating, r.waiting,
                        r.request, r.outcome, r.reason, r.causes, r.agent, r.group, r.wanted, r.text, r.priority, r.emergency,
                        r.handed_off, r.priority_failed, r.prompt, r.charged, r.counted, r.failing, r.candidates, r.declined);
    else if constexpr (std::is_same_v<type, agent_reported>)
        return std::tie(r.shop, r.account, r.at, r.online, r.held, r.suspended, r.participating, r.robot, r.on_shift, r.load,
                        r.cap, r.idle_since);
    else if constexpr (std::is_same_v<type, noted_agent>)
        return std::tie(r.account, r.credit, r.online, r.held, r.suspended, r.participating, r.robot, r.on_shift, r.load, r.cap,
                        r.idle_since);
    else if constexpr (std::is_same_v<type, roster_noted>)
        return std::tie(r.shop, r.at, r.part, r.parts, r.clock, r.agents, r.last_chosen);
    else if constexpr (std::is_same_v<type, policy_part>)
        return std::tie(r.shop, r.text);
    else if constexpr (std::is_same_v<type, policy_set>)
        return std::tie(r.shop, r.version, r.at, r.by, r.source, r.note, r.text);
    else if constexpr (std::is_same_v<type, rating_set>)
        return std::tie(r.shop, r.at, r.by, r.rating, r.from);
    else if constexpr (std::is_same_v<type, admin_acted>)
        return std::tie(r.shop, r.at, r.by, r.verb, r.detail);
    else if constexpr (std::is_same_v<type, buyer_erased>)
        return std::tie(r.shop, r.buyer, r.at, r.by);
    else if constexpr (std::is_same_v<type, history_pruned>)
        return std::tie(r.shop, r.at, r.by, r.before);
    else if constexpr (std::is_same_v<type, token_revoked>)
        return std::tie(r.id, r.at, r.by, r.expires_at);
}

/// What is stored as an array of its fields, be it a record or a part of one.
template <class Value>
concept has_fields = requires(Value& value) {
    std::tuple_size<decltype(fields(value))>::value;
};

} // namespace fenliu::storage
