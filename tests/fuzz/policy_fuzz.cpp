// Any text as a policy file. What is read must be written as a text that reads back as the same policy, whose compiled form
// answers for any text and time; what is refused is refused with words. Groups of an account are set in the text and read back.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "apps/policy/policy_file.hpp"
#include "apps/policy/policy_members.hpp"
#include "apps/policy/policy_writer.hpp"
#include "require.hpp"
#include "routing/compiled_policy.hpp"

namespace fenliu::fuzz {

namespace {

using namespace apps::policy;

void check_findings(const findings& found) {
    for (const auto& each : found)
        require(!each.text.empty(), "a finding says something");
    require(!to_text(found, "file").empty() || found.empty(), "findings can be told");
}

void check_compiled(const routing::policy& rules) {
    constexpr routing::timestamp_ms day = 86'400'000;
    try {
        const routing::compiled_policy compiled(rules);
        for (routing::timestamp_ms now = 0; now < day; now += day / 4) {
            static_cast<void>(compiled.mode_at(now));
            static_cast<void>(compiled.robot_at(now));
            require(compiled.robot_share_at(now) >= 0 && compiled.robot_share_at(now) <= 1, "a share is a share");
        }
        for (const auto& group : rules.groups)
            for (const auto& word : group.keywords) {
                const auto signs = compiled.read(word);
                const auto index = static_cast<routing::group_index>(&group - rules.groups.data());
                const auto& hits = signs.keyword_hits;
                require(std::find(hits.begin(), hits.end(), index) != hits.end(), "a keyword is found in itself");
            }
    } catch (const std::runtime_error&) {
        // Its contract: an unknown time zone, words no matcher takes.
    }
}

void check_members(std::string_view text, const policy_file& file) {
    if (file.policy.groups.empty()) return;
    const std::string account = file.shop + ":fuzz";
    const std::string& id = file.policy.groups.back().id;
    const auto edited = set_groups(text, account, {id});
    if (std::holds_alternative<findings>(edited)) return;
    const auto again = read_policy_file(std::get<std::string>(edited));
    require(std::holds_alternative<policy_file>(again), "an edited policy can be read");
    const routing::group* const group = std::get<policy_file>(again).policy.find_group(id);
    require(group != nullptr, "an edit leaves the groups");
    const auto& members = group->members;
    require(std::find(members.begin(), members.end(), account) != members.end(), "who is set is a member");
}

} // namespace

} // namespace fenliu::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fenliu;
    using fuzz::require;
    const std::vector<char> exact(data, data + size);
    const std::string_view text(exact.data(), exact.size());
    const auto read = apps::policy::read_policy_file(text);
    if (const auto* errors = std::get_if<apps::policy::findings>(&read)) {
        require(!errors->empty(), "what is refused is refused for something");
        fuzz::check_findings(*errors);
        return 0;
    }
    const auto& file = std::get<apps::policy::policy_file>(read);
    fuzz::check_findings(file.warnings);
    const std::string written = apps::policy::write_policy(file.shop, file.policy);
    const auto again = apps::policy::read_policy_file(written);
    require(std::holds_alternative<apps::policy::policy_file>(again), "what is written can be read");
    const auto& same = std::get<apps::policy::policy_file>(again);
    require(same.shop == file.shop && same.policy == file.policy, "what is written reads back as it was");
    require(apps::policy::write_policy(same.shop, same.policy) == written, "a policy has one text");
    fuzz::check_compiled(file.policy);
    fuzz::check_members(text, file);
    return 0;
}
