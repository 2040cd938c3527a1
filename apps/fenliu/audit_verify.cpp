#include "apps/fenliu/admin.hpp"
#include "apps/fenliu/commands.hpp"

namespace fenliu::apps::fenliu {

namespace {

/// Whether the chain holds, in words; the head is what somebody keeps to compare with.
std::string describe(const json& told) {
    const auto rows = cell(told, "rows");
    if (!field(told, "broken_at").is_null())
        return "the audit was tampered with: action " + cell(told, "broken_at") + " does not follow from the " + rows +
               " before it\n";
    if (field(told, "head_found") == false) return "the audit was cut or made anew: no action has that head\n";
    return "the audit is whole: " + rows + " actions, details erased: " + cell(told, "erased") + "\nhead " + cell(told, "head") +
           "\n";
}

} // namespace

exit_status run_audit_verify(const common_options& options, const std::string& head) {
    json body = json::object();
    if (!head.empty()) body["head"] = head;
    admin session(options, {});
    if (const auto bad = session.open()) return complain(*bad);
    const auto asked = session.ask("audit.verify", body);
    if (const auto* bad = std::get_if<problem>(&asked)) return complain(*bad);
    const auto& told = std::get<json>(asked);
    if (options.json)
        print_json(told);
    else if (!options.quiet)
        print(describe(told));
    return field(told, "whole") == true ? exit_status::ok : exit_status::failed;
}

} // namespace fenliu::apps::fenliu
