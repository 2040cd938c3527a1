#include "output_checks.hpp"

#include <algorithm>

namespace fenliu::simulation {

void output_checks::posted(const transport::outbound_batch& batch) {
    std::vector<protocol::message> messages;
    std::string_view rest = batch.bytes;
    for (const auto& each : batch.sends) {
        messages.clear();
        const auto outcome = decoder_.decode(rest.substr(0, each.size), messages);
        rest.remove_prefix(each.size);
        on_.judged.check(outcome.whole && messages.size() == 1, 0, [] { return std::string{"a lane sends what can't be read"}; });
        auto& to = links_[each.link];
        if (!to.who || messages.empty()) continue; // its session is of no interest: an error before the hello
        std::visit(
            [&](const auto& message) {
                if constexpr (requires { judge(to, message); }) judge(to, message);
            },
            messages.front());
    }
}

model_conversation* output_checks::conversation(const receiver& to, std::string_view id, std::string_view what) {
    auto* found = on_.known.find(routing::from_id(id));
    on_.judged.check(found != nullptr, 1,
                     [&] { return std::string{what} + " names " + std::string{id} + ", which is not in the log"; });
    if (found != nullptr && !to.who->shop.empty())
        on_.judged.check(found->shop == to.who->shop, 16, [&] {
            return std::string{what} + " for " + to.who->shop + " names " + std::string{id} + " of " + found->shop;
        });
    return found;
}

const model_line* output_checks::line(std::string_view id, std::uint64_t seq, std::string_view what) {
    const auto* in = on_.known.find(routing::from_id(id));
    const bool known = in != nullptr && seq > 0 && seq <= in->lines.size() && on_.on_disk(in->lines[seq - 1].at);
    on_.judged.check(known, 1, [&] {
        return std::string{what} + " of line " + std::to_string(seq) + " of " + std::string{id} +
               " leaves before it is on the disk";
    });
    return known ? &in->lines[seq - 1] : nullptr;
}

void output_checks::judge(receiver&, const protocol::stored& message) {
    const auto* is = line(message.conversation, message.seq, "an ack");
    if (is == nullptr) return;
    on_.judged.check(is->msg_id == message.msg_id, message.duplicate ? 5 : 1, [&] {
        return "an ack of " + std::string{message.msg_id} + " names line " + std::to_string(message.seq) + ", which is " +
               is->msg_id;
    });
    if (message.duplicate) on_.reached.reached(situation::duplicate_publish);
}

void output_checks::judge(receiver& to, const protocol::said& message) {
    if (conversation(to, message.conversation, "an ack") == nullptr) return;
    const auto* is = line(message.conversation, message.seq, "an ack");
    if (is == nullptr) return;
    on_.judged.check(is->msg_id == message.msg_id && is->from == to.who->account, message.duplicate ? 5 : 1, [&] {
        return "an ack of " + std::string{message.msg_id} + " names line " + std::to_string(message.seq) + ", which is " +
               is->from + "'s " + is->msg_id;
    });
}

void output_checks::judge(receiver& to, const protocol::reply& message) {
    const auto* in = conversation(to, message.conversation, "a reply");
    const auto* is = in == nullptr ? nullptr : line(message.conversation, message.seq, "a reply");
    if (is == nullptr) return;
    on_.judged.check(in->shop == message.shop && in->buyer == message.buyer && is->text == message.text &&
                         is->from == message.from,
                     16, [&] { return "a reply says what line " + std::to_string(message.seq) + " is not"; });
}

void output_checks::judge(receiver& to, const protocol::routed& message) {
    const auto* in = conversation(to, message.conversation, "a notice");
    if (in == nullptr) return;
    on_.judged.check(in->shop == message.shop && in->buyer == message.buyer, 16,
                     [&] { return "a notice names " + conversation_text(in->number) + " for " + std::string{message.buyer}; });
    if (message.reason == "CLOSED")
        on_.judged.check(in->closed_at != 0 && on_.on_disk(in->closed_at), 1,
                         [&] { return "the end of " + conversation_text(in->number) + " is told before it is on the disk"; });
}

void output_checks::judge(receiver& to, const protocol::prompt& message) {
    const auto& prompts = on_.known.shops[std::string{message.shop}].buyers[std::string{message.buyer}].prompts;
    const auto journaled = std::ranges::count_if(prompts, [&](const auto& each) { return on_.on_disk(each.first); });
    const auto told = ++to.prompts[{std::string{message.shop}, std::string{message.buyer}}];
    on_.reached.reached(situation::prompt);
    on_.judged.check(told <= static_cast<std::size_t>(journaled), 17, [&] {
        return std::string{message.buyer} + " is shown prompt number " + std::to_string(told) + ", but " +
               std::to_string(journaled) + " are on the disk";
    });
}

void output_checks::judge(receiver&, const protocol::queue_moved&) { on_.reached.reached(situation::queue_moved); }

void output_checks::judge(receiver& to, const protocol::assigned& message) {
    const auto* in = conversation(to, message.conversation, "an assignment");
    if (in == nullptr) return;
    const auto place = std::ranges::find(in->places, message.epoch, &model_place::epoch);
    const bool known = place != in->places.end() && place->owner == to.who->account && on_.on_disk(place->at);
    on_.judged.check(known, 7, [&] {
        return to.who->account + " is told that it owns " + conversation_text(in->number) + " at epoch " +
               std::to_string(message.epoch) + ", which is not on the disk";
    });
    auto& desk = to.desk[in->number];
    on_.judged.check(message.epoch > desk.ended && message.epoch > desk.epoch, 7, [&] {
        return to.who->account + " gets " + conversation_text(in->number) + " at epoch " + std::to_string(message.epoch) +
               " after " + std::to_string(std::max(desk.epoch, desk.ended));
    });
    desk.epoch = message.epoch;
    desk.last_of_epoch = 0;
    for (const auto& each : message.tail)
        static_cast<void>(line(message.conversation, each.seq, "the tail"));
}

void output_checks::judge(receiver& to, const protocol::unassigned& message) {
    const auto* in = conversation(to, message.conversation, "a withdrawal");
    if (in == nullptr) return;
    auto& desk = to.desk[in->number];
    on_.judged.check(desk.epoch == message.epoch, 7, [&] {
        return to.who->account + " is told the end of epoch " + std::to_string(message.epoch) + " of " +
               conversation_text(in->number) + ", it holds " + std::to_string(desk.epoch);
    });
    desk.ended = message.epoch;
    desk.epoch = 0;
    const bool over =
        (in->closed_at != 0 && on_.on_disk(in->closed_at)) ||
        std::ranges::any_of(in->places, [&](const auto& each) { return each.epoch > message.epoch && on_.on_disk(each.at); }) ||
        in->waits();
    on_.judged.check(over, 7, [&] {
        return "the end of epoch " + std::to_string(message.epoch) + " of " + conversation_text(in->number) +
               " is told before it is on the disk";
    });
}

void output_checks::judge(receiver& to, const protocol::buyer_line& message) {
    const auto* in = conversation(to, message.conversation, "a buyer's line");
    const auto* is = in == nullptr ? nullptr : line(message.conversation, message.seq, "a buyer's line");
    if (is == nullptr) return;
    on_.judged.check(is->side == routing::side::buyer && is->text == message.text && in->buyer == message.buyer, 16, [&] {
        return "line " + std::to_string(message.seq) + " of " + conversation_text(in->number) + " is told falsely";
    });
    if (on_.known.shops[in->shop].accounts[to.who->account].suspended) on_.reached.reached(situation::suspended_owner_keeps);
    auto& desk = to.desk[in->number];
    on_.judged.check(desk.epoch != 0, 7, [&] {
        return to.who->account + " gets a line of " + conversation_text(in->number) + ", which it doesn't own";
    });
    on_.judged.check(message.seq > desk.last_line, 1, [&] {
        return to.who->account + " gets line " + std::to_string(message.seq) + " of " + conversation_text(in->number) +
               " after line " + std::to_string(desk.last_line);
    });
    for (auto seq = desk.last_of_epoch + 1; desk.last_of_epoch != 0 && seq < message.seq; ++seq)
        on_.judged.check(in->lines[seq - 1].side != routing::side::buyer, 1, [&] {
            return to.who->account + " gets line " + std::to_string(message.seq) + " of " + conversation_text(in->number) +
                   ", but never got line " + std::to_string(seq);
        });
    desk.last_line = desk.last_of_epoch = message.seq;
}

void output_checks::judge(receiver& to, const protocol::alert& message) {
    if (message.kind == "slow_reply") on_.reached.reached(situation::slow_reply);
    if (message.kind == "wait_escalate") on_.reached.reached(situation::wait_escalate);
    if (conversation(to, message.conversation, "an alert") == nullptr || message.kind != "slow_reply") return;
    const auto key = std::string{message.conversation} + " " + std::to_string(message.since);
    on_.judged.check(to.alerts.insert(key).second, 26,
                     [&] { return "slow_reply is told twice for " + std::string{message.conversation}; });
}

void output_checks::judge(receiver&, const protocol::error& message) {
    if (!message.ref) return;
    const std::string id{*message.ref};
    if (message.code == "STALE_EPOCH") on_.reached.reached(situation::stale_epoch);
    if (message.code == "FORBIDDEN") on_.reached.reached(situation::forbidden_command);
    if (message.code == "EXPIRED") on_.reached.reached(situation::command_after_close);
    if (message.code == "ID_REUSED") {
        on_.reached.reached(situation::id_reused);
        return;
    }
    const auto known = on_.known.line_of.find({on_.book.sender_of(id), id});
    if (known == on_.known.line_of.end()) return;
    // Past its horizon a closed conversation has forgotten what was said in it.
    const auto* in = on_.known.find(known->second.first);
    on_.judged.check(!in->open(), 24, [&] {
        return id + " is refused with " + std::string{message.code} + ", but it is line " + std::to_string(known->second.second) +
               " of " + conversation_text(in->number);
    });
}

void output_checks::judge(receiver&, const protocol::history_page&) { on_.reached.reached(situation::history_page); }

void output_checks::judge(receiver&, const protocol::result& message) {
    const auto& asked = on_.book.commands[std::string{message.request_id}];
    if (asked == "forward to group" && message.code == "OK") on_.reached.reached(situation::forward_to_group);
    if (asked == "pick" && message.code != "OK") on_.reached.reached(situation::pick_rejected);
    if (message.detail.ends_with("is suspended")) on_.reached.reached(situation::forward_to_suspended);
    if (message.code == "STALE_EPOCH") on_.reached.reached(situation::stale_epoch);
    if (message.code == "FORWARD_REJECTED") on_.reached.reached(situation::forward_rejected);
    if (message.code == "EXPIRED") on_.reached.reached(situation::command_after_close);
    if (message.code == "FORBIDDEN") on_.reached.reached(situation::forbidden_command);
}

} // namespace fenliu::simulation
