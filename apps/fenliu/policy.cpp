// The command `fenliu policy` and its parts.
#include "apps/fenliu/policy.hpp"

#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/output.hpp"
#include "apps/policy/example_policy.hpp"

namespace fenliu::apps::fenliu {

namespace {

void add_check(CLI::App& policy, command_line& line) {
    auto* command = policy.add_subcommand("check", "Check a policy file: errors (status 1) and warnings, with their places");
    const auto file = std::make_shared<std::string>();
    command->add_option("file", *file, "A shop's policy (TOML)")->required();
    command->callback([&line, file] { line.run = [&line, file] { return check_policy(line.common, *file); }; });
}

void add_test(CLI::App& policy, command_line& line) {
    auto* command = policy.add_subcommand("test", "Evaluate routing cases without a broker and compare with what they expect");
    const auto files = std::make_shared<std::vector<std::string>>();
    command->add_option("files", *files, "Cases: one JSON object, or one a line; - reads stdin")->required();
    command->callback([&line, files] { line.run = [&line, files] { return test_policies(line.common, *files); }; });
}

void add_example(CLI::App& policy, command_line& line) {
    auto* command = policy.add_subcommand("example", "Print a policy file with every key, its default and what it means");
    command->callback([&line] {
        line.run = [] {
            print(policy::example_policy_text());
            return exit_status::ok;
        };
    });
}

} // namespace

void add_policy(CLI::App& program, command_line& line) {
    auto* command = program.add_subcommand("policy", "Check a shop's policy file, test routing cases, print an example");
    command->require_subcommand(1);
    add_check(*command, line);
    add_test(*command, line);
    add_example(*command, line);
}

} // namespace fenliu::apps::fenliu
