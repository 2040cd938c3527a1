#include "talk.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace fenliu::network {

using protocol::presence;
using transport::client;
using transport::client_options;

namespace {

constexpr std::string_view buyer = "bo";
constexpr std::chrono::milliseconds forward_pause{50};
/// What the talk leaves in history: who, and the id that is also the text.
struct said_line {
    party who;
    std::string_view id;
};
constexpr std::array<said_line, 5> script{{{party::frontend, "buyer-1"},
                                           {party::frontend, "buyer-2"},
                                           {party::amy, "amy-1"},
                                           {party::frontend, "buyer-3"},
                                           {party::ben, "ben-1"}}};
/// A text that takes several reads of a socket, and names its id.
std::string text_of(std::string_view id) { return std::string(id) + " 这是一句话"; }

std::string account_of(const std::string& shop, party who) {
    if (who == party::frontend) return {};
    return shop + (who == party::amy ? ":amy" : ":ben");
}

std::string state_of(const client& end) {
    static constexpr std::array<const char*, 5> names{"connecting", "open", "refused", "unreachable", "closed"};
    std::string out = std::string(", ") + names[static_cast<std::size_t>(end.state())];
    if (const auto& why = end.why()) out += " (" + why->text + ")";
    return out;
}

} // namespace

talk::talk(std::string shop, const std::array<std::string, 3>& urls, std::string direct)
    : shop_(std::move(shop))
    , direct_(std::move(direct)) {
    for (const party who : parties)
        make(who, urls[static_cast<std::size_t>(who)]);
    come(party::amy);
}

void talk::make(party who, const std::string& url) {
    client_options options;
    options.url = url;
    options.role = who == party::frontend ? protocol::role::frontend : protocol::role::agent;
    options.account = account_of(shop_, who);
    transport::client_events events;
    events.on_open = [this, who](bool resumed, bool first) { opened(who, resumed, first); };
    events.on_message = [this, who](const protocol::message& message) { heard(who, message); };
    events.seen = [this, who] {
        std::vector<std::pair<std::string, std::uint64_t>> places;
        if (!at(who).lines.empty()) places.emplace_back(conversation_, at(who).lines.rbegin()->first);
        return places;
    };
    at(who).end = std::make_unique<client>(std::move(options), std::move(events));
}

void talk::opened(party who, bool resumed, bool first) {
    if (resumed) {
        ++resumes_;
    } else if (!first && who == party::frontend && !conversation_.empty()) {
        const std::uint64_t seq = at(who).lines.empty() ? 0 : at(who).lines.rbegin()->first;
        at(who).end->send(protocol::attach{shop_, buyer, conversation_, seq});
    } else if (!first && at(who).online) {
        come(who);
    }
}

void talk::come(party who) {
    at(who).online = true;
    const std::string id = "here-" + std::to_string(++at(who).presences);
    at(who).end->send(protocol::presence_change{presence::online, id});
}

void talk::heard(party who, const protocol::message& message) {
    seat& from = at(who);
    if (const auto* stored = std::get_if<protocol::stored>(&message)) {
        from.answered.emplace(stored->msg_id);
        conversation_ = stored->conversation;
    } else if (const auto* said = std::get_if<protocol::said>(&message)) {
        from.answered.emplace(said->msg_id);
    } else if (const auto* result = std::get_if<protocol::result>(&message)) {
        from.answered.emplace(result->request_id);
        // A command that was done and whose answer was lost is told so.
        const bool forward = result->request_id.starts_with("forward");
        const bool done = result->code == "OK" || result->code == "STALE_EPOCH" || result->code == "EXPIRED";
        if (forward && done) forwarded_ = true;
        // Its target was behind a broken link at that moment.
        if (forward && result->code == "FORWARD_REJECTED")
            forward_at_ = std::chrono::steady_clock::now() + forward_pause;
        else if (!done)
            fail(std::string(result->request_id) + " was answered " + std::string(result->code));
    } else if (const auto* line = std::get_if<protocol::buyer_line>(&message)) {
        take_line(from, line->conversation, line->seq, line->text);
    } else if (const auto* reply = std::get_if<protocol::reply>(&message)) {
        take_line(from, reply->conversation, reply->seq, reply->text);
    } else if (const auto* assigned = std::get_if<protocol::assigned>(&message)) {
        from.epochs.insert(assigned->epoch);
        from.owns = true;
    } else if (std::holds_alternative<protocol::unassigned>(message)) {
        from.owns = false;
    } else if (const auto* error = std::get_if<protocol::error>(&message)) {
        fail("error " + std::string(error->code) + ": " + std::string(error->text));
    }
}

void talk::take_line(seat& from, std::string_view conversation, std::uint64_t seq, std::string_view text) {
    if (conversation_.empty()) conversation_ = conversation;
    if (conversation != conversation_) fail("a line of another conversation");
    const auto [known, fresh] = from.lines.emplace(seq, text);
    if (fresh) return;
    ++repeats_;
    if (known->second != text) fail("line " + std::to_string(seq) + " came again with another text");
}

void talk::publish(std::string_view id) {
    const std::string text = text_of(id);
    // The first ones are addressed, since behind a broken link nobody is online.
    const std::string to = conversation_.empty() ? account_of(shop_, party::amy) : std::string();
    at(party::frontend).end->send(protocol::publish{.msg_id = id, .shop = shop_, .buyer = buyer, .text = text, .to = to});
}

void talk::forward() {
    forward_at_ = {};
    const std::string id = "forward-" + std::to_string(++forwards_);
    const std::string to = account_of(shop_, party::ben);
    at(party::amy).end->send(protocol::forward{id, conversation_, *at(party::amy).epochs.rbegin(), to, ""});
}

void talk::say(party who, std::string_view id) {
    const std::string text = text_of(id);
    at(who).end->send(protocol::say{id, conversation_, *at(who).epochs.rbegin(), text});
}

bool talk::all_answered() const {
    return std::all_of(seats_.begin(), seats_.end(), [](const seat& each) { return each.end->unanswered() == 0; });
}

bool talk::stage_reached() {
    const seat& buyer_end = at(party::frontend);
    const seat& amy = at(party::amy);
    const seat& ben = at(party::ben);
    switch (stage_) {
    case stage::amy_comes:
        return amy.answered.contains("here-" + std::to_string(amy.presences));
    case stage::buyer_asks:
        return buyer_end.answered.contains("buyer-2") && amy.owns && amy.lines.contains(1) && amy.lines.contains(2);
    case stage::amy_answers:
        return amy.answered.contains("amy-1") && buyer_end.lines.contains(3) &&
               ben.answered.contains("here-" + std::to_string(ben.presences));
    case stage::amy_forwards:
        return forwarded_ && ben.owns;
    case stage::buyer_asks_again:
        return buyer_end.answered.contains("buyer-3") && ben.lines.contains(4);
    case stage::ben_answers:
        return ben.answered.contains("ben-1") && buyer_end.lines.contains(5);
    case stage::ben_closes:
        return ben.answered.contains("close") && all_answered();
    case stage::questions:
    case stage::over:
        break;
    }
    return false;
}

void talk::begin_next() {
    stage_ = static_cast<stage>(static_cast<int>(stage_) + 1);
    switch (stage_) {
    case stage::buyer_asks:
        publish("buyer-1");
        return publish("buyer-2");
    case stage::amy_answers:
        come(party::ben);
        return say(party::amy, "amy-1");
    case stage::amy_forwards:
        return forward();
    case stage::buyer_asks_again:
        return publish("buyer-3");
    case stage::ben_answers:
        return say(party::ben, "ben-1");
    case stage::ben_closes:
        return at(party::ben).end->send(protocol::close{"close", conversation_, *at(party::ben).epochs.rbegin()});
    default:
        return ask();
    }
}

void talk::step() {
    const bool rejected = forward_at_ != std::chrono::steady_clock::time_point{};
    if (rejected && stage_ == stage::amy_forwards && std::chrono::steady_clock::now() >= forward_at_) forward();
    if (stage_ != stage::over && stage_reached()) begin_next();
}

void talk::ask() {
    if (at(party::amy).epochs != std::set<std::uint64_t>{1} || at(party::ben).epochs != std::set<std::uint64_t>{2})
        fail("amy owns it first, ben after the forward, and nobody else");
    for (seat& each : seats_)
        each.end.reset();
    client_options options;
    options.url = direct_;
    options.role = protocol::role::admin;
    options.shop = shop_;
    transport::client_events events;
    events.on_message = [this](const protocol::message& message) {
        if (const auto* page = std::get_if<protocol::history_page>(&message)) judge(*page);
    };
    admin_ = std::make_unique<client>(std::move(options), std::move(events));
    admin_->send(protocol::history_request{"history", buyer, {}, 0, protocol::history_scope::all});
}

void talk::judge(const protocol::history_page& page) {
    const auto& rows = std::get<std::vector<protocol::history_line>>(page.rows);
    if (rows.size() != script.size()) fail("history has " + std::to_string(rows.size()) + " lines");
    for (std::size_t index = 0; index < std::min(rows.size(), script.size()); ++index) {
        const auto& row = rows[index];
        const std::string from = script[index].who == party::frontend ? std::string(buyer) : account_of(shop_, script[index].who);
        const bool right = row.conversation == conversation_ && row.seq == index + 1 && row.from == from &&
                           row.text == text_of(script[index].id);
        if (!right) fail("line " + std::to_string(index + 1) + " of history is not what was said");
    }
    stage_ = stage::over;
}

void talk::fail(std::string why) {
    if (fault_.empty()) fault_ = state() + ": " + std::move(why);
    stage_ = stage::over;
}

std::string talk::state() const {
    static constexpr std::array<const char*, 9> names{
        "amy comes",   "the buyer asks", "amy answers", "amy forwards", "the buyer asks again",
        "ben answers", "ben closes",     "questions",   "over"};
    std::string out = shop_ + " at \"" + names[static_cast<std::size_t>(stage_)] + "\"";
    for (const seat& each : seats_)
        if (each.end) out += state_of(*each.end);
    for (const seat& each : seats_)
        if (each.end) out += ", " + std::to_string(each.end->unanswered()) + " unanswered";
    return out;
}

void talk::add_clients(transport::client_set& to) {
    for (seat& each : seats_)
        if (each.end) to.add(*each.end);
    if (admin_) to.add(*admin_);
}

} // namespace fenliu::network
