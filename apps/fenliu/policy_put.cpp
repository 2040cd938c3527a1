#include "apps/fenliu/input_text.hpp"
#include "apps/fenliu/output.hpp"
#include "apps/fenliu/policy_versions.hpp"
#include "apps/fenliu/text_parts.hpp"
#include "apps/policy/policy_file.hpp"

namespace fenliu::apps::fenliu {

namespace {

json told_findings(const policy::findings& found) {
    json list = json::array();
    for (const auto& each : found)
        list.push_back({{"line", each.line}, {"column", each.column}, {"severity", "error"}, {"text", each.text}});
    return list;
}

/// The broker's findings as lines of their file, errors first.
std::string finding_lines(const json& told, const std::string& file) {
    policy::findings errors, warnings;
    for (const auto& each : told) {
        const bool warning = cell(each, "severity") == "warning";
        (warning ? warnings : errors)
            .push_back({static_cast<std::uint32_t>(number(each, "line")), static_cast<std::uint32_t>(number(each, "column")),
                        cell(each, "text")});
    }
    std::string lines;
    if (!errors.empty()) lines += policy::to_text(std::move(errors), file) + "\n";
    if (!warnings.empty()) lines += policy::to_text(std::move(warnings), file, "warning: ") + "\n";
    return lines;
}

exit_status refuse(const common_options& options, const put_arguments& given, const json& told, const problem& why) {
    if (options.json)
        print_json({{"shop", given.shop}, {"findings", told}});
    else
        print(finding_lines(told, input_name(given.file)));
    return complain(why);
}

/// The last part's answer.
std::variant<json, problem> send_parts(admin& session, const put_arguments& given, std::string_view text) {
    const auto parts = text_parts(text);
    json answer;
    for (std::size_t at = 0; at < parts.size(); ++at) {
        json body{{"shop", given.shop}, {"part", at + 1}, {"parts", parts.size()}, {"text", parts[at]}};
        if (given.base) body["base"] = *given.base;
        if (!given.note.empty()) body["note"] = given.note;
        auto asked = session.ask("policy.put", body);
        if (std::holds_alternative<problem>(asked)) return asked;
        answer = std::move(std::get<json>(asked));
    }
    return answer;
}

} // namespace

exit_status put_policy(const common_options& options, const put_arguments& given) {
    const auto text = read_input(given.file);
    if (const auto* bad = std::get_if<problem>(&text)) return complain(*bad);
    const auto read = policy::read_policy_file(std::get<std::string>(text));
    const auto name = input_name(given.file);
    if (const auto* errors = std::get_if<policy::findings>(&read))
        return refuse(options, given, told_findings(*errors), {exit_status::failed, name + " has errors; nothing was put"});
    if (const auto& shop = std::get<policy::policy_file>(read).shop; shop != given.shop)
        return complain({exit_status::failed, name + " is the policy of shop " + shop + ", not " + given.shop});

    admin session(options, given.shop);
    if (const auto bad = session.open()) return complain(*bad);
    const auto sent = send_parts(session, given, std::get<std::string>(text));
    if (const auto* bad = std::get_if<problem>(&sent))
        return refuse(options, given, field(session.refusal_body(), "findings"), *bad);
    const auto& answer = std::get<json>(sent);
    if (options.json) {
        print_json({{"shop", given.shop}, {"version", field(answer, "version")}, {"findings", field(answer, "findings")}});
        return exit_status::ok;
    }
    print(finding_lines(field(answer, "findings"), name));
    print("version " + cell(answer, "version") + " of " + given.shop + " is in force\n");
    return exit_status::ok;
}

} // namespace fenliu::apps::fenliu
