// The command `fenliu token`: issue tokens with the issuer's key, without a broker; revoke them and see what became of them, with
// one.
#include <chrono>
#include <filesystem>
#include <map>

#include "apps/fenliu/admin.hpp"
#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/fresh_id.hpp"
#include "apps/fenliu/language.hpp"
#include "apps/fenliu/table.hpp"
#include "apps/fenliu/token_ledger.hpp"
#include "protocol/account.hpp"
#include "protocol/limits.hpp"
#include "transport/keys.hpp"
#include "transport/signed_token.hpp"

namespace fenliu::apps::fenliu {

namespace {

using transport::key_kind;

constexpr const char* usual_issuer = "issuer.key";

struct issue_arguments {
    std::string issuer_key = usual_issuer, ledger, role, shop, account, key_file;
    bool unbound = false;
    std::uint32_t days = 90, messages_per_s = 0, connections = 0;
};

struct list_arguments {
    std::string issuer_key = usual_issuer, ledger;
    bool offline = false;
};

struct revoke_arguments {
    std::string id, note, issuer_key = usual_issuer, ledger, wanted_language;
    bool unlisted = false;
};

protocol::timestamp_ms now_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::filesystem::path ledger_of(const std::string& ledger, const std::string& issuer_key) {
    return ledger.empty() ? ledger_beside(issuer_key) : std::filesystem::path(ledger);
}

/// What the token is to say, or what is wrong with the wish.
std::variant<protocol::token_claims, problem> claims_of(const issue_arguments& given) {
    protocol::token_claims claims;
    claims.id = fresh_id();
    claims.grade = *protocol::grade_of(given.role);
    claims.shop = given.shop.empty() && !given.account.empty() ? std::string(protocol::shop_of(given.account)) : given.shop;
    claims.account = given.account;
    claims.issued_at = now_ms();
    claims.expires_at = claims.issued_at + std::chrono::milliseconds(std::chrono::hours(24) * given.days).count();
    claims.messages_per_s = given.messages_per_s;
    claims.connections = given.connections;
    if (given.unbound == !given.key_file.empty())
        return problem{exit_status::usage, "say --for-key FILE, the public key of the only client that may use it, or --unbound: "
                                           "then it is of use on the broker's machine alone"};
    if (!given.key_file.empty()) {
        auto key = transport::read_key_file(given.key_file, key_kind::curve_public);
        if (const auto* failed = std::get_if<protocol::failure>(&key)) return problem{exit_status::usage, failed->text};
        claims.key = std::get<std::string>(key);
    }
    if (const auto wrong = protocol::check(claims)) return problem{exit_status::usage, wrong->text};
    return claims;
}

exit_status run_issue(const common_options& options, const issue_arguments& given) {
    const auto wanted = claims_of(given);
    if (const auto* bad = std::get_if<problem>(&wanted)) return complain(*bad);
    const auto& claims = std::get<protocol::token_claims>(wanted);
    const auto issuer = transport::read_key_file(given.issuer_key, key_kind::issuer_secret);
    if (const auto* failed = std::get_if<protocol::failure>(&issuer)) return complain({exit_status::usage, failed->text});
    const auto token = transport::sign(claims, std::get<std::string>(issuer));
    if (const auto bad = add_to_ledger(ledger_of(given.ledger, given.issuer_key), claims)) return complain(*bad);
    if (options.json)
        print_json({{"id", claims.id}, {"expires_at", claims.expires_at}, {"token", token}});
    else
        print(token + "\n");
    return exit_status::ok;
}

constexpr bilingual unlisted = {
    "{ledger} lists no token {id}, so nothing was revoked; see fenliu token list, name another --ledger, or say --unlisted",
    "{ledger} 中没有令牌 {id}，未吊销；请用 fenliu token list 查看，或用 --ledger 指定另一个台账，或加 --unlisted 照样吊销"};
constexpr bilingual unread = {"{why}; the token is revoked all the same, but the broker can't forget it when it ends",
                              "无法读取台账，仍会吊销令牌，但令牌到期后服务仍保留其记录：{why}"};
constexpr bilingual revoked_now = {"revoked: {id}; its sessions have ended\n", "已吊销：{id}，其会话均已结束\n"};

/// When the token ends by the ledger, if that is known. A problem: there is a ledger, and it has no such token.
std::variant<std::optional<protocol::timestamp_ms>, problem> end_of(const revoke_arguments& given, language spoken) {
    const auto file = ledger_of(given.ledger, given.issuer_key);
    const auto ledger = read_ledger(file);
    if (const auto* bad = std::get_if<problem>(&ledger)) { // revoking is urgent, and the end is a convenience
        complain({bad->status, fill(unread.in(spoken), {{"why", bad->text}})});
        return std::nullopt;
    }
    for (const auto& row : std::get<std::vector<json>>(ledger))
        if (cell(row, "id") == given.id) return number(row, "expires_at");
    std::error_code none;
    if (given.unlisted || !std::filesystem::exists(file, none)) return std::nullopt;
    return problem{exit_status::usage, fill(unlisted.in(spoken), {{"ledger", file.string()}, {"id", given.id}})};
}

exit_status run_revoke(const common_options& options, const revoke_arguments& given) {
    const auto spoken = language_of(given.wanted_language);
    json body{{"id", given.id}};
    if (!given.note.empty()) body["note"] = given.note;
    const auto end = end_of(given, spoken);
    if (const auto* bad = std::get_if<problem>(&end)) return complain(*bad);
    if (const auto& at = std::get<0>(end)) body["expires_at"] = *at;
    admin session(options, {});
    if (const auto bad = session.open()) return complain(*bad);
    const auto asked = session.ask("token.revoke", body);
    if (const auto* bad = std::get_if<problem>(&asked)) return complain(*bad);
    if (options.json)
        print_json(std::get<json>(asked));
    else if (!options.quiet)
        print(fill(revoked_now.in(spoken), {{"id", given.id}}));
    return exit_status::ok;
}

/// What a row of the ledger is now.
std::string state_of(const json& row, const std::map<std::string, json>& revoked) {
    if (number(row, "expires_at") <= now_ms()) return "ended";
    return revoked.contains(cell(row, "id")) ? "revoked" : "good";
}

exit_status run_list(const common_options& options, const list_arguments& given) {
    auto ledger = read_ledger(ledger_of(given.ledger, given.issuer_key));
    if (const auto* bad = std::get_if<problem>(&ledger)) return complain(*bad);
    auto& rows = std::get<std::vector<json>>(ledger);
    std::map<std::string, json> revoked;
    if (!given.offline) {
        admin session(options, {});
        if (const auto bad = session.open()) return complain(*bad);
        const auto asked = session.ask_all("token.list", json::object(), "revoked");
        if (const auto* bad = std::get_if<problem>(&asked)) return complain(*bad);
        for (const auto& each : field(std::get<json>(asked), "revoked"))
            revoked[cell(each, "id")] = each;
    }
    for (auto& row : rows)
        row["state"] = state_of(row, revoked);
    for (const auto& row : rows)
        revoked.erase(cell(row, "id"));
    for (const auto& [id, each] : revoked) // of another ledger
        rows.push_back({{"id", id}, {"expires_at", field(each, "expires_at")}, {"state", "revoked"}});
    if (options.json) {
        for (const auto& row : rows)
            print_json(row);
        return exit_status::ok;
    }
    table out({{"id"}, {"state"}, {"role"}, {"shop"}, {"account"}, {"issued"}, {"ends"}, {"bound"}});
    for (const auto& row : rows)
        out.add({cell(row, "id"), cell(row, "state"), cell(row, "role"), cell(row, "shop"), cell(row, "account"),
                 local_time(number(row, "issued_at")), local_time(number(row, "expires_at")),
                 cell(row, "key").empty() ? "no" : "yes"});
    print(out.render(terminal_width()));
    return exit_status::ok;
}

void add_files(CLI::App& command, std::string& issuer_key, std::string& ledger) {
    command.add_option("--issuer-key", issuer_key, "The issuer's secret key file")
        ->capture_default_str()
        ->envname("FENLIU_ISSUER_KEY");
    command.add_option("--ledger", ledger, "What was issued, one line each; else beside the key");
}

void add_issue(CLI::App& token, command_line& line) {
    auto* command = token.add_subcommand("issue", "Sign a token and print it; needs the issuer's key and no broker");
    const auto given = std::make_shared<issue_arguments>();
    command->add_option("--role", given->role, "frontend, agent, senior, admin or auditor")
        ->required()
        ->check(CLI::IsMember({"frontend", "agent", "senior", "admin", "auditor"}));
    command->add_option("--shop", given->shop, "The only shop it is for; frontends, admins and auditors: else any");
    command->add_option("--account", given->account, "Agents and seniors: the only account it is for; else any of the shop");
    command->add_option("--for-key", given->key_file, "Public key file of the only client that may use it");
    command->add_flag("--unbound", given->unbound, "Any client on the broker's machine may use it");
    command->add_option("--days", given->days, "Days until it ends")
        ->capture_default_str()
        ->check(whole_between(limits::token_days_range.from, limits::token_days_range.to));
    command->add_option("--messages-per-s", given->messages_per_s, "Messages a second of each session; 0: no limit of its own")
        ->check(whole_between(limits::token_rate_range.from, limits::token_rate_range.to));
    command->add_option("--connections", given->connections, "Live sessions at a time; 0: no limit of its own")
        ->check(whole_between(0, limits::connections_range.to));
    add_files(*command, given->issuer_key, given->ledger);
    command->callback([&line, given] { line.run = [&line, given] { return run_issue(line.common, *given); }; });
}

void add_revoke(CLI::App& token, command_line& line) {
    auto* command = token.add_subcommand("revoke", "Make a token worthless and end its sessions, at once and for good");
    const auto given = std::make_shared<revoke_arguments>();
    command->add_option("id", given->id, "Its id, as in the ledger")->required();
    command->add_option("--note", given->note, "Why, for the audit");
    command->add_flag("--unlisted", given->unlisted, "Also if the ledger doesn't list it");
    add_files(*command, given->issuer_key, given->ledger);
    add_language_option(*command, given->wanted_language);
    command->callback([&line, given] { line.run = [&line, given] { return run_revoke(line.common, *given); }; });
}

void add_list(CLI::App& token, command_line& line) {
    auto* command = token.add_subcommand("list", "The tokens of the ledger, and which of them the broker says are revoked");
    const auto given = std::make_shared<list_arguments>();
    command->add_flag("--offline", given->offline, "Don't ask the broker");
    add_files(*command, given->issuer_key, given->ledger);
    command->callback([&line, given] { line.run = [&line, given] { return run_list(line.common, *given); }; });
}

} // namespace

void add_token(CLI::App& program, command_line& line) {
    auto* token = program.add_subcommand("token", "Issue, revoke and list the tokens with which peers prove who they are");
    token->require_subcommand(1);
    add_issue(*token, line);
    add_revoke(*token, line);
    add_list(*token, line);
}

} // namespace fenliu::apps::fenliu
