#include "apps/policy/policy_file.hpp"

#include "apps/policy/policy_lint.hpp"
#include "apps/policy/policy_reader.hpp"
#include "protocol/account.hpp"

namespace fenliu::apps::policy {

namespace {

policy_file read_root(const toml::table& settings, findings& errors) {
    policy_file file;
    table_reader root(settings, "the file", errors);
    if (placed_text shop; root.require_text("shop", shop)) {
        if (const auto failed = protocol::check_shop(shop.text))
            root.fail(shop.at, failed->text);
        else
            file.shop = std::move(shop.text);
    }
    const policy_owner owner{file.shop, nullptr};
    read_policy(root, "", &owner, file.policy, errors);
    root.finish();
    return file;
}

} // namespace

std::variant<policy_file, findings> read_policy_file(std::string_view text) {
    findings errors;
    try {
        const auto settings = toml::parse(text);
        auto file = read_root(settings, errors);
        if (errors.empty()) {
            file.warnings = lint(settings, file.policy);
            return file;
        }
    } catch (const toml::parse_error& error) {
        const auto at = error.source().begin;
        errors.push_back({at.line, at.column, std::string(error.description())});
    }
    sort(errors);
    return errors;
}

} // namespace fenliu::apps::policy
