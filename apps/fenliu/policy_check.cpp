#include "apps/fenliu/output.hpp"
#include "apps/fenliu/policy.hpp"
#include "apps/policy/policy_file.hpp"
#include "apps/policy/text_file.hpp"

namespace fenliu::apps::fenliu {

namespace {

struct check_result {
    std::string shop;
    policy::findings errors, warnings;
};

check_result check(std::string_view text) {
    auto read = policy::read_policy_file(text);
    if (auto* errors = std::get_if<policy::findings>(&read)) return {{}, std::move(*errors), {}};
    auto& file = std::get<policy::policy_file>(read);
    return {std::move(file.shop), {}, std::move(file.warnings)};
}

json to_json(const policy::findings& found) {
    json list = json::array();
    for (const auto& each : found)
        list.push_back({{"line", each.line}, {"column", each.column}, {"text", each.text}});
    return list;
}

std::string counted(std::size_t count, std::string_view what) {
    return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

void print_findings(const policy::findings& found, std::string_view file, std::string_view mark) {
    if (!found.empty()) print(policy::to_text(found, file, mark) + "\n");
}

} // namespace

exit_status check_policy(const common_options& options, const std::string& file) {
    const auto text = policy::read_text_file(file);
    if (const auto* failed = std::get_if<protocol::failure>(&text)) return complain({exit_status::usage, failed->text});
    const auto result = check(std::get<std::string>(text));
    if (options.json) {
        print_json({{"file", file},
                    {"shop", result.shop.empty() ? json() : json(result.shop)},
                    {"errors", to_json(result.errors)},
                    {"warnings", to_json(result.warnings)}});
    } else {
        print_findings(result.errors, file, "");
        print_findings(result.warnings, file, "warning: ");
        const auto sum =
            result.errors.empty() ? "ok, " + counted(result.warnings.size(), "warning") : counted(result.errors.size(), "error");
        if (!options.quiet) print(file + ": " + sum + "\n");
    }
    return result.errors.empty() ? exit_status::ok : exit_status::failed;
}

} // namespace fenliu::apps::fenliu
