#include "apps/fenliu/explanation_words.hpp"

#include "apps/fenliu/decision_words.hpp"
#include "apps/fenliu/display_width.hpp"
#include "apps/fenliu/table.hpp"

namespace fenliu::apps::fenliu {

namespace {

std::string line_of(bilingual pattern, const facts& known, language wanted) {
    return printable(fill(pattern.in(wanted), known)) + "\n";
}

std::string part_of(bilingual pattern, const std::string& what, language wanted) {
    return what.empty() ? std::string() : fill(pattern.in(wanted), {{"what", what}});
}

std::string tell_places(const json& places, language wanted) {
    const auto title = [&](bilingual text) { return std::string(text.in(wanted)); };
    table out({{title({"epoch", "归属号"}), alignment::right},
               {title({"at", "时间"})},
               {title({"state", "状态"})},
               {title({"owner", "接待账号"})},
               {title({"reason", "原因"})},
               {title({"passed over because", "跳过的原因"})},
               {title({"by", "操作者"})},
               {title({"note", "备注"})}});
    for (const auto& place : places)
        out.add({cell(place, "epoch"), local_time(number(place, "at")), cell(place, "state"), cell(place, "owner"),
                 cell(place, "reason"), cell(place, "causes"), cell(place, "by"), cell(place, "note")});
    return out.render(terminal_width());
}

std::string class_text(std::int64_t number, language wanted) {
    constexpr bilingual usual{"usual", "普通"}, priority{"priority", "优先"}, emergency{"emergency", "紧急"};
    return std::string((number == 0 ? usual : number == 1 ? priority : emergency).in(wanted));
}

/// Where the account stands among those who get buyers.
std::string rank_line(const json& told, const facts& known, language wanted) {
    if (number(told, "rank") == 1)
        return line_of(
            {"It gets the next buyer: the first of {candidates} {noun}.", "下一位买家分给它：在 {candidates} 名候选中居首。"},
            known, wanted);
    if (number(told, "rank") > 1)
        return line_of({"It is number {rank} of {candidates} {noun}; the next buyer goes to {next} (credit {next_credit}).",
                        "它在 {candidates} 名候选中排第 {rank}；下一位买家分给 {next}（信用 {next_credit}）。"},
                       known, wanted);
    auto text = line_of({"It gets no new buyers: {failing}.", "它不接新买家：{failing}。"}, known, wanted);
    if (!known.at("next").empty())
        text +=
            line_of({"The next buyer goes to {next} (credit {next_credit}).", "下一位买家分给 {next}（信用 {next_credit}）。"},
                    known, wanted);
    return text;
}

} // namespace

std::string tell_conversation(const json& told, language wanted) {
    facts known;
    for (const auto* key : {"conversation", "buyer", "shop", "state", "lines"})
        known[key] = cell(told, key);
    known["owner"] = part_of({", owned by {what}", "，由 {what} 接待"}, cell(told, "owner"), wanted);
    known["opened"] = local_time(number(told, "opened_at"));
    const auto cause = part_of({" ({what})", "（{what}）"}, cell(told, "close_cause"), wanted);
    if (const auto closed = number(told, "closed_at"))
        known["closed"] = part_of({", closed {what}", "，结束于 {what}"}, local_time(closed), wanted) + cause;
    auto out = line_of({"conversation {conversation} of {buyer} with {shop}", "买家 {buyer} 与店铺 {shop} 的会话 {conversation}"},
                       known, wanted) +
               line_of({"{state}{owner}, {lines} lines, opened {opened}{closed}",
                        "{state}{owner}，共 {lines} 条，开始于 {opened}{closed}"},
                       known, wanted);
    for (const auto& decision : field(told, "decisions"))
        out += "\n" + tell_decision(decision, wanted);
    const auto& missing = field(told, "full_text");
    if (missing.is_string()) out += "\n" + printable(missing.get<std::string>()) + "\n";
    return out + "\n" + tell_places(field(told, "places"), wanted);
}

std::string tell_waiting(const json& told, const std::string& buyer, const std::string& shop, language wanted) {
    facts known{{"buyer", buyer}, {"shop", shop}};
    for (const auto* key : {"conversation", "state", "position"})
        known[key] = cell(told, key);
    known["owner"] = part_of({", owned by {what}", "，由 {what} 接待"}, cell(told, "owner"), wanted);
    known["since"] = local_time(number(told, "waiting_since"));
    known["waited"] = duration_text(number(told, "waited_ms"));
    known["class"] = class_text(number(told, "class"), wanted);
    const auto eta = number(told, "eta_s");
    known["eta"] = part_of({", about {what} to go", "，预计还需 {what}"}, eta > 0 ? duration_text(eta * 1'000) : "", wanted);
    std::string out;
    if (field(told, "waits") == false)
        out = line_of({"{buyer} doesn't wait: conversation {conversation} is {state}{owner}.",
                       "{buyer} 不在等候：会话 {conversation} 的状态为 {state}{owner}。"},
                      known, wanted);
    else if (known["state"] == "pooled")
        out = line_of({"{buyer} waits in the offline pool of {shop} since {since} ({waited}), place {position}{eta}.",
                       "{buyer} 自 {since} 起在 {shop} 的离线池等候（{waited}），第 {position} 位{eta}。"},
                      known, wanted);
    else
        out = line_of({"{buyer} waits in the line of {shop} since {since} ({waited}): place {position}, class {class}{eta}.",
                       "{buyer} 自 {since} 起在 {shop} 排队（{waited}）：第 {position} 位，{class}级{eta}。"},
                      known, wanted);
    if (const auto counts = tell_counts(field(told, "agents"), wanted); !counts.empty())
        out += line_of({"{counts} now.", "目前{counts}。"}, {{"counts", counts}}, wanted);
    const auto& decision = field(told, "decision");
    return decision.is_null() ? out : out + "\n" + tell_decision(decision, wanted);
}

std::string tell_agent(const json& told, language wanted) {
    facts known;
    for (const auto* key : {"account", "presence", "load", "cap", "credit", "rank", "candidates", "next", "next_credit"})
        known[key] = cell(told, key);
    known["noun"] = number(told, "candidates") == 1 ? "candidate" : "candidates";
    known["failing"] = tell_failing(cell(told, "failing"), wanted);
    known["groups"] = part_of({", in groups {what}", "，属于分组 {what}"}, cell(told, "groups"), wanted);
    auto out = line_of({"{account} is {presence}, load {load}/{cap}, credit {credit}{groups}.",
                        "{account} 当前 {presence}，接待 {load}/{cap}，信用 {credit}{groups}。"},
                       known, wanted) +
               rank_line(told, known, wanted);
    const auto title = [&](bilingual text) { return std::string(text.in(wanted)); };
    table last({{title({"at", "时间"})},
                {title({"conversation", "会话"})},
                {title({"reason", "原因"})},
                {title({"went to", "分给"})},
                {title({"it was", "它当时"})}});
    for (const auto& each : field(told, "decisions"))
        last.add({local_time(number(each, "at")), cell(each, "conversation"), cell(each, "reason"), cell(each, "agent"),
                  tell_failing(cell(each, "mine"), wanted)});
    return last.empty() ? out : out + "\n" + last.render(terminal_width());
}

} // namespace fenliu::apps::fenliu
