#include "apps/fenliu/admin.hpp"
#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/table.hpp"

namespace fenliu::apps::fenliu {

namespace {

exit_status run_queue(const common_options& options, const std::string& shop) {
    admin session(options, shop);
    if (const auto bad = session.open()) return complain(*bad);
    auto asked = session.ask_all("queue", {{"shop", shop}}, "waiting");
    if (const auto* bad = std::get_if<problem>(&asked)) return complain(*bad);

    const auto rows = std::get<json>(asked).value("waiting", json::array());
    if (options.json) {
        for (const auto& row : rows)
            print_json(row);
        return exit_status::ok;
    }
    if (rows.empty()) {
        if (!options.quiet) print("nobody waits in " + shop + "\n");
        return exit_status::ok;
    }
    table out({{"position", alignment::right},
               {"buyer"},
               {"state"},
               {"class", alignment::right},
               {"waited", alignment::right},
               {"estimate", alignment::right},
               {"conversation"}});
    for (const auto& row : rows)
        out.add({cell(row, "position"), cell(row, "buyer"), cell(row, "state"), cell(row, "class"),
                 duration_text(number(row, "waited_ms")), duration_text(number(row, "eta_s") * 1'000),
                 cell(row, "conversation")});
    print(out.render(terminal_width()));
    return exit_status::ok;
}

} // namespace

void add_queue(CLI::App& program, command_line& line) {
    auto* command = program.add_subcommand("queue", "Who waits in a shop: the line and the pool");
    const auto shop = std::make_shared<std::string>();
    command->add_option("shop", *shop, "The shop")->required();
    command->callback([&line, shop] { line.run = [&line, shop] { return run_queue(line.common, *shop); }; });
}

} // namespace fenliu::apps::fenliu
