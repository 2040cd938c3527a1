#include "apps/fenliu/admin.hpp"
#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/display_width.hpp"
#include "apps/fenliu/table.hpp"

namespace fenliu::apps::fenliu {

namespace {

std::string render_explanation(const json& told) {
    const auto head = "conversation " + cell(told, "conversation") + " of " + cell(told, "buyer") + " with " + cell(told, "shop");
    auto state = cell(told, "state");
    if (const auto owner = cell(told, "owner"); !owner.empty()) state += ", owned by " + owner;
    state += ", " + cell(told, "lines") + " lines, opened " + local_time(number(told, "opened_at"));
    if (const auto closed = number(told, "closed_at"))
        state += ", closed " + local_time(closed) + " (" + cell(told, "close_cause") + ")";

    table places(
        {{"epoch", alignment::right}, {"at"}, {"state"}, {"owner"}, {"reason"}, {"passed over because"}, {"by"}, {"note"}});
    for (const auto& place : told.value("places", json::array()))
        places.add({cell(place, "epoch"), local_time(number(place, "at")), cell(place, "state"), cell(place, "owner"),
                    cell(place, "reason"), cell(place, "causes"), cell(place, "by"), cell(place, "note")});
    return printable(head) + "\n" + printable(state) + "\n\n" + places.render(terminal_width());
}

exit_status run_explain(const common_options& options, const std::string& id, const std::string& shop) {
    admin session(options, shop);
    if (const auto bad = session.open()) return complain(*bad);
    json body{{"id", id}};
    if (!shop.empty()) body["shop"] = shop;
    auto asked = session.ask("explain", body);
    if (const auto* bad = std::get_if<problem>(&asked)) return complain(*bad);
    if (options.json)
        print_json(std::get<json>(asked));
    else
        print(render_explanation(std::get<json>(asked)));
    return exit_status::ok;
}

} // namespace

void add_explain(CLI::App& program, command_line& line) {
    auto* command = program.add_subcommand("explain", "Why a conversation is where it is: every place it had, with reasons");
    struct arguments {
        std::string id, shop;
    };
    const auto given = std::make_shared<arguments>();
    command->add_option("id", given->id, "The conversation's id")->required();
    command->add_option("--shop", given->shop, "Its shop, where the token is for one shop");
    command->callback([&line, given] { line.run = [&line, given] { return run_explain(line.common, given->id, given->shop); }; });
}

} // namespace fenliu::apps::fenliu
