#include "words.hpp"

namespace fenliu::simulation {
namespace {

std::string text(const routing::account_set& fact) {
    return std::string{fact.account} + " has a cap of " + std::to_string(fact.cap) + ", " +
           std::string{protocol::name(fact.presence)} + (fact.suspended ? ", suspended" : "") +
           (fact.participating ? "" : ", not participating");
}

std::string text(const routing::conversation_opened& fact) {
    return routing::to_id(fact.number) + " is opened by " + std::string{fact.buyer} + " of " + std::string{fact.shop};
}

std::string text(const routing::line_added& fact) {
    return routing::to_id(fact.number) + " line " + std::to_string(fact.seq) + " " + std::string{fact.msg_id} + " of " +
           std::string{fact.from};
}

std::string text(const routing::place_changed& fact) {
    return routing::to_id(fact.number) + " is " + std::string{routing::name(fact.state)} + " with " +
           (fact.owner.empty() ? "nobody" : std::string{fact.owner}) + " at epoch " + std::to_string(fact.epoch) + ", " +
           std::string{routing::name(fact.reason)};
}

std::string text(const routing::conversation_closed& fact) {
    return routing::to_id(fact.number) + " is closed: " + std::string{fact.cause};
}

std::string text(const routing::prompt_sent& fact) { return "a prompt for " + std::string{fact.buyer}; }

} // namespace

std::string words_of(const routing::record& record) {
    return std::visit(
        [](const auto& fact) {
            if constexpr (requires { text(fact); })
                return text(fact);
            else
                return std::string{"another record"};
        },
        record);
}

std::string words_of(const protocol::message& message) {
    const auto ref = protocol::ref_of(message);
    std::string made = std::to_string(protocol::kind_of(message));
    if (ref) made += " " + std::string{*ref};
    if (const auto* error = std::get_if<protocol::error>(&message)) made += " " + std::string{error->code};
    if (const auto* result = std::get_if<protocol::result>(&message)) made += " " + std::string{result->code};
    if (const auto* reply = std::get_if<protocol::reply>(&message))
        made += " " + std::string{reply->conversation} + "/" + std::to_string(reply->seq);
    if (const auto* attach = std::get_if<protocol::attach>(&message))
        made += " " + std::string{attach->shop} + " " + std::string{attach->buyer} + " " + std::string{attach->conversation} +
                "/" + std::to_string(attach->seq);
    if (const auto* stored = std::get_if<protocol::stored>(&message))
        made += " " + std::string{stored->conversation} + "/" + std::to_string(stored->seq) + (stored->duplicate ? " again" : "");
    if (const auto* given = std::get_if<protocol::assigned>(&message)) made += " " + std::string{given->conversation};
    if (const auto* taken = std::get_if<protocol::unassigned>(&message)) made += " " + std::string{taken->conversation};
    if (const auto* hello = std::get_if<protocol::hello>(&message))
        made += " " + std::string{hello->account} + (hello->resume_session.empty() ? "" : " resumes");
    if (const auto* welcome = std::get_if<protocol::welcome>(&message)) made += welcome->resumed ? " resumed" : " anew";
    return made;
}

std::string words_of(const transport::event& event) {
    const auto link = std::to_string(std::visit([](const auto& each) { return each.link; }, event));
    if (const auto* opened = std::get_if<transport::link_opened>(&event))
        return "link " + link + " is opened by " + opened->who->account;
    if (std::holds_alternative<transport::link_lost>(event)) return "link " + link + " is lost";
    if (std::holds_alternative<transport::link_resumed>(event)) return "link " + link + " is resumed";
    if (std::holds_alternative<transport::link_full>(event)) return "link " + link + " is full";
    if (std::holds_alternative<transport::link_roomy>(event)) return "link " + link + " has room";
    if (std::holds_alternative<transport::link_closed>(event)) return "link " + link + " is closed";
    return {};
}

} // namespace fenliu::simulation
