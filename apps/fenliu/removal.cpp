// `erase` and `prune`: what was said goes for good, when a buyer or the shop's retention asks for it.
#include <chrono>

#include "apps/fenliu/admin.hpp"
#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/settings.hpp"
#include "protocol/account.hpp"

namespace fenliu::apps::fenliu {

namespace {

struct removal_arguments {
    std::string shop, buyer, note, older_than;
    bool yes = false;
};

/// The answer comes once the disk is clean, which takes a pass over a large archive.
constexpr std::chrono::minutes patience{5};

exit_status run_removal(const common_options& options, const removal_arguments& given, std::string_view verb, json body,
                        const std::function<std::string(const json&)>& tell) {
    if (!given.note.empty()) body["note"] = given.note;
    admin session(options, given.shop, patience);
    if (const auto bad = session.open()) return complain(*bad);
    const auto asked = session.ask(verb, body);
    if (const auto* bad = std::get_if<problem>(&asked)) return complain(*bad);
    if (options.json)
        print_json(std::get<json>(asked));
    else if (!options.quiet)
        print(tell(std::get<json>(asked)));
    return exit_status::ok;
}

exit_status run_erase(const common_options& options, const removal_arguments& given) {
    if (const auto bad = protocol::check_buyer(given.buyer)) return complain({exit_status::usage, bad->text});
    if (!given.yes)
        return complain({exit_status::usage, "this removes everything that " + given.shop + " and its buyer " + given.buyer +
                                                 " ever said to each other, for good: say --yes if that is meant"});
    return run_removal(options, given, "buyer.erase", {{"shop", given.shop}, {"buyer", given.buyer}}, [](const json& told) {
        return "erased " + cell(told, "buyer") + " of " + cell(told, "shop") + ", conversations: " + cell(told, "conversations") +
               "\n";
    });
}

exit_status run_prune(const common_options& options, const removal_arguments& given) {
    const auto age = age_of(given.older_than);
    if (!age) return complain({exit_status::usage, "--older-than must be a number of days, weeks or years: 180d, 26w, 2y"});
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto before = std::chrono::duration_cast<std::chrono::milliseconds>(now - *age).count();
    return run_removal(options, given, "shop.prune", {{"shop", given.shop}, {"before", before}}, [](const json& told) {
        return "pruned " + cell(told, "shop") + ": nothing that ended before " + local_time(number(told, "before")) +
               " is left; buyers forgotten: " + cell(told, "buyers") + "\n";
    });
}

} // namespace

void add_erase(CLI::App& program, command_line& line) {
    auto* command = program.add_subcommand("erase", "Remove everything about a buyer: store, log, archive and index");
    const auto given = std::make_shared<removal_arguments>();
    command->add_option("shop", given->shop, "The shop")->required();
    command->add_option("buyer", given->buyer, "The buyer")->required();
    command->add_option("--note", given->note, "Why, for the audit, such as a ticket's number; no name");
    command->add_flag("--yes", given->yes, "It is meant");
    command->callback([&line, given] { line.run = [&line, given] { return run_erase(line.common, *given); }; });
}

void add_prune(CLI::App& program, command_line& line) {
    auto* command = program.add_subcommand("prune", "Remove a shop's closed conversations that are older than it keeps them");
    const auto given = std::make_shared<removal_arguments>();
    command->add_option("shop", given->shop, "The shop")->required();
    command->add_option("--older-than", given->older_than, "Age from which they go: 180d, 26w, 2y; at least a day")->required();
    command->add_option("--note", given->note, "Why, for the audit");
    command->callback([&line, given] { line.run = [&line, given] { return run_prune(line.common, *given); }; });
}

} // namespace fenliu::apps::fenliu
