// The command `fenliu token`: issue tokens with the issuer's key, without a broker; revoke them and see what became of them, with
// one.
#include <chrono>
#include <filesystem>
#include <map>

#include "apps/fenliu/admin.hpp"
#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/fresh_id.hpp"
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
    std::string id, note, issuer_key = usual_issuer, ledger;
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

exit_status run_revoke(const common_options& options, const revoke_arguments& given) {
    json body{{"id", given.id}};
    if (!given.note.empty()) body["note"] = given.note;
    const auto ledger = read_ledger(ledger_of(given.ledger, given.issuer_key));
    if (const auto* bad = std::get_if<problem>(&ledger)) return complain(*bad);
    for (const auto& row : std::get<std::vector<json>>(ledger))
        if (cell(row, "id") == given.id) body["expires_at"] = number(row, "expires_at");
    admin session(options, {});
    if (const auto bad = session.open()) return complain(*bad);
    const auto asked = session.ask("token.revoke", body);
    if (const auto* bad = std::get_if<problem>(&asked)) return complain(*bad);
    if (options.json)
        print_json(std::get<json>(asked));
    else if (!options.quiet)
        print("revoked: " + given.id + "; its sessions have ended\n");
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
        ->check(CLI::Range(limits::token_days_range.from, limits::token_days_range.to));
    command->add_option("--messages-per-s", given->messages_per_s, "Messages a second of each session; 0: no limit of its own")
        ->check(CLI::Range(limits::token_rate_range.from, limits::token_rate_range.to));
    command->add_option("--connections", given->connections, "Live sessions at a time; 0: no limit of its own")
        ->check(CLI::Range(std::int64_t{0}, limits::connections_range.to));
    add_files(*command, given->issuer_key, given->ledger);
    command->callback([&line, given] { line.run = [&line, given] { return run_issue(line.common, *given); }; });
}

void add_revoke(CLI::App& token, command_line& line) {
    auto* command = token.add_subcommand("revoke", "Make a token worthless and end its sessions, at once and for good");
    const auto given = std::make_shared<revoke_arguments>();
    command->add_option("id", given->id, "Its id, as in the ledger")->required();
    command->add_option("--note", given->note, "Why, for the audit");
    add_files(*command, given->issuer_key, given->ledger);
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
