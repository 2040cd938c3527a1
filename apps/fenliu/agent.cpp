#include "apps/fenliu/agent_command.hpp"
#include "apps/fenliu/agent_console.hpp"
#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/output.hpp"
#include "protocol/account.hpp"

namespace fenliu::apps::fenliu {

namespace {

exit_status run_agent(const common_options& options, agent_arguments given) {
    given.account = full_account(given.shop, given.account);
    protocol::account_name name;
    if (const auto bad = protocol::check_account(given.account, name)) return complain({exit_status::usage, bad->text});
    if (name.main != given.shop)
        return complain({exit_status::usage, "account " + given.account + " is none of shop " + given.shop});
    agent_console console(options, given);
    if (const auto bad = console.run()) return complain(*bad);
    return exit_status::ok;
}

} // namespace

void add_agent(CLI::App& program, command_line& line) {
    auto* command = program.add_subcommand("agent", "Work as an agent of a shop; /help lists what to type");
    const auto given = std::make_shared<agent_arguments>();
    command->add_option("shop", given->shop, "The shop")->required();
    command->add_option("account", given->account, "The account: main:sub, sub, or main")->required();
    command->add_flag("--echo", given->echo, "Answer every buyer line with its own text");
    command->add_option("--reply-after", given->reply_after_ms, "With --echo: milliseconds before an answer")
        ->check(whole_between(0, 3'600'000));
    command->add_option("--suspend-after", given->suspend_after, "Suspend after this many conversations")
        ->check(whole_between(1, 1'000'000));
    command->callback([&line, given] { line.run = [&line, given] { return run_agent(line.common, *given); }; });
}

} // namespace fenliu::apps::fenliu
