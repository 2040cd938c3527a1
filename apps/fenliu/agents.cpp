#include "apps/fenliu/admin.hpp"
#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/table.hpp"

namespace fenliu::apps::fenliu {

namespace {

exit_status run_agents(const common_options& options, const std::string& shop) {
    admin session(options, shop);
    if (const auto bad = session.open()) return complain(*bad);
    auto asked = session.ask_all("agents", {{"shop", shop}}, "agents");
    if (const auto* bad = std::get_if<problem>(&asked)) return complain(*bad);

    const auto rows = std::get<json>(asked).value("agents", json::array());
    if (options.json) {
        for (const auto& row : rows)
            print_json(row);
        return exit_status::ok;
    }
    table out({{"account"},
               {"presence"},
               {"connected"},
               {"participating"},
               {"load", alignment::right},
               {"cap", alignment::right},
               {"received", alignment::right},
               {"credit", alignment::right}});
    for (const auto& row : rows)
        out.add({cell(row, "account"), cell(row, "presence"), cell(row, "connected"), cell(row, "participating"),
                 cell(row, "load"), cell(row, "cap"), cell(row, "received"), cell(row, "credit")});
    print(out.render(terminal_width()));
    return exit_status::ok;
}

} // namespace

void add_agents(CLI::App& program, command_line& line) {
    auto* command = program.add_subcommand("agents", "A shop's accounts: presence, load, what they received");
    const auto shop = std::make_shared<std::string>();
    command->add_option("shop", *shop, "The shop")->required();
    command->callback([&line, shop] { line.run = [&line, shop] { return run_agents(line.common, *shop); }; });
}

} // namespace fenliu::apps::fenliu
