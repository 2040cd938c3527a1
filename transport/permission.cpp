#include "transport/permission.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace fenliu::transport {

namespace {

using protocol::errc;
using protocol::failure;
using protocol::grade;
using protocol::kind;
using protocol::role;

constexpr reach none = reach::none, shop = reach::shop, broker = reach::broker;

/// By grade: frontend, agent, senior, admin, auditor.
using reaches = std::array<reach, 5>;
static_assert(grade{0} == grade::frontend && grade{1} == grade::agent && grade{2} == grade::senior && grade{3} == grade::admin &&
              grade{4} == grade::auditor);

struct kind_row {
    kind what;
    reaches may;
};
struct verb_row {
    std::string_view what;
    reaches may;
};

constexpr kind_row kinds[] = {
    // clang-format off
    //                        frontend agent senior admin auditor
    {kind::publish,         {shop,  none,  none,  none,  none}},
    {kind::buyer_left,      {shop,  none,  none,  none,  none}},
    {kind::rating,          {shop,  none,  none,  none,  none}},
    {kind::order_event,     {shop,  none,  none,  none,  none}},
    {kind::attach,          {shop,  none,  none,  none,  none}},
    {kind::presence_change, {none,  shop,  shop,  none,  none}},
    {kind::say,             {none,  shop,  shop,  none,  none}},
    {kind::forward,         {none,  shop,  shop,  none,  none}},
    {kind::close,           {none,  shop,  shop,  none,  none}},
    {kind::history_request, {none,  shop,  shop,  shop,  shop}},
    {kind::pick,            {none,  shop,  shop,  none,  none}},
    {kind::note,            {none,  shop,  shop,  none,  none}},
    {kind::admin_request,   {none,  shop,  shop,  shop,  shop}}, // by verb
    // clang-format on
};

/// Whose is a senior's: main accounts, those that the shop's policy names senior (R41), and seniors' tokens.
constexpr verb_row verbs[] = {
    // clang-format off
    //                    frontend agent senior admin auditor
    {"stats",           {none,  none,  shop,  shop,   shop}},
    {"shop.list",       {none,  none,  shop,  shop,   shop}},
    {"shop.set",        {none,  none,  shop,  shop,   none}},
    {"agents",          {none,  none,  shop,  shop,   shop}},
    {"agent.set",       {none,  none,  shop,  shop,   none}},
    {"queue",           {none,  shop,  shop,  shop,   shop}},
    {"assign",          {none,  none,  shop,  shop,   none}},
    {"buyer.get",       {none,  none,  shop,  shop,   shop}},
    {"buyer.set",       {none,  none,  shop,  shop,   none}},
    {"policy.get",      {none,  none,  shop,  shop,   shop}},
    {"policy.check",    {none,  none,  shop,  shop,   shop}},
    {"policy.put",      {none,  none,  shop,  shop,   none}},
    {"policy.history",  {none,  none,  shop,  shop,   shop}},
    {"policy.rollback", {none,  none,  shop,  shop,   none}},
    {"policy.test",     {none,  none,  shop,  shop,   shop}},
    {"explain",         {none,  none,  shop,  shop,   shop}},
    {"explain.waiting", {none,  none,  shop,  shop,   shop}},
    {"explain.agent",   {none,  none,  shop,  shop,   shop}},
    {"audit",           {none,  none,  shop,  shop,   shop}},
    {"buyer.erase",     {none,  none,  none,  shop,   none}},
    {"shop.prune",      {none,  none,  none,  shop,   none}},
    {"audit.verify",    {none,  none,  none,  broker, broker}},
    {"drain",           {none,  none,  none,  broker, none}},
    {"token.list",      {none,  none,  none,  broker, broker}},
    {"token.revoke",    {none,  none,  none,  broker, none}},
    // clang-format on
};

constexpr reaches feed_may{none, none, shop, shop, shop};

constexpr std::size_t column(grade who) noexcept { return static_cast<std::size_t>(who); }

/// Those of the two who could send it, for people.
std::string_view senders_of(kind what) noexcept {
    if (reach_of(grade::frontend, what) != none) return "a frontend";
    if (reach_of(grade::admin, what) == none) return reach_of(grade::agent, what) != none ? "an agent" : "the broker";
    return "an agent or an admin";
}

/// The shop that a frontend's message names.
struct shop_reader {
    template <class Message>
    std::string_view operator()(const Message& message) const noexcept {
        if constexpr (requires { message.shop; })
            return message.shop;
        else
            return {};
    }
};

} // namespace

reach reach_of(grade who, kind what) noexcept {
    const auto found = std::ranges::find(kinds, what, &kind_row::what);
    return found == std::end(kinds) ? none : found->may[column(who)];
}

reach reach_of(grade who, std::string_view verb) noexcept {
    const auto found = std::ranges::find(verbs, verb, &verb_row::what);
    return found == std::end(verbs) ? none : found->may[column(who)];
}

bool is_verb(std::string_view verb) noexcept { return std::ranges::find(verbs, verb, &verb_row::what) != std::end(verbs); }

std::string verbs_text() {
    std::string all;
    for (const auto& each : verbs)
        all.append(all.empty() ? "" : ", ").append(each.what);
    return all;
}

std::optional<failure> check_verb(const identity& who, grade as, std::string_view verb) {
    if (!is_verb(verb)) return failure{errc::not_found, "no such verb; there are: " + verbs_text()};
    switch (reach_of(as, verb)) {
    case reach::none:
        break;
    case reach::shop:
        return std::nullopt;
    case reach::broker:
        if (who.shop.empty()) return std::nullopt;
        return failure{errc::forbidden, "this concerns all shops, and this session is for shop " + who.shop};
    }
    return failure{errc::forbidden, std::string(name(as)) + "s may not ask for " + std::string(verb)};
}

bool may_follow(const identity& who, std::optional<std::string_view> topic) {
    if (feed_may[column(who.grade)] == none) return false;
    return !topic || who.shop.empty() || topic->starts_with("shop/" + who.shop + "/");
}

destination destination_of(const identity& who, const protocol::message& message) {
    const auto what = static_cast<kind>(protocol::kind_of(message));
    if (reach_of(who.grade, what) == none)
        return failure{errc::forbidden,
                       "kind " + std::to_string(protocol::kind_of(message)) + " is sent by " + std::string(senders_of(what))};
    // Which agents may ask for what is the shop's policy, which its lane knows.
    if (what == kind::admin_request) return to_admin{};
    if (who.role == role::frontend) {
        const std::string_view named = std::visit(shop_reader{}, message);
        if (!who.shop.empty() && named != who.shop)
            return failure{errc::forbidden, "this session may name the shop " + who.shop + " only"};
        return to_shop{named};
    }
    if (who.shop.empty()) return failure{errc::malformed, "hello must name the shop"};
    return to_shop{who.shop};
}

} // namespace fenliu::transport
