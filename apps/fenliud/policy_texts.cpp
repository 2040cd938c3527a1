#include "apps/fenliud/policy_texts.hpp"

#include <stdexcept>
#include <utility>
#include <variant>

#include "apps/policy/policy_file.hpp"
#include "apps/policy/policy_members.hpp"
#include "apps/policy/policy_writer.hpp"

namespace fenliu::apps::fenliud {
namespace {

actors::policy_findings told(const policy::findings& found, bool error) {
    actors::policy_findings out;
    for (const auto& each : found)
        out.push_back({each.line, each.column, error, each.text});
    return out;
}

actors::policy_language::reading read(std::string_view shop, std::string_view text) {
    auto file = policy::read_policy_file(text);
    if (const auto* errors = std::get_if<policy::findings>(&file)) return {nullptr, told(*errors, true)};
    auto& whole = std::get<policy::policy_file>(file);
    if (whole.shop != shop)
        return {nullptr, {{0, 0, true, "this is the policy of shop " + whole.shop + ", not of " + std::string{shop}}}};
    try {
        return {std::make_shared<const routing::compiled_policy>(std::move(whole.policy)), told(whole.warnings, false)};
    } catch (const std::runtime_error& error) {
        return {nullptr, {{0, 0, true, error.what()}}};
    }
}

actors::policy_language::edit set_groups(std::string_view text, const std::string& account,
                                         const std::vector<std::string>& groups) {
    auto edited = policy::set_groups(text, account, groups);
    if (const auto* errors = std::get_if<policy::findings>(&edited)) return {{}, told(*errors, true)};
    return {std::move(std::get<std::string>(edited)), {}};
}

} // namespace

actors::policy_language policy_texts() { return {policy::write_policy, read, set_groups}; }

} // namespace fenliu::apps::fenliud
