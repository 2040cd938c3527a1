#include <algorithm>

#include "apps/fenliu/commands.hpp"
#include "apps/policy/did_you_mean.hpp"

namespace fenliu::apps::fenliu {

std::unique_ptr<CLI::App> make_program(command_line& line) {
    auto program =
        std::make_unique<CLI::App>("Speaks to a fenliu broker: as a buyer, as an agent, and to look inside.", "fenliu");
    add_common_options(*program, line.common);
    program->require_subcommand(1);
    program->footer("Exit status: 0 ok, 1 failed, 2 wrong usage, 3 no broker reached, 4 denied.\n"
                    "A first look: fenliu publish demo alice \"Is the red one in stock?\" --wait");
    add_publish(*program, line);
    add_agent(*program, line);
    add_feed(*program, line);
    add_history(*program, line);
    add_explain(*program, line);
    add_agents(*program, line);
    add_queue(*program, line);
    add_status(*program, line);
    add_assign(*program, line);
    add_buyer(*program, line);
    add_shop(*program, line);
    add_policy(*program, line);
    add_audit(*program, line);
    add_erase(*program, line);
    add_prune(*program, line);
    add_keygen(*program, line);
    add_token(*program, line);
    add_replay(*program, line);
    add_bench(*program, line);
    add_store(*program, line);
    return program;
}

std::optional<std::string> unknown_command(const CLI::App& program, int argc, const char* const* argv) {
    const CLI::App* reached = &program;
    std::string path = program.get_name();
    for (int at = 1; at < argc && reached->get_require_subcommand_min() > 0; ++at) {
        const std::string word = argv[at];
        if (word.starts_with('-')) return std::nullopt;
        const auto commands = reached->get_subcommands([](const CLI::App*) { return true; });
        const auto found = std::ranges::find_if(commands, [&](const auto* each) { return each->check_name(word); });
        if (found == commands.end()) {
            std::vector<std::string> names;
            for (const auto* each : commands)
                names.push_back(each->get_name());
            const auto meant = policy::did_you_mean(word, {names.begin(), names.end()});
            return "there is no command " + path + " " + word + (meant ? ", did you mean " + std::string(*meant) + "?" : "") +
                   " (see " + path + " --help)";
        }
        reached = *found;
        path += " " + word;
    }
    return std::nullopt;
}

} // namespace fenliu::apps::fenliu
