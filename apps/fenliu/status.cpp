#include "apps/fenliu/admin.hpp"
#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/table.hpp"

namespace fenliu::apps::fenliu {

namespace {

std::string render_status(const json& stats, const json& shops) {
    std::string out = "fenliu " + cell(stats, "version") + ", up " + duration_text(number(stats, "uptime_s") * 1'000);
    if (stats.value("draining", false)) out += ", draining";
    out += "\n\n";

    table totals({{"figure"}, {"value", alignment::right}});
    for (const auto* field : {"shops", "accounts", "online", "buyers", "open", "waiting", "pooled", "published", "delivered",
                              "said", "duplicates", "rejected", "sessions", "resumed", "in_flight_bytes"})
        totals.add({field, cell(stats, field)});
    const auto assigned = stats.value("assigned", json::object());
    for (const auto& [reason, count] : assigned.items())
        totals.add({"assigned " + reason, to_text(count)});
    const auto store = stats.value("store", json::object());
    for (const auto& [field, value] : store.items())
        totals.add({"store " + field, cell(store, field)});
    out += totals.render();

    table rows({{"shop"},
                {"accounts", alignment::right},
                {"online", alignment::right},
                {"buyers", alignment::right},
                {"open", alignment::right},
                {"waiting", alignment::right},
                {"pooled", alignment::right}});
    for (const auto& row : shops)
        rows.add({cell(row, "shop"), cell(row, "accounts"), cell(row, "online"), cell(row, "buyers"), cell(row, "open"),
                  cell(row, "waiting"), cell(row, "pooled")});
    if (!rows.empty()) out += "\n" + rows.render(terminal_width());
    return out;
}

exit_status run_status(const common_options& options) {
    admin session(options, "");
    if (const auto bad = session.open()) return complain(*bad);
    auto asked = session.ask("stats", json::object());
    if (const auto* bad = std::get_if<problem>(&asked)) return complain(*bad);
    auto listed = session.ask_all("shop.list", json::object(), "shops");
    if (const auto* bad = std::get_if<problem>(&listed)) return complain(*bad);

    auto& stats = std::get<json>(asked);
    const auto shops = std::get<json>(listed).value("shops", json::array());
    if (options.json)
        print_json({{"stats", stats}, {"shops", shops}});
    else
        print(render_status(stats, shops));
    return exit_status::ok;
}

} // namespace

void add_status(CLI::App& program, command_line& line) {
    auto* command = program.add_subcommand("status", "What the broker holds and has done since its start");
    command->callback([&line] { line.run = [&line] { return run_status(line.common); }; });
}

} // namespace fenliu::apps::fenliu
