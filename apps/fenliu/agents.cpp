#include "apps/fenliu/admin.hpp"
#include "apps/fenliu/agent_command.hpp"
#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/settings.hpp"
#include "apps/fenliu/table.hpp"

namespace fenliu::apps::fenliu {

namespace {

std::string render_agents(const json& rows) {
    table out({{"account"},
               {"presence"},
               {"connected"},
               {"participating"},
               {"load", alignment::right},
               {"cap", alignment::right},
               {"received", alignment::right},
               {"credit", alignment::right},
               {"groups"}});
    for (const auto& row : rows)
        out.add({cell(row, "account"), cell(row, "presence"), cell(row, "connected"), cell(row, "participating"),
                 cell(row, "load"), cell(row, "cap"), cell(row, "received"), cell(row, "credit"), cell(row, "groups")});
    return out.render(terminal_width());
}

exit_status run_agents(const common_options& options, const std::string& shop) {
    admin session(options, shop);
    if (const auto bad = session.open()) return complain(*bad);
    auto asked = session.ask_all("agents", {{"shop", shop}}, "agents");
    if (const auto* bad = std::get_if<problem>(&asked)) return complain(*bad);

    const auto& rows = field(std::get<json>(asked), "agents");
    if (!options.json) print(render_agents(rows));
    if (options.json)
        for (const auto& row : rows)
            print_json(row);
    return exit_status::ok;
}

struct set_arguments {
    std::string shop, account;
    std::optional<std::uint32_t> cap;
    std::optional<std::string> participating, groups;
};

exit_status run_set(const common_options& options, const set_arguments& given) {
    json body{{"shop", given.shop}, {"account", full_account(given.shop, given.account)}};
    if (given.cap) body["cap"] = *given.cap;
    if (given.participating) body["participating"] = *given.participating == "yes";
    if (given.groups) body["groups"] = listed(*given.groups);
    admin session(options, given.shop);
    if (const auto bad = session.open()) return complain(*bad);
    const auto asked = session.ask("agent.set", body);
    if (const auto* bad = std::get_if<problem>(&asked)) return complain(*bad);
    if (options.json)
        print_json(std::get<json>(asked));
    else
        print(render_agents(json::array({std::get<json>(asked)})));
    return exit_status::ok;
}

void add_set(CLI::App& agents, command_line& line) {
    auto* command = agents.add_subcommand("set", "Change an account's settings; what isn't named stays");
    const auto given = std::make_shared<set_arguments>();
    command->add_option("shop", given->shop, "The shop")->required();
    command->add_option("account", given->account, "The account: main:sub, sub, or main")->required();
    command->add_option("--cap", given->cap, "Conversations it holds at a time; 0: forwards only");
    command->add_option("--participating", given->participating, "Whether it is routed to")->check(yes_or_no());
    command->add_option("--groups", given->groups, "Exactly the groups it is in, with commas between; \"\": none");
    command->callback([&line, given] { line.run = [&line, given] { return run_set(line.common, *given); }; });
}

} // namespace

void add_agents(CLI::App& program, command_line& line) {
    auto* command = program.add_subcommand("agents", "A shop's accounts: presence, load, what they received; or set one");
    const auto shop = std::make_shared<std::string>();
    command->add_option("shop", *shop, "The shop");
    add_set(*command, line);
    command->callback([&line, command, shop] {
        if (command->got_subcommand("set")) {
            if (!shop->empty()) throw CLI::ExtrasError("agents set", {*shop});
            return;
        }
        if (shop->empty()) throw CLI::RequiredError("shop");
        line.run = [&line, shop] { return run_agents(line.common, *shop); };
    });
}

} // namespace fenliu::apps::fenliu
