// The second half of the ledger: history against what was acknowledged, and what is missing at the end.
#include <algorithm>
#include <map>
#include <utility>

#include "apps/fenliu/replay_ledger.hpp"
#include "protocol/account.hpp"

namespace fenliu::apps::fenliu {

void replay_ledger::history(std::string_view buyer, const std::vector<history_entry>& page) {
    ++events_;
    std::map<std::string_view, std::uint64_t> last;
    for (const auto& line : page) {
        if (line.seq <= baseline(line.conversation)) continue;
        auto& before = last[line.conversation];
        if (line.seq <= before)
            count(report_.out_of_order,
                  line.conversation + "/" + std::to_string(line.seq) + " stands in history after a later line");
        before = line.seq;
        check_history(buyer, line);
    }
}

void replay_ledger::check_history(std::string_view buyer, const history_entry& line) {
    auto& where = conversation(line.conversation).spots[line.seq];
    if (std::exchange(where.in_history, true))
        return count(report_.duplicated, line.conversation + "/" + std::to_string(line.seq) + " stands in history twice");
    if (where.line) {
        auto& owner = lines_[*where.line];
        if (line.text != owner.plan->text || line.from != buyer) lose(owner, "stands in history with another text or sender");
    } else if (where.reply) {
        auto& owner = replies_[*where.reply];
        if (line.text != owner.plan->text) lose(owner, "stands in history with another text");
    } else {
        unclaimed_in_history(buyer, line);
    }
}

void replay_ledger::unclaimed_in_history(std::string_view buyer, const history_entry& line) {
    if (line.from == buyer) {
        const auto unacked = std::ranges::find_if(
            lines_, [&](const line_state& each) { return each.published_at && !each.at && each.plan->text == line.text; });
        if (unacked != lines_.end()) return; // counted as lost: nobody was told that it is stored
    } else {
        if (!accounts_.contains(line.from)) return; // somebody else speaks in this shop too
        // An answer whose first attempt got STALE_EPOCH after a restart may have been stored before it.
        const auto retried = std::ranges::find_if(replies_, [&](const reply_state& each) {
            const auto told = each.at ? 1U : 0U;
            return each.plan->text == line.text && each.attempts > told + each.spare_copies;
        });
        if (retried != replies_.end()) {
            ++retried->spare_copies;
            return;
        }
    }
    count(report_.duplicated, line.conversation + "/" + std::to_string(line.seq) + " is stored though nobody was told so");
}

replay_report replay_ledger::finish(bool finished) {
    audit_lines(finished);
    audit_replies(finished);
    audit_order();
    audit_owners();
    if (finished) audit_gaps();
    sum_up();
    report_.finished = finished;
    return report_;
}

void replay_ledger::audit_lines(bool with_history) {
    for (auto& line : lines_) {
        if (!line.published_at) continue;
        const auto* where = spot_at(line.at);
        if (!where)
            lose(line, "was never acknowledged");
        else if (!line.delivered_at)
            lose(line, "was never shown to an agent");
        else if (with_history && !where->in_history)
            lose(line, "is not in history");
    }
}

void replay_ledger::audit_replies(bool with_history) {
    for (auto& reply : replies_) {
        if (reply.attempts == 0) continue;
        const auto* where = spot_at(reply.at);
        if (!where)
            lose(reply, "was never acknowledged");
        else if (!reply.seen)
            lose(reply, "never reached its buyer");
        else if (with_history && !where->in_history)
            lose(reply, "is not in history");
    }
}

void replay_ledger::audit_order() {
    for (const auto& conversation : plan_.conversations) {
        const place* before = nullptr;
        for (const auto& line : conversation.lines) {
            const auto& at = lines_[line.index].at;
            if (!at) continue;
            if (before && before->conversation == at->conversation && at->seq < before->seq)
                count(report_.out_of_order,
                      "line " + std::to_string(line.number) + " was stored before the line that it follows");
            before = &*at;
        }
    }
}

void replay_ledger::audit_owners() {
    for (const auto& [id, in] : conversations_) {
        std::uint64_t last = 0;
        for (const auto& [epoch, owner] : in.tenures) {
            if (owner.first_seq == 0) continue;
            if (owner.first_seq <= last)
                count(report_.owner_overlaps, id + ": " + owner.account + " and an owner before were served at the same time");
            last = std::max(last, owner.last_seq);
        }
    }
}

void replay_ledger::audit_gaps() {
    for (const auto& [id, in] : conversations_) {
        if (!in.ours) continue;
        auto expected = in.baseline + 1;
        for (const auto& [seq, where] : in.spots) {
            if (!where.in_history) continue;
            if (seq != expected) count(report_.lost, id + " has a gap in history before " + std::to_string(seq));
            expected = seq + 1;
        }
    }
}

void replay_ledger::sum_up() {
    std::vector<double> latencies;
    for (const auto& line : lines_)
        if (line.published_at && line.delivered_at)
            latencies.push_back(std::chrono::duration<double, std::milli>(*line.delivered_at - *line.published_at).count());
    report_.latency_ms = latency_of(latencies);
    for (const auto& conversation : plan_.conversations)
        if (lines_[conversation.lines.front().index].published_at) ++report_.conversations;

    // A main account that only stands by is no agent of the replay.
    for (const auto& [account, figures] : accounts_)
        if (!protocol::is_main(account)) report_.per_agent.try_emplace(account, 0);
    for (const auto& [id, in] : conversations_) {
        if (!in.ours) continue;
        std::map<std::string_view, bool> owners;
        for (const auto& [epoch, owner] : in.tenures) {
            ++report_.assigned_by_reason[owner.reason];
            if (owners.try_emplace(owner.account, true).second) ++report_.per_agent[owner.account];
        }
    }
}

} // namespace fenliu::apps::fenliu
