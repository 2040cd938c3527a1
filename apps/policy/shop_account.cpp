#include "apps/policy/shop_account.hpp"

#include "protocol/account.hpp"

namespace fenliu::apps::policy {

namespace {

/// The name with half-width colons, as a question, if it has a full-width one (R1).
std::string half_width(std::string_view name) {
    constexpr std::string_view full_width_colon = "：";
    std::string text(name);
    for (auto at = text.find(full_width_colon); at != std::string::npos; at = text.find(full_width_colon, at))
        text.replace(at, full_width_colon.size(), ":");
    return text == name ? "" : ", did you mean " + in_quotes(text) + "?";
}

} // namespace

bool check_account_of(std::string_view shop, const placed_text& account, table_reader& table) {
    protocol::account_name name;
    if (const auto failed = protocol::check_account(account.text, name)) {
        table.fail(account.at, failed->text + half_width(account.text));
        return false;
    }
    if (shop.empty() || name.main == shop) return true;
    const auto meant = std::string(shop) + ":" + std::string(name.sub.empty() ? name.main : name.sub);
    table.fail(account.at, "account " + in_quotes(account.text) + " is of shop " + in_quotes(name.main) + ", not " +
                               in_quotes(shop) + ", did you mean " + in_quotes(meant) + "?");
    return false;
}

} // namespace fenliu::apps::policy
