// The command `fenliu policy` and its parts.
#include "apps/fenliu/policy.hpp"

#include <filesystem>

#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/language.hpp"
#include "apps/fenliu/output.hpp"
#include "apps/fenliu/policy_trial.hpp"
#include "apps/fenliu/policy_versions.hpp"
#include "apps/policy/example_policy.hpp"
#include "protocol/account.hpp"

namespace fenliu::apps::fenliu {

namespace {

void add_check(CLI::App& policy, command_line& line) {
    auto* command = policy.add_subcommand("check", "Check a policy file: errors (status 1) and warnings, with their places");
    const auto file = std::make_shared<std::string>();
    command->add_option("file", *file, "A shop's policy (TOML)")->required();
    command->callback([&line, file] { line.run = [&line, file] { return check_policy(line.common, *file); }; });
}

/// Whether a word of `policy test` means a file; else it is a shop.
bool means_file(const std::string& word) {
    return word == "-" || word.ends_with(".json") || word.ends_with(".ndjson") || protocol::check_shop(word) ||
           std::filesystem::exists(word);
}

exit_status run_test(const common_options& options, const std::vector<std::string>& words, trial_arguments given) {
    if (!means_file(words.front())) {
        if (words.size() > 1) return complain({exit_status::usage, "one shop at a time; " + words.front() + " is no file"});
        given.shop = words.front();
        return try_message(options, given);
    }
    if (given.any())
        return complain({exit_status::usage, words.front() + " is a file, and the options describe a message for a shop"});
    return test_policies(options, words);
}

void add_test(CLI::App& policy, command_line& line) {
    auto* command = policy.add_subcommand(
        "test", "Where a message would go in a shop of the broker; or, with files, evaluate routing cases without a broker");
    struct arguments {
        std::vector<std::string> words;
        trial_arguments message;
    };
    const auto given = std::make_shared<arguments>();
    auto& message = given->message;
    command->add_option("words", given->words, "A shop; or files of cases: one JSON object, or one a line; - reads stdin")
        ->required();
    command->add_option("--text", message.text, "What the buyer writes");
    command->add_option("--buyer", message.buyer, "Who writes; else somebody new");
    command->add_option("--to", message.to, "The account it is addressed to");
    command->add_option("--entry", message.entry, "How the buyer came in: lit_icon or message_box");
    command->add_option("--group", message.group, "The group they clicked");
    command->add_option("--product", message.product, "The product they look at");
    command->add_option("--order-state", message.order_state, "The state of their order");
    command->add_option("--tag", message.tags, "A tag of the buyer; may be repeated")->expected(1)->take_all();
    command->add_option("--crowd", message.crowds, "A crowd the buyer is in; may be repeated")->expected(1)->take_all();
    command->add_option("--at", message.at, "When, e.g. 2026-03-01T14:00:00+08:00; else now");
    command->add_flag("--full", message.full, "Show every account: what it failed at first");
    add_language_option(*command, message.lang);
    command->callback(
        [&line, given] { line.run = [&line, given] { return run_test(line.common, given->words, given->message); }; });
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

void add_get(CLI::App& policy, command_line& line) {
    auto* command = policy.add_subcommand("get", "Print a shop's policy as the broker has it");
    struct arguments {
        std::string shop;
        std::optional<std::uint64_t> version;
    };
    const auto given = std::make_shared<arguments>();
    command->add_option("shop", given->shop, "The shop")->required();
    command->add_option("--version", given->version, "An earlier version's number; else the one in force");
    command->callback(
        [&line, given] { line.run = [&line, given] { return get_policy(line.common, given->shop, given->version); }; });
}

void add_put(CLI::App& policy, command_line& line) {
    auto* command = policy.add_subcommand("put", "Put a policy file in force: a new version; errors (status 1) change nothing");
    const auto given = std::make_shared<put_arguments>();
    command->add_option("shop", given->shop, "The shop")->required();
    command->add_option("file", given->file, "Its policy (TOML); - reads stdin")->required();
    command->add_option("--note", given->note, "Why, for the history");
    command->add_option("--base", given->base, "The version it was made from: refused if another one is in force");
    command->callback([&line, given] { line.run = [&line, given] { return put_policy(line.common, *given); }; });
}

void add_diff(CLI::App& policy, command_line& line) {
    auto* command = policy.add_subcommand("diff", "What is different between two versions of a shop's policy, or in a file");
    struct arguments {
        std::string shop;
        std::vector<std::string> sides;
    };
    const auto given = std::make_shared<arguments>();
    command->add_option("shop", given->shop, "The shop")->required();
    command
        ->add_option("sides", given->sides,
                     "Two versions, or one (with the version in force), or a file; without: the last two versions")
        ->expected(0, 2);
    command->callback(
        [&line, given] { line.run = [&line, given] { return compare_policies(line.common, given->shop, given->sides); }; });
}

void add_versions(CLI::App& policy, command_line& line) {
    auto* command = policy.add_subcommand("history", "The versions of a shop's policy: when, by whom, why");
    struct arguments {
        std::string shop;
        std::size_t limit = 20;
    };
    const auto given = std::make_shared<arguments>();
    command->add_option("shop", given->shop, "The shop")->required();
    command->add_option("--limit", given->limit, "Newest versions to show")
        ->capture_default_str()
        ->check(whole_between(1, 1'000'000));
    command->callback(
        [&line, given] { line.run = [&line, given] { return list_policies(line.common, given->shop, given->limit); }; });
}

void add_rollback(CLI::App& policy, command_line& line) {
    auto* command = policy.add_subcommand("rollback", "Put an earlier version's text in force again, as a new version");
    struct arguments {
        std::string shop, note;
        std::uint64_t version = 0;
    };
    const auto given = std::make_shared<arguments>();
    command->add_option("shop", given->shop, "The shop")->required();
    command->add_option("version", given->version, "The earlier version's number")->required();
    command->add_option("--note", given->note, "Why, for the history");
    command->callback([&line, given] {
        line.run = [&line, given] { return roll_back_policy(line.common, given->shop, given->version, given->note); };
    });
}

} // namespace

void add_policy(CLI::App& program, command_line& line) {
    auto* command = program.add_subcommand("policy", "A shop's policy: check, try, put in force, compare, roll back");
    command->require_subcommand(1);
    add_example(*command, line);
    add_check(*command, line);
    add_test(*command, line);
    add_get(*command, line);
    add_put(*command, line);
    add_diff(*command, line);
    add_versions(*command, line);
    add_rollback(*command, line);
}

} // namespace fenliu::apps::fenliu
