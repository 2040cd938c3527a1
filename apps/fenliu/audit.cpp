#include "apps/fenliu/admin.hpp"
#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/table.hpp"

namespace fenliu::apps::fenliu {

namespace {

struct audit_arguments {
    std::string shop;
    std::size_t limit = 50;
};

exit_status run_audit(const common_options& options, const audit_arguments& given) {
    json body = json::object();
    if (!given.shop.empty()) body["shop"] = given.shop;
    admin session(options, given.shop);
    if (const auto bad = session.open()) return complain(*bad);
    const auto asked = session.ask_all("audit", body, "actions", given.limit);
    if (const auto* bad = std::get_if<problem>(&asked)) return complain(*bad);
    const auto& rows = field(std::get<json>(asked), "actions");
    if (options.json) {
        for (const auto& row : rows)
            print_json(row);
        return exit_status::ok;
    }
    if (rows.empty()) {
        if (!options.quiet) print("nothing was changed by hand yet\n");
        return exit_status::ok;
    }
    table out({{"n", alignment::right}, {"at"}, {"shop"}, {"by"}, {"verb"}, {"detail"}});
    for (const auto& row : rows)
        out.add({cell(row, "n"), local_time(number(row, "at")), cell(row, "shop"), cell(row, "by"), cell(row, "verb"),
                 cell(row, "detail")});
    print(out.render(terminal_width()));
    return exit_status::ok;
}

} // namespace

void add_audit(CLI::App& program, command_line& line) {
    auto* command = program.add_subcommand("audit", "What admins and senior agents changed: when, who, what");
    const auto given = std::make_shared<audit_arguments>();
    command->add_option("shop", given->shop, "One shop; else all");
    const auto head = std::make_shared<std::string>();
    auto* verify = command->add_subcommand(
        "verify", "Whether nothing in it was changed, taken out or put in; exit status 1 if anything was");
    verify->add_option("--head", *head, "A head that verify told earlier: the audit has to go on from there");
    command->add_option("--limit", given->limit, "Newest changes to show")
        ->capture_default_str()
        ->check(whole_between(1, 1'000'000));
    command->callback([&line, given, command, head] {
        if (command->got_subcommand("verify"))
            line.run = [&line, head] { return run_audit_verify(line.common, *head); };
        else
            line.run = [&line, given] { return run_audit(line.common, *given); };
    });
}

} // namespace fenliu::apps::fenliu
