#include "apps/fenliu/commands.hpp"

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
    add_policy(*program, line);
    add_replay(*program, line);
    return program;
}

} // namespace fenliu::apps::fenliu
