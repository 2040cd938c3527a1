#include "apps/fenliu/replay_plan.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "protocol/account.hpp"
#include "protocol/utf8.hpp"

namespace fenliu::apps::fenliu {

namespace {

/// The lines of one conversation of the file, while they are sorted out.
struct sheet {
    std::string shop, buyer;
    std::vector<const recorded_line*> lines;
};

/// What keeps a line out of the conversation that it names; empty: nothing.
std::string_view misfit(const sheet& page, const recorded_line& line, const std::string& shop) {
    if (page.shop != shop) return "names another shop than the conversation's first line";
    if (!line.agent && page.buyer != line.from) return "names another buyer than the conversation's first line";
    return {};
}

/// Conversations by name. A conversation belongs to the shop and buyer of its first buyer line in the file.
std::map<std::string, sheet> sort_out(const replay_file& file, const std::optional<std::string>& one_shop, replay_plan& plan) {
    std::map<std::string, sheet> sheets;
    const auto shop_of_line = [&](const recorded_line& line) { return one_shop ? *one_shop : legal_shop(line.shop); };
    for (const auto& line : file.lines)
        if (!line.agent) sheets.try_emplace(line.conversation, sheet{shop_of_line(line), line.from, {}});
    for (const auto& line : file.lines) {
        const auto found = sheets.find(line.conversation);
        if (found == sheets.end()) {
            plan.unplayed.push_back({line.number, "is an agent's line in a conversation without a buyer"});
        } else if (const auto what = misfit(found->second, line, shop_of_line(line)); !what.empty()) {
            plan.unplayed.push_back({line.number, std::string(what)});
        } else {
            found->second.lines.push_back(&line);
        }
    }
    return sheets;
}

planned_conversation lay_out(const std::string& name, sheet& page, replay_plan& plan) {
    planned_conversation out{name, page.shop, page.buyer, {}, {}};
    std::ranges::stable_sort(page.lines, {}, &recorded_line::ts);
    for (const auto* line : page.lines) {
        if (!line->agent)
            out.lines.push_back({0, line->number, line->text, line->ts, {}});
        else if (!out.lines.empty())
            out.lines.back().replies.push_back({0, line->text, line->ts});
        else
            plan.unplayed.push_back({line->number, "is an agent's line before any line of the buyer"});
    }
    for (auto& line : out.lines)
        if (line.replies.empty()) // the number tells the acknowledgements apart
            line.replies.push_back({0, "Thank you, noted. (" + std::to_string(line.number) + ")", line.ts});
    return out;
}

/// Numbers lines and replies, and puts a buyer's conversations one after another.
void link(replay_plan& plan) {
    std::map<std::pair<std::string, std::string>, std::size_t> last_of;
    std::set<std::string> shops;
    for (std::size_t at = 0; at < plan.conversations.size(); ++at) {
        auto& conversation = plan.conversations[at];
        shops.insert(conversation.shop);
        const auto [place, first] = last_of.try_emplace({conversation.shop, conversation.buyer}, at);
        if (!first) conversation.after = std::exchange(place->second, at);
        for (auto& line : conversation.lines) {
            line.index = plan.lines++;
            for (auto& reply : line.replies)
                reply.index = plan.replies++;
        }
    }
    plan.shops.assign(shops.begin(), shops.end());
    if (!plan.conversations.empty()) plan.first_ts = plan.conversations.front().lines.front().ts;
}

} // namespace

std::string legal_shop(std::string_view name) {
    std::string out;
    while (!name.empty()) {
        const auto point = protocol::first_code_point(name);
        const auto bytes = std::max(point.bytes, 1U);
        std::string next(name.substr(0, bytes));
        if (protocol::check_shop(next)) next = "-";
        if (protocol::check_shop(out + next)) break; // too long
        out += next;
        name.remove_prefix(bytes);
    }
    return out.empty() ? "-" : out;
}

replay_plan make_replay_plan(const replay_file& file, const std::optional<std::string>& one_shop) {
    replay_plan plan;
    for (auto& [name, page] : sort_out(file, one_shop, plan))
        plan.conversations.push_back(lay_out(name, page, plan));
    std::ranges::stable_sort(plan.conversations, {}, [](const auto& each) { return each.lines.front().ts; });
    std::ranges::sort(plan.unplayed, {}, &bad_line::number);
    link(plan);
    return plan;
}

} // namespace fenliu::apps::fenliu
