#include <algorithm>
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
        const auto commands = program->get_subcommands([](const CLI::App*) { return true; });
        const bool unknown = argc > 1 && *argv[1] != '-' &&
                             std::ranges::none_of(commands, [&](const auto* each) { return each->check_name(argv[1]); });
        const std::string what = unknown ? "there is no command " + std::string(argv[1]) : wrong.what();
        return static_cast<int>(complain({exit_status::usage, what + " (see fenliu --help)"}));
    }
    if (const auto bad = read_token(line.common)) return static_cast<int>(complain(*bad));
    try {
        return static_cast<int>(line.run());
    } catch (const std::exception& broken) { // out of memory, no more sockets
        return static_cast<int>(complain({exit_status::failed, broken.what()}));
    }
}
