#include "apps/fenliu/replay_ledger.hpp"

#include <algorithm>
#include <utility>

namespace fenliu::apps::fenliu {

namespace {

constexpr std::size_t findings_max = 50; // enough to see a pattern, few enough to read

std::string line_name(std::size_t number) { return "line " + std::to_string(number); }

std::string place_name(std::string_view conversation, std::uint64_t seq) {
    return std::string(conversation) + "/" + std::to_string(seq);
}

template <class Map>
auto& entry(Map& map, std::string_view key) {
    const auto found = map.find(key);
    return found != map.end() ? found->second : map[std::string(key)];
}

} // namespace

replay_ledger::replay_ledger(const replay_plan& plan)
    : plan_(plan)
    , lines_(plan.lines)
    , replies_(plan.replies) {
    report_.buyer_messages = plan.lines;
    for (const auto& conversation : plan.conversations)
        for (const auto& line : conversation.lines) {
            lines_[line.index].plan = &line;
            for (const auto& reply : line.replies) {
                replies_[reply.index].plan = &reply;
                replies_[reply.index].line_number = line.number;
            }
        }
}

replay_ledger::conversation_state& replay_ledger::conversation(std::string_view id) { return entry(conversations_, id); }

const replay_ledger::spot* replay_ledger::spot_at(const std::optional<place>& at) const {
    if (!at) return nullptr;
    const auto& spots = conversations_.find(at->conversation)->second.spots;
    return &spots.find(at->seq)->second;
}

void replay_ledger::existed_before(std::string_view id, std::uint64_t seq) {
    auto& in = conversation(id);
    in.baseline = std::max(in.baseline, seq);
}

std::uint64_t replay_ledger::baseline(std::string_view id) const {
    const auto found = conversations_.find(id);
    return found == conversations_.end() ? 0 : found->second.baseline;
}

// --- frontends -----------------------------------------------------------------------------------------------------------

void replay_ledger::published(std::size_t line, elapsed at) {
    ++events_;
    auto& published_at = lines_[line].published_at;
    if (!published_at) published_at = at;
}

void replay_ledger::stored(std::size_t index, std::string_view id, std::uint64_t seq) {
    ++events_;
    auto& line = lines_[index];
    const place at{std::string(id), seq};
    if (line.at == at) return;
    if (line.at) {
        const auto other = place_name(line.at->conversation, line.at->seq);
        return count(report_.duplicated,
                     line_name(line.plan->number) + " was stored as " + other + " and as " + place_name(id, seq));
    }
    auto& in = conversation(id);
    auto& where = in.spots[seq];
    if (where.line || where.reply || seq <= in.baseline)
        return lose(line, "was given the place of another, " + place_name(id, seq));
    in.ours = true;
    where.line = index;
    line.at = at;
    ++report_.stored;
    if (where.delivered_at) show(line, *where.text, *where.delivered_at);
}

void replay_ledger::attached(std::string_view id) { ++conversation(id).attaches; }

void replay_ledger::replied(const protocol::reply& value, unsigned session) {
    ++events_;
    auto& in = conversation(value.conversation);
    if (value.seq <= in.baseline) return;
    auto& where = in.spots[value.seq];
    const auto name = place_name(value.conversation, value.seq);
    const auto before = std::exchange(where.replied_in, session);
    if (before == session) return count(report_.duplicated, "the reply " + name + " reached its buyer twice in one session");
    if (before) ++report_.redelivered;
    if (value.seq < in.last_reply && ++in.descents > in.attaches)
        count(report_.out_of_order, "the reply " + name + " came after a later one");
    in.last_reply = value.seq;
    if (where.reply)
        see(replies_[*where.reply], value.text);
    else if (!where.text)
        where.text = value.text;
}

void replay_ledger::see(reply_state& reply, std::string_view text) {
    if (text != reply.plan->text) lose(reply, "reached its buyer with another text");
    if (!std::exchange(reply.seen, true)) ++report_.replies_delivered;
}

// --- agents --------------------------------------------------------------------------------------------------------------

void replay_ledger::agent_session(std::string_view account) {
    ++events_;
    ++entry(sessions_, account);
    entry(accounts_, account).open = 0;
}

void replay_ledger::assigned(std::string_view account, const protocol::assigned& value, elapsed at) {
    ++events_;
    auto& in = conversation(value.conversation);
    take_over(in, account, value);
    auto& held = in.holdings.find(account)->second;
    std::uint64_t before = 0;
    for (const auto& line : value.tail) {
        const auto name = place_name(value.conversation, line.seq);
        if (line.seq <= before) count(report_.out_of_order, name + " stands in a tail after a later line");
        before = std::max(before, line.seq);
        if (line.from != value.buyer || line.seq <= in.baseline) continue;
        auto& where = in.spots[line.seq];
        where.shown[std::string(account)] = held.session;
        held.highest_seq = std::max(held.highest_seq, line.seq);
        show(where, line.text, at);
    }
}

void replay_ledger::take_over(conversation_state& in, std::string_view account, const protocol::assigned& value) {
    const auto session = entry(sessions_, account);
    auto& held = entry(in.holdings, account);
    auto& figures = entry(accounts_, account);
    const bool held_now = held.live && held.session == session;
    const auto what = std::string(value.conversation) + " epoch " + std::to_string(value.epoch);
    const auto [found, fresh] = in.tenures.try_emplace(value.epoch);
    auto& owner = found->second;
    if (fresh) {
        owner.account = account;
        owner.reason = value.reason;
        ++figures.conversations;
        if (value.epoch <= held.epoch)
            count(report_.owner_overlaps, what + " was assigned to " + std::string(account) + " after a later epoch");
    } else if (owner.account != account) {
        count(report_.owner_overlaps, what + " was assigned to " + owner.account + " and to " + std::string(account));
    } else if (held.session == session) {
        count(report_.owner_overlaps, what + " was assigned to " + std::string(account) + " twice in one session");
    }
    if (!held_now) ++figures.open;
    held = {session, value.epoch, 0, true};
}

void replay_ledger::unassigned(std::string_view account, const protocol::unassigned& value) {
    ++events_;
    auto& held = entry(conversation(value.conversation).holdings, account);
    if (held.epoch != value.epoch || !held.live) return;
    held.live = false;
    if (held.session == entry(sessions_, account)) --entry(accounts_, account).open;
}

void replay_ledger::delivered(std::string_view account, const protocol::buyer_line& value, elapsed at) {
    ++events_;
    auto& in = conversation(value.conversation);
    if (value.seq <= in.baseline) return;
    auto& held = entry(in.holdings, account);
    const auto session = entry(sessions_, account);
    if (!held.live || held.session != session)
        count(report_.owner_overlaps,
              place_name(value.conversation, value.seq) + " was sent to " + std::string(account) + ", which does not own it");
    check_repeat(in, account, value);

    auto& where = in.spots[value.seq];
    where.shown[std::string(account)] = session;
    where.sent_to = account;
    held.highest_seq = std::max(held.highest_seq, value.seq);
    if (const auto owner = in.tenures.find(held.epoch); owner != in.tenures.end()) widen(owner->second, value.seq);
    show(where, value.text, at);
}

void replay_ledger::check_repeat(const conversation_state& in, std::string_view account, const protocol::buyer_line& value) {
    const auto& held = in.holdings.find(account)->second;
    const auto name = place_name(value.conversation, value.seq);
    if (const auto found = in.spots.find(value.seq); found != in.spots.end()) {
        const auto& where = found->second;
        const auto shown = where.shown.find(account);
        if (shown != where.shown.end() && shown->second == entry(sessions_, account))
            count(report_.duplicated, name + " was shown to " + std::string(account) + " twice in one session");
        else if (shown != where.shown.end())
            ++report_.redelivered;
        else if (!where.sent_to.empty())
            count(report_.duplicated, name + " was sent to " + where.sent_to + " and to " + std::string(account));
    }
    if (value.seq < held.highest_seq)
        count(report_.out_of_order, name + " came to " + std::string(account) + " after a later line");
}

void replay_ledger::show(spot& where, std::string_view text, elapsed at) {
    if (where.line) return show(lines_[*where.line], text, at);
    if (where.delivered_at) return;
    where.delivered_at = at;
    where.text = text;
}

void replay_ledger::show(line_state& line, std::string_view text, elapsed at) {
    if (text != line.plan->text) lose(line, "reached its agent with another text");
    if (line.delivered_at) return;
    line.delivered_at = at;
    ++report_.delivered;
}

void replay_ledger::widen(tenure& owner, std::uint64_t seq) {
    owner.first_seq = owner.first_seq == 0 ? seq : std::min(owner.first_seq, seq);
    owner.last_seq = std::max(owner.last_seq, seq);
}

void replay_ledger::reply_published(std::size_t index) {
    ++events_;
    if (++replies_[index].attempts == 1) ++report_.replies_published;
}

void replay_ledger::said(std::size_t index, std::string_view account, std::string_view id, std::uint64_t epoch,
                         std::uint64_t seq) {
    ++events_;
    if (!claim(index, id, seq)) return;
    ++entry(accounts_, account).replies;
    auto& in = conversation(id);
    const auto owner = in.tenures.find(epoch);
    if (owner != in.tenures.end() && owner->second.account == account) return widen(owner->second, seq);
    count(report_.owner_overlaps,
          place_name(id, seq) + " was accepted from " + std::string(account) + ", which did not own the conversation");
}

void replay_ledger::recognised(std::size_t index, std::string_view id, std::uint64_t seq) { claim(index, id, seq); }

/// False if this was known already, or is a fault.
bool replay_ledger::claim(std::size_t index, std::string_view id, std::uint64_t seq) {
    auto& reply = replies_[index];
    const place at{std::string(id), seq};
    if (reply.at == at) return false;
    if (reply.at) {
        count(report_.duplicated, "the answer to " + line_name(reply.line_number) + " was stored as " +
                                      place_name(reply.at->conversation, reply.at->seq) + " and as " + place_name(id, seq));
        return false;
    }
    auto& in = conversation(id);
    auto& where = in.spots[seq];
    if (where.line || where.reply || seq <= in.baseline) {
        lose(reply, "was given the place of another, " + place_name(id, seq));
        return false;
    }
    where.reply = index;
    reply.at = at;
    if (where.replied_in) see(reply, *where.text);
    return true;
}

// --- findings ------------------------------------------------------------------------------------------------------------

void replay_ledger::lose(line_state& line, std::string_view why) {
    if (!std::exchange(line.missing, true)) count(report_.lost, line_name(line.plan->number) + " " + std::string(why));
}

void replay_ledger::lose(reply_state& reply, std::string_view why) {
    if (!std::exchange(reply.missing, true))
        count(report_.lost, "the answer to " + line_name(reply.line_number) + " " + std::string(why));
}

void replay_ledger::count(std::uint64_t& figure, std::string text) {
    ++figure;
    note(std::move(text));
}

void replay_ledger::note(std::string text) {
    if (report_.findings.size() < findings_max) report_.findings.push_back(std::move(text));
}

} // namespace fenliu::apps::fenliu
