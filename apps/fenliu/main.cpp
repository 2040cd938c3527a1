#include <cstdio>

#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/output.hpp"

int main(int argc, char** argv) {
    using namespace fenliu::apps::fenliu;
    command_line line;
    const auto program = make_program(line);
    try {
        program->parse(argc, argv);
    } catch (const CLI::Success& asked) { // --help
        return program->exit(asked);
    } catch (const CLI::ParseError& wrong) {
        const auto unknown = unknown_command(*program, argc, argv);
        return static_cast<int>(
            complain({exit_status::usage, unknown ? *unknown : wrong.what() + std::string(" (see fenliu --help)")}));
    }
    try {
        return static_cast<int>(line.run());
    } catch (const std::exception& broken) { // out of memory, no more sockets
        return static_cast<int>(complain({exit_status::failed, broken.what()}));
    }
}
