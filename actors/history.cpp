#include "actors/history.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "actors/buyer_session.hpp"
#include "protocol/account.hpp"
#include "protocol/limits.hpp"

namespace fenliu::actors {
namespace {

using protocol::errc;
using routing::conversation_number;

using place = line_place;

/// One page that is being put together.
struct page_request {
    link_id link = 0;
    std::string request_id, shop, buyer, owned_by;
    place below;
    std::uint32_t limit = 0;
    std::shared_ptr<const void> joining; // the lane keeps what it holds meanwhile
};

std::string cursor_of(const place& at) { return routing::to_id(at.number) + "." + std::to_string(at.seq); }

bool parse_cursor(std::string_view cursor, place& out) {
    if (cursor.empty()) return true;
    const auto dot = cursor.find('.');
    if (dot == std::string_view::npos) return false;
    out.number = routing::from_id(cursor.substr(0, dot));
    const auto digits = cursor.substr(dot + 1);
    const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), out.seq);
    return out.number != 0 && wrong == std::errc{} && end == digits.data() + digits.size();
}

/// The conversations of the buyer that the lane holds.
std::vector<const routing::conversation*> held(const buyer_entry& entry) {
    std::vector<const routing::conversation*> all;
    for (const auto* each : entry.past)
        all.push_back(&each->value());
    if (entry.current != nullptr) all.push_back(&entry.current->value());
    return all;
}

using line_map = std::map<place, storage::history_line>;

/// Adds the held lines that `wanted` accepts.
template <class Wanted>
void add_held(line_map& lines, const buyer_entry& entry, std::string_view owned_by, Wanted&& wanted) {
    for (const auto* conversation : held(entry)) {
        if (!owned_by.empty() && !conversation->owned_by(owned_by)) continue;
        const auto& transcript = conversation->transcript;
        for (auto seq = transcript.first_held(); seq <= transcript.last_seq(); ++seq) {
            const auto line = transcript.at(seq);
            if (!line || !wanted(place{conversation->number, seq}, line->side)) continue;
            lines[{conversation->number, seq}] = {conversation->number,   seq, line->at, line->side, std::string{line->from},
                                                  std::string{line->text}};
        }
    }
}

void answer(lane& host, link_id link, std::string_view request_id, errc code, std::string_view detail) {
    host.output().send(link, protocol::result{request_id, protocol::name(code), detail});
}

/// Joins the archive's answer with what the lane holds and sends the newest `limit` lines.
void send_page(lane& host, const page_request& asked, storage::history_answer archive) {
    line_map lines;
    bool more = archive.more;
    for (auto& each : archive.lines)
        lines[{each.number, each.seq}] = std::move(each);
    if (auto* shop = host.find_shop(asked.shop))
        if (const auto found = shop->buyers.find(asked.buyer); found != shop->buyers.end())
            add_held(lines, found->second, asked.owned_by,
                     [&](const place& at, routing::side) { return asked.below.number == 0 || at < asked.below; });
    std::vector<const storage::history_line*> newest;
    std::size_t bytes = 0;
    for (auto each = lines.rbegin(); each != lines.rend(); ++each) {
        bytes += each->second.text.size() + each->second.from.size();
        if (newest.size() == asked.limit || (bytes > limits::page_bytes && !newest.empty())) {
            more = true;
            break;
        }
        newest.push_back(&each->second);
    }
    std::vector<std::string> ids;
    ids.reserve(newest.size());
    std::vector<protocol::history_line> rows;
    for (auto each = newest.rbegin(); each != newest.rend(); ++each) {
        ids.push_back(routing::to_id((*each)->number));
        rows.push_back({ids.back(), (*each)->seq, (*each)->from, (*each)->text, (*each)->at});
    }
    const std::string cursor = more && !newest.empty() ? cursor_of({newest.back()->number, newest.back()->seq}) : std::string{};
    host.output().send(asked.link, protocol::history_page{asked.request_id, std::move(rows), cursor});
}

/// R10's "exists": which colleagues have a record with this buyer, no content.
void send_colleagues(lane& host, const page_request& asked, std::vector<storage::colleague_row> archived) {
    std::map<std::string, storage::colleague_row> rows;
    for (auto& each : archived)
        rows[each.account] = each;
    std::vector<const routing::conversation*> fresh;
    if (auto* shop = host.find_shop(asked.shop))
        if (const auto found = shop->buyers.find(asked.buyer); found != shop->buyers.end())
            for (const auto* each : found->second.past)
                if (!each->is_archived()) fresh.push_back(&each->value());
    if (auto* shop = host.find_shop(asked.shop))
        if (const auto found = shop->buyers.find(asked.buyer); found != shop->buyers.end() && found->second.current != nullptr)
            fresh.push_back(&found->second.current->value());
    for (const auto* conversation : fresh) {
        std::map<std::string, bool> owners;
        for (const auto& each : conversation->places)
            if (!each.owner.empty()) owners[each.owner] = true;
        for (const auto& [account, owned] : owners) {
            auto& row = rows[account];
            row.account = account;
            ++row.conversations;
            row.last_at = std::max(row.last_at, conversation->last_line_at);
        }
    }
    std::vector<protocol::colleague_record> out;
    for (const auto& [account, row] : rows)
        if (out.size() < limits::page_lines) out.push_back({account, row.conversations, row.last_at});
    host.output().send(asked.link, protocol::history_page{asked.request_id, std::move(out), {}});
}

} // namespace

void read_history(lane& host, const peer& from, const protocol::history_request& message) {
    page_request asked{from.link,    std::string{message.request_id}, from.who.shop, std::string{message.buyer}, {}, {},
                       message.limit};
    if (asked.limit == 0 || asked.limit > limits::page_lines) asked.limit = limits::page_lines;
    if (!parse_cursor(message.cursor, asked.below))
        return answer(host, from.link, message.request_id, errc::malformed, "cursor must be nil or come from the last page");
    const bool everything = from.who.role == protocol::role::admin || protocol::is_main(from.who.account);
    if (message.scope == protocol::history_scope::exists) {
        host.store().read_colleagues(asked.shop, asked.buyer,
                                     [asked, back = host.resumer()](std::vector<storage::colleague_row> rows) {
                                         back([asked, rows = std::move(rows)](lane& in) { send_colleagues(in, asked, rows); });
                                     });
        return;
    }
    if (message.scope == protocol::history_scope::own && from.who.role == protocol::role::admin)
        return answer(host, from.link, message.request_id, errc::forbidden,
                      "an admin has no own conversations; ask with scope `all`");
    if (message.scope == protocol::history_scope::own || !everything) asked.owned_by = from.who.account;
    if (auto* shop = host.find_shop(asked.shop))
        if (const auto found = shop->buyers.find(asked.buyer); found != shop->buyers.end())
            asked.joining = found->second.join_lines();
    storage::history_query query{asked.shop,  asked.buyer,        asked.below.number, asked.below.seq,
                                 asked.limit, limits::page_bytes, asked.owned_by};
    host.store().read_history(std::move(query), [asked, back = host.resumer()](storage::history_answer rows) {
        back([asked, rows = std::move(rows)](lane& in) { send_page(in, asked, rows); });
    });
}

namespace {

/// An attach whose older replies are being read, newest page first.
struct attaching {
    link_id link = 0;
    std::string shop, buyer;
    place above;
    std::shared_ptr<const void> joining; // the lane keeps what it holds meanwhile
    line_map replies;
};

constexpr std::size_t attach_replies = 4'096; // of the archive; a frontend further behind than this reads history

void finish_attach(lane& host, attaching& state) {
    auto* shop = host.find_shop(state.shop);
    const auto entry = shop->buyers.find(state.buyer);
    if (entry == shop->buyers.end()) return;
    // Replies above `since` reach a session that follows already by themselves.
    auto& self = follow(entry->second, state.link, host);
    add_held(state.replies, entry->second, {}, [&](const place&, routing::side side) { return side != routing::side::buyer; });
    for (const auto& [at, line] : state.replies)
        if (at > state.above && at <= self.since)
            host.output().send(state.link, protocol::reply{state.shop, state.buyer, routing::to_id(at.number), at.seq, line.from,
                                                           line.text, line.at});
    self.since = std::min(self.since, state.above);
}

void read_replies(lane& host, std::shared_ptr<attaching> state, place below) {
    storage::history_query query{state->shop, state->buyer, below.number, below.seq, limits::page_lines, limits::page_bytes};
    query.agent_lines_only = true;
    query.above_number = state->above.number;
    query.above_seq = state->above.seq;
    host.store().read_history(std::move(query), [state, back = host.resumer()](storage::history_answer page) {
        back([state, page = std::move(page)](lane& in) {
            for (const auto& each : page.lines)
                state->replies[{each.number, each.seq}] = each;
            if (page.more && !page.lines.empty() && state->replies.size() < attach_replies)
                read_replies(in, state, {page.lines.front().number, page.lines.front().seq});
            else
                finish_attach(in, *state);
        });
    });
}

} // namespace

void attach_to(lane& host, shop& shop, const protocol::attach& message, buyer_entry& entry, link_id link) {
    auto state = std::make_shared<attaching>();
    state->link = link;
    state->shop = shop.name;
    state->buyer = message.buyer;
    state->above = {routing::from_id(message.conversation), message.seq};
    state->joining = entry.join_lines();
    const auto conversations = held(entry);
    const bool from_its_start = !conversations.empty() && conversations.front()->transcript.first_held() == 1;
    const bool all_held = entry.facts.conversations == conversations.size() && (conversations.empty() || from_its_start);
    // What is held may have gaps, since it depends on wall times; above the newest conversation there is none.
    const auto* newest = conversations.empty() ? nullptr : conversations.back();
    const bool newest_held = newest != nullptr && newest->number == entry.facts.last_conversation &&
                             state->above.number == newest->number && newest->transcript.first_held() == 1;
    if (all_held || newest_held)
        finish_attach(host, *state);
    else
        read_replies(host, std::move(state), {});
}

} // namespace fenliu::actors
