#include "line_checks.hpp"

namespace fenliu::simulation {

void line_checks::before(const routing::conversation_opened& fact) {
    on_.judged.check(!on_.known.conversations.contains(fact.number), 6,
                     [&] { return conversation_text(fact.number) + " is opened a second time"; });
    auto& buyer = on_.known.shops[std::string{fact.shop}].buyers[std::string{fact.buyer}];
    on_.judged.check(buyer.current == 0, 6, [&] {
        return std::string{fact.buyer} + " gets " + conversation_text(fact.number) + " beside " +
               conversation_text(buyer.current);
    });
}

void line_checks::before(const routing::conversation_closed& fact) {
    const auto* in = on_.known.find(fact.number);
    if (!on_.judged.check(in != nullptr && in->open(), 6,
                          [&] { return conversation_text(fact.number) + " is closed, but it isn't open"; }))
        return;
    closed_steady_[fact.number] = on_.time.steady();
    if (fact.cause == "buyer_left" && in->waits()) on_.reached.reached(situation::waiting_buyer_leaves);
    if (fact.cause != "silence") return;
    on_.reached.reached(situation::silence_closes);
    const bool answered = !in->lines.empty() && in->lines.back().side != routing::side::buyer;
    on_.judged.check(answered && !in->waits(), 26,
                     [&] { return conversation_text(fact.number) + " ends by silence though it waits for an answer"; });
    // Across a restart silence is reckoned by the wall clock, which may have been set.
    const auto spoken = spoken_steady_[fact.number];
    if (spoken >= on_.started_steady)
        on_.judged.check(on_.time.steady() - spoken >= on_.policy(in->shop).session_silence_ms, 26, [&] {
            return conversation_text(fact.number) + " ends after " + std::to_string(on_.time.steady() - spoken) +
                   " ms of silence";
        });
}

void line_checks::before(const routing::line_added& fact) {
    const auto* in = on_.known.find(fact.number);
    if (!on_.judged.check(in != nullptr && in->open(), 9,
                          [&] { return "a line enters " + conversation_text(fact.number) + ", which is not open"; }))
        return;
    spoken_steady_[fact.number] = on_.time.steady();
    number_follows(*in, fact);
    if (fact.side == routing::side::robot && fact.from == in->shop && in->owner.empty()) return; // the built-in assistant
    is_new(*in, fact);
    was_said(*in, fact);
}

void line_checks::number_follows(const model_conversation& in, const routing::line_added& fact) {
    on_.judged.check(fact.seq == in.lines.size() + 1, 2, [&] {
        return conversation_text(in.number) + " has " + std::to_string(in.lines.size()) + " lines, the next has seq " +
               std::to_string(fact.seq);
    });
}

void line_checks::is_new(const model_conversation& in, const routing::line_added& fact) {
    const auto known = on_.known.line_of.find({in.shop + "\n" + std::string{fact.from}, std::string{fact.msg_id}});
    if (known == on_.known.line_of.end()) return;
    const auto& earlier = *on_.known.find(known->second.first);
    // Beyond the horizon an id may come again: the session of its sender would be over.
    const auto horizon = on_.plan.socket.session_expiry.count();
    const bool forgotten = !earlier.open() && (on_.time.steady() - closed_steady_[earlier.number] >= horizon ||
                                               on_.started_wall - earlier.closed_wall >= horizon);
    on_.judged.check(forgotten, 1, [&] {
        return std::string{fact.from} + "'s message " + std::string{fact.msg_id} + " is written to " +
               conversation_text(in.number) + ", but it is line " + std::to_string(known->second.second) + " of " +
               conversation_text(earlier.number) + " already";
    });
}

void line_checks::was_said(const model_conversation& in, const routing::line_added& fact) {
    const auto* said = on_.book.find(in.shop, std::string{fact.from}, std::string{fact.msg_id});
    if (!on_.judged.check(said != nullptr && said->texts.contains(std::string{fact.text}), 4, [&] {
            return "nobody said line " + std::to_string(fact.seq) + " of " + conversation_text(in.number) + " (" +
                   std::string{fact.msg_id} + ") so";
        }))
        return;
    if (fact.side == routing::side::buyer)
        on_.judged.check(fact.from == in.buyer, 16, [&] {
            return std::string{fact.from} + " speaks in " + conversation_text(in.number) + ", which is " + in.buyer + "'s";
        });
    else
        speaks_with_right(in, fact, *said);
    keeps_order(in, fact, *said);
}

void line_checks::speaks_with_right(const model_conversation& in, const routing::line_added& fact, const sent_line& said) {
    on_.judged.check(in.owner == fact.from, 9, [&] {
        return std::string{fact.from} + " speaks in " + conversation_text(in.number) + ", which " +
               (in.owner.empty() ? "nobody" : in.owner) + " owns";
    });
    on_.judged.check(said.epochs.contains(in.epoch), 8, [&] {
        return "a line said under another epoch enters " + conversation_text(in.number) + " at epoch " + std::to_string(in.epoch);
    });
}

void line_checks::keeps_order(const model_conversation& in, const routing::line_added& fact, const sent_line& said) {
    // Several devices have no order among each other; what is said again on purpose takes the place of the repeat.
    if (said.devices.size() != 1 || said.times > 1) return;
    if (on_.known.line_of.contains({in.shop + "\n" + std::string{fact.from}, std::string{fact.msg_id}}))
        return; // past its horizon
    auto& last = last_order_[{in.number, *said.devices.begin()}];
    on_.judged.check(said.order > last, 3, [&] {
        return std::string{fact.from} + "'s " + std::string{fact.msg_id} + " enters " + conversation_text(in.number) +
               " after one that was sent later";
    });
    last = said.order;
}

} // namespace fenliu::simulation
