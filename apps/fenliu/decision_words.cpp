#include "apps/fenliu/decision_words.hpp"

#include <array>
#include <utility>

#include "apps/fenliu/display_width.hpp"
#include "apps/fenliu/reason_words.hpp"
#include "apps/fenliu/table.hpp"

namespace fenliu::apps::fenliu {

namespace {

template <std::size_t Count>
using word_table = std::array<std::pair<std::string_view, bilingual>, Count>;

template <std::size_t Count>
std::string_view look_up(const word_table<Count>& words, std::string_view word, language wanted) {
    for (const auto& [each, text] : words)
        if (each == word) return text.in(wanted);
    return {};
}

constexpr word_table<6> kinds{{
    {"message", {"Routed {at} by policy version {policy}: {reason}", "{at} 按策略第 {policy} 版分流：{reason}"}},
    {"forward", {"Forwarded {at} by policy version {policy}: {reason}", "{at} 按策略第 {policy} 版转发：{reason}"}},
    {"wait",
     {"Looked at again {at} by policy version {policy}: {reason}", "{at} 因等待过久按策略第 {policy} 版重新分流：{reason}"}},
    {"pick", {"Picked {at} under policy version {policy}: {reason}", "{at} 领取（策略第 {policy} 版）：{reason}"}},
    {"assign", {"Assigned {at} under policy version {policy}: {reason}", "{at} 指定接待（策略第 {policy} 版）：{reason}"}},
    {"test",
     {"Tried, without any effect, by policy version {policy}: {reason}", "按策略第 {policy} 版试算（不产生影响）：{reason}"}},
}};

/// Where it went when no account got it.
constexpr word_table<5> places{{
    {"queue", {"into the waiting line", "进入排队"}},
    {"pool", {"into the offline pool", "进入离线池"}},
    {"robot", {"to the robot", "交给机器人"}},
    {"hold", {"kept for a moment", "暂缓片刻"}},
    {"reject", {"refused", "拒绝"}},
}};

constexpr word_table<5> flags{{
    {"priority", {"the buyer has priority", "买家享有优先接待"}},
    {"emergency", {"the text holds an emergency word", "内容含紧急词"}},
    {"handed_off", {"the buyer is past the robot", "买家已转人工"}},
    {"priority_failed", {"priority failed, for nobody was available", "优先接待失败：没有可接待的账号"}},
    {"prompt", {"the buyer was shown the priority prompt", "已向买家展示优先接待提示"}},
}};

constexpr word_table<11> failings{{
    {"none", {"candidate", "候选"}},
    {"candidate", {"candidate", "候选"}},
    {"ready", {"ready", "可接待"}},
    {"robot", {"robot", "机器人"}},
    {"offline", {"offline", "离线"}},
    {"suspended", {"suspended", "挂起"}},
    {"not_participating", {"not participating", "不参与分流"}},
    {"off_shift", {"off duty", "不在班次"}},
    {"full", {"full", "满员"}},
    {"received", {"got the buyer", "接到买家"}},
    {"declined", {"declined", "谢绝"}},
}};

constexpr word_table<13> request_facts{{
    {"to", {"to", "发给"}},
    {"entry", {"entry", "入口"}},
    {"group", {"group", "点击分组"}},
    {"product", {"product", "商品"}},
    {"order_state", {"order state", "订单状态"}},
    {"tags", {"tags", "标签"}},
    {"crowds", {"crowds", "人群"}},
    {"private", {"private contact", "私密联系人"}},
    {"member", {"member", "会员"}},
    {"dedicated", {"dedicated agent", "专属客服"}},
    {"owner", {"owner", "接待账号"}},
    {"pinned", {"assigned by hand", "人工指定"}},
    {"waited_too_long", {"waited too long", "等待过久"}},
}};

constexpr bilingual comma{", ", "，"};
constexpr bilingual semicolon{"; ", "；"};
constexpr bilingual full_stop{".", "。"};

void append(std::string& list, std::string_view item, bilingual separator, language wanted) {
    if (!list.empty()) list.append(separator.in(wanted));
    list.append(item);
}

std::string load_text(const json& row) { return cell(row, "load") + "/" + cell(row, "cap"); }

/// `(credit 0.50, load 2/10)`.
std::string standing_text(const json& row, language wanted) {
    constexpr bilingual pattern{"(credit {credit}, load {load})", "（信用 {credit}，接待 {load}）"};
    return fill(pattern.in(wanted), {{"credit", cell(row, "credit")}, {"load", load_text(row)}});
}

/// The row of an account in a list of them; null if it isn't there.
const json& row_of(const json& rows, const std::string& account) {
    static const json nothing;
    for (const auto& row : rows)
        if (cell(row, "account") == account) return row;
    return nothing;
}

/// How the chosen one stands among the candidates. At most three are listed; the count of the ready ones is the whole shop's.
std::string choice_text(const json& decision, language wanted) {
    constexpr bilingual exactly{"best of {n} candidates", " {n} 名候选中最合适的"},
        at_least{"best of {n} or more candidates", "至少 {n} 名候选中最合适的"}, only{"only candidate", "唯一的候选"},
        unknown{"best candidate", "最合适的候选"};
    constexpr std::size_t listed_most = 3;
    const auto listed = field(decision, "candidates").size();
    const auto ready = static_cast<std::size_t>(number(field(decision, "agents"), "ready"));
    if (listed == 0) return std::string(unknown.in(wanted));
    if (listed == 1) return std::string(only.in(wanted));
    const bool whole_shop = field(decision, "group").is_null();
    const bool sure = listed < listed_most || whole_shop || ready == listed;
    const auto count = whole_shop && ready > listed ? ready : listed;
    return fill((sure ? exactly : at_least).in(wanted), {{"n", std::to_string(count)}});
}

facts facts_of(const json& decision, language wanted) {
    constexpr bilingual in_group{"in group {group}", "分组 {group} 中"}, in_shop{"in the whole shop", "全店"};
    const auto& request = field(decision, "request");
    const auto& recent = field(request, "recent");
    const auto agent = cell(decision, "agent"), group = cell(decision, "group");
    facts known{{"agent", agent},
                {"group", group},
                {"owner", cell(request, "owner")},
                {"recent", cell(recent, "account")},
                {"to", cell(request, "to")},
                {"wanted", cell(decision, "wanted_group")},
                {"why", cell(decision, "text")},
                {"choice", choice_text(decision, wanted)}};
    known["where"] = fill((group.empty() ? in_shop : in_group).in(wanted), known);
    if (const auto& row = row_of(field(decision, "candidates"), agent); !row.is_null())
        known["best"] = standing_text(row, wanted);
    const auto& recent_row = row_of(field(decision, "verdicts"), known["recent"]);
    if (!recent_row.is_null()) known["recent_load"] = "(" + load_text(recent_row) + ")";
    return known;
}

/// A reason code in words; one that this program doesn't know as it is.
std::string reason_text(const std::string& code, const facts& known, language wanted) {
    const auto reason = routing::reason_of(code);
    return reason ? fill(words_of(*reason).in(wanted), known) : code;
}

std::string first_sentence(const json& decision, const facts& known, language wanted) {
    constexpr bilingual to_account{" to {agent}", "，转给 {agent}"}, to_place{", {place}", "，{place}"},
        because{" - {words}", " —— {words}"};
    const auto reason = cell(decision, "reason"), outcome = cell(decision, "outcome");
    auto pattern = look_up(kinds, cell(decision, "kind"), wanted);
    if (pattern.empty()) pattern = kinds.front().second.in(wanted);
    auto text =
        fill(pattern, {{"at", local_time(number(decision, "at"))}, {"policy", cell(decision, "policy")}, {"reason", reason}});
    const auto place = std::string(look_up(places, outcome, wanted));
    if (!known.at("agent").empty())
        text += fill(to_account.in(wanted), known);
    else if (!place.empty())
        text += fill(to_place.in(wanted), {{"place", place}});
    return text + fill(because.in(wanted), {{"words", reason_text(reason, known, wanted)}});
}

/// A value, or the items of a list: crowds are told by their ids.
std::string names_text(const json& value) {
    if (!value.is_array()) return cell({{"value", value}}, "value");
    std::string names;
    for (const auto& each : value)
        append(names, each.is_object() ? cell(each, "id") : cell({{"value", each}}, "value"), {", ", ", "}, language::english);
    return names;
}

std::string request_text(const json& decision, language wanted) {
    const auto& request = field(decision, "request");
    std::string list;
    for (const auto& [key, words] : request_facts) {
        const auto& value = field(request, key);
        if (value.is_null() || value == false) continue;
        std::string item(words.in(wanted));
        if (value != true) item += " " + names_text(value);
        append(list, item, semicolon, wanted);
    }
    const auto& recent = field(request, "recent");
    if (recent.is_null()) return list;
    constexpr bilingual pattern{"recent contact {account} {ago} before {forward}", "最近联系人 {account}（{ago} 前{forward}）"},
        by_forward{"by a forward", "，由转发而来"};
    const auto ago = number(decision, "at") - number(recent, "at");
    const bool forwarded = field(recent, "by_forward") == true;
    append(list,
           fill(pattern.in(wanted), {{"account", cell(recent, "account")},
                                     {"ago", number(recent, "at") == 0 ? "" : duration_text(ago)},
                                     {"forward", std::string(forwarded ? by_forward.in(wanted) : "")}}),
           semicolon, wanted);
    return list;
}

std::string candidates_list(const json& decision, language wanted) {
    std::string list;
    for (const auto& row : field(decision, "candidates"))
        append(list, cell(row, "account").append(wanted == language::english ? " " : "") + standing_text(row, wanted), semicolon,
               wanted);
    return list;
}

} // namespace

std::string tell_decision(const json& decision, language wanted) {
    const auto known = facts_of(decision, wanted);
    const auto stop = full_stop.in(wanted);
    std::string out = printable(first_sentence(decision, known, wanted)).append(stop) + "\n";
    const auto add = [&](bilingual pattern, const std::string& what) {
        if (what.empty()) return;
        out.append("  ").append(printable(fill(pattern.in(wanted), {{"what", what}}))).append(stop).append("\n");
    };
    std::string causes, told_flags;
    for (const auto& each : field(decision, "causes"))
        if (each.is_string()) append(causes, reason_text(each.get<std::string>(), known, wanted), semicolon, wanted);
    for (const auto& each : field(decision, "flags"))
        if (each.is_string()) append(told_flags, look_up(flags, each.get<std::string>(), wanted), semicolon, wanted);
    add({"Passed over: {what}", "跳过：{what}"}, causes);
    add({"Known: {what}", "判定：{what}"}, told_flags);
    add({"Asked: {what}", "请求：{what}"}, request_text(decision, wanted));
    add({"Candidates, best first: {what}", "候选（最合适者在前）：{what}"}, candidates_list(decision, wanted));
    add({"Asked, but declined: {what}", "询问后谢绝：{what}"}, cell(decision, "declined"));
    add({"{what}", "{what}"}, tell_counts(field(decision, "agents"), wanted));
    if (number(decision, "waiting") > 0) add({"In line: {what} waiting", "排队中：{what} 人"}, cell(decision, "waiting"));
    if (field(decision, "same_outcome") == false)
        add({"{what}", "{what}"},
            std::string(
                bilingual{"Decided again from what the log still tells, it would go elsewhere", "按日志重新推算，结果会不同"}.in(
                    wanted)));
    add({"{what}", "{what}"}, cell(decision, "full_text"));
    return out + tell_verdicts(field(decision, "verdicts"), wanted);
}

std::string tell_counts(const json& agents, language wanted) {
    constexpr bilingual total{"Of {n} {accounts} {list}", "共 {n} 个账号：{list}"}, each{"{n} {is} {what}", "{what} {n}"};
    std::int64_t all = 0;
    std::string list;
    for (const auto* key : {"ready", "offline", "suspended", "not_participating", "off_shift", "full", "robot"}) {
        const auto count = number(agents, key);
        all += count;
        if (count == 0) continue;
        const std::string is = !list.empty() ? "" : count == 1 ? "is" : "are";
        append(list, fill(each.in(wanted), {{"n", std::to_string(count)}, {"is", is}, {"what", tell_failing(key, wanted)}}),
               comma, wanted);
    }
    if (all == 0) return {};
    return fill(total.in(wanted), {{"n", std::to_string(all)}, {"accounts", all == 1 ? "account" : "accounts"}, {"list", list}});
}

std::string tell_failing(std::string_view failing, language wanted) {
    const auto words = look_up(failings, failing, wanted);
    return std::string(words.empty() ? failing : words);
}

std::string tell_verdicts(const json& verdicts, language wanted) {
    const auto title = [&](bilingual text) { return std::string(text.in(wanted)); };
    table out({{title({"account", "账号"})},
               {title({"failed first at", "首先不满足"})},
               {title({"presence", "状态"})},
               {title({"load", "接待"}), alignment::right},
               {title({"credit", "信用"}), alignment::right}});
    for (const auto& row : verdicts) {
        std::string presence = cell(row, "presence");
        if (presence.empty())
            presence = field(row, "online") == true ? "online" : field(row, "held") == true ? "held" : "offline";
        out.add(
            {cell(row, "account"), tell_failing(cell(row, "failing"), wanted), presence, load_text(row), cell(row, "credit")});
    }
    return out.empty() ? std::string() : out.render(terminal_width());
}

} // namespace fenliu::apps::fenliu
