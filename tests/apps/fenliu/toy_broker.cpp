#include "tests/apps/fenliu/toy_broker.hpp"

#include <algorithm>

namespace fenliu::apps::fenliu {

namespace {

/// Uses up one fault, if there is one left.
bool take_one(int& faults) {
    if (faults == 0) return false;
    --faults;
    return true;
}

} // namespace

void toy_broker::open(replay_stage& stage) {
    for (const auto& account : agents_)
        stage.agent_opened(account, false);
}

bool toy_broker::step(replay_stage& stage) {
    if (on_the_way_.empty()) return false;
    const auto [ref, what] = std::move(on_the_way_.front());
    on_the_way_.pop_front();
    if (!ref.empty()) std::erase_if(unanswered_, [&](const auto& each) { return each.first == ref; });
    what(stage);
    return true;
}

void toy_broker::restart(replay_stage& stage) {
    on_the_way_.clear();
    followed_.clear();
    replied_.clear();
    open(stage);
    for (std::size_t frontend = 0; frontend < 2; ++frontend)
        stage.frontend_opened(frontend, false);
    for (const auto& in : conversations_) {
        if (!in.open) continue;
        std::uint64_t seen = 0;
        for (const auto& [id, seq] : stage.seen(in.owner))
            if (id == in.id) seen = seq;
        send_assignment(in, seen);
        for (std::uint64_t seq = seen + 1; seq <= in.lines.size(); ++seq)
            if (in.lines[seq - 1].from == in.buyer) send_line(in, seq);
    }
    const auto again = unanswered_;
    for (const auto& [ref, send] : again)
        send();
}

void toy_broker::reassign_all() {
    for (auto& in : conversations_) {
        if (!in.open) continue;
        bring([owner = in.owner, id = in.id, epoch = in.epoch](replay_stage& stage) {
            stage.at_agent(owner, protocol::unassigned{id, epoch, "reassigned"}, {});
        });
        in.owner = next_agent();
        ++in.epoch;
        send_assignment(in, in.lines.size());
    }
}

void toy_broker::tell_history(replay_ledger& ledger) const {
    for (const auto& in : conversations_) {
        std::vector<history_entry> page;
        for (const auto& line : in.lines)
            page.push_back({in.id, page.size() + 1, line.from, line.text, 0});
        ledger.history(in.buyer, page);
    }
}

void toy_broker::from_buyer(std::size_t, const protocol::message& value) {
    if (const auto* line = std::get_if<protocol::publish>(&value)) {
        const auto send = [this, id = std::string(line->msg_id), shop = std::string(line->shop), buyer = std::string(line->buyer),
                           text = std::string(line->text)] { publish(id, shop, buyer, text); };
        unanswered_.emplace_back(line->msg_id, send);
        send();
    } else if (const auto* wanted = std::get_if<protocol::attach>(&value)) {
        followed_.emplace(wanted->buyer);
        attach(std::string(wanted->conversation), wanted->seq);
    }
}

void toy_broker::from_agent(std::string_view account, const protocol::message& value) {
    std::function<void()> send;
    if (const auto* said = std::get_if<protocol::say>(&value))
        send = [this, by = std::string(account), ref = std::string(said->msg_id), id = std::string(said->conversation),
                epoch = said->epoch, text = std::string(said->text)] { say(by, ref, id, epoch, text); };
    else if (const auto* ended = std::get_if<protocol::close>(&value))
        send = [this, by = std::string(account), ref = std::string(ended->request_id), id = std::string(ended->conversation),
                epoch = ended->epoch] { close(by, ref, id, epoch); };
    unanswered_.emplace_back(protocol::ref_of(value).value_or(""), send);
    send();
}

void toy_broker::ask_state(std::string_view, std::string_view id) {
    const auto ask = [this, id = std::string(id)] {
        const bool closed = !std::ranges::find(conversations_, id, &conversation::id)->open;
        bring([id, closed](replay_stage& stage) { stage.told_state(id, closed); }, "state of " + id);
    };
    unanswered_.emplace_back("state of " + std::string(id), ask);
    ask();
}

void toy_broker::publish(const std::string& msg_id, const std::string& shop, const std::string& buyer, const std::string& text) {
    const auto refuse = [&](const char* code, bool retryable) {
        bring([=](replay_stage& stage) { stage.at_frontend(protocol::error{code, retryable, 0, msg_id, ""}, {}); }, msg_id);
    };
    if (text == forbidden_text) return refuse("FORBIDDEN", false);
    if (take_one(overloaded)) return refuse("OVERLOADED", true);

    followed_.insert(buyer);
    auto& in = open_conversation(shop, buyer);
    auto seq = place_of(in, buyer, msg_id);
    const bool duplicate = seq != 0;
    if (!duplicate) in.lines.push_back({buyer, msg_id, text});
    if (!duplicate) seq = in.lines.size();
    bring([=, id = in.id](replay_stage& stage) { stage.at_frontend(protocol::stored{msg_id, id, seq, duplicate}, {}); }, msg_id);
    if (duplicate) return;
    if (in.owner.empty()) {
        in.owner = next_agent();
        in.epoch = 1;
        send_assignment(in, 0);
    }
    if (take_one(dropped_lines)) return;
    send_line(in, seq);
    if (take_one(doubled_lines)) send_line(in, seq);
}

void toy_broker::say(const std::string& account, const std::string& msg_id, const std::string& id, std::uint64_t epoch,
                     const std::string& text) {
    auto& in = *std::ranges::find(conversations_, id, &conversation::id);
    auto seq = place_of(in, account, msg_id);
    const bool duplicate = seq != 0;
    if (!duplicate && !in.open) return refuse_agent(account, msg_id, "EXPIRED");
    if (!duplicate && (in.owner != account || in.epoch != epoch)) return refuse_agent(account, msg_id, "STALE_EPOCH");
    if (!duplicate) in.lines.push_back({account, msg_id, text});
    if (!duplicate) seq = in.lines.size();
    bring([=](replay_stage& stage) { stage.at_agent(account, protocol::said{msg_id, id, seq, duplicate}, {}); }, msg_id);
    if (!duplicate && followed_.contains(in.buyer)) send_reply(in, seq);
}

void toy_broker::close(const std::string& account, const std::string& request_id, const std::string& id, std::uint64_t epoch) {
    auto& in = *std::ranges::find(conversations_, id, &conversation::id);
    if (!in.open || in.owner != account || in.epoch != epoch) return refuse_agent(account, request_id, "STALE_EPOCH");
    in.open = false;
    bring([=](replay_stage& stage) { stage.at_agent(account, protocol::unassigned{id, epoch, "closed"}, {}); });
    bring([=](replay_stage& stage) { stage.at_agent(account, protocol::result{request_id, "OK", ""}, {}); }, request_id);
}

void toy_broker::attach(const std::string& id, std::uint64_t seq) {
    const auto& in = *std::ranges::find(conversations_, id, &conversation::id);
    for (std::uint64_t at = seq + 1; at <= in.lines.size(); ++at)
        if (in.lines[at - 1].from != in.buyer) send_reply(in, at);
}

void toy_broker::send_line(const conversation& in, std::uint64_t seq) {
    bring([owner = in.owner, id = in.id, buyer = in.buyer, text = in.lines[seq - 1].text, seq](replay_stage& stage) {
        stage.at_agent(owner, protocol::buyer_line{id, seq, buyer, text, 0}, {});
    });
}

void toy_broker::send_reply(const conversation& in, std::uint64_t seq) {
    if (!replied_.emplace(in.id, seq).second) return;
    bring([shop = in.shop, buyer = in.buyer, id = in.id, line = in.lines[seq - 1], seq](replay_stage& stage) {
        stage.at_frontend(protocol::reply{shop, buyer, id, seq, line.from, line.text, 0}, {});
    });
}

void toy_broker::send_assignment(const conversation& in, std::uint64_t tail_end) {
    bring([in, tail_end](replay_stage& stage) {
        protocol::assigned value;
        value.conversation = in.id;
        value.epoch = in.epoch;
        value.buyer = in.buyer;
        value.reason = "ASSIGNED_ANY";
        for (std::uint64_t seq = 1; seq <= tail_end; ++seq)
            value.tail.push_back({seq, in.lines[seq - 1].from, in.lines[seq - 1].text, 0});
        stage.at_agent(in.owner, value, {});
    });
}

void toy_broker::refuse_agent(const std::string& account, const std::string& ref, std::string_view code) {
    bring(
        [account, ref, code = std::string(code)](replay_stage& stage) {
            stage.at_agent(account, protocol::error{code, false, 0, ref, ""}, {});
        },
        ref);
}

toy_broker::conversation& toy_broker::open_conversation(const std::string& shop, const std::string& buyer) {
    for (auto& each : conversations_)
        if (each.open && each.shop == shop && each.buyer == buyer) return each;
    const auto id = "k" + std::to_string(conversations_.size() + 1);
    return conversations_.emplace_back(conversation{id, shop, buyer, {}, 0, true, {}});
}

std::uint64_t toy_broker::place_of(const conversation& in, const std::string& from, const std::string& msg_id) const {
    for (std::uint64_t seq = 1; seq <= in.lines.size(); ++seq)
        if (in.lines[seq - 1].from == from && in.lines[seq - 1].msg_id == msg_id) return seq;
    return 0;
}

std::string toy_broker::next_agent() { return agents_[turn_++ % agents_.size()]; }

void toy_broker::bring(delivery what, std::string ref) { on_the_way_.emplace_back(std::move(ref), std::move(what)); }

} // namespace fenliu::apps::fenliu
