#include "apps/fenliu/admin.hpp"
#include "apps/fenliu/commands.hpp"

namespace fenliu::apps::fenliu {

namespace {

struct assign_arguments {
    std::string conversation, to, shop, note;
};

exit_status run_assign(const common_options& options, const assign_arguments& given) {
    json body{{"conversation", given.conversation}, {"to", given.to}};
    if (!given.shop.empty()) body["shop"] = given.shop;
    if (!given.note.empty()) body["note"] = given.note;
    admin session(options, given.shop);
    if (const auto bad = session.open()) return complain(*bad);
    const auto asked = session.ask("assign", body);
    if (const auto* bad = std::get_if<problem>(&asked)) return complain(*bad);
    const auto& answer = std::get<json>(asked);
    if (options.json)
        print_json(answer);
    else
        print(cell(answer, "conversation") + " is owned by " + cell(answer, "owner") + " (epoch " + cell(answer, "epoch") +
              ")\n");
    return exit_status::ok;
}

} // namespace

void add_assign(CLI::App& program, command_line& line) {
    auto* command = program.add_subcommand("assign", "Give a conversation to an account or a group by hand; it stays there");
    const auto given = std::make_shared<assign_arguments>();
    command->add_option("conversation", given->conversation, "The conversation's id")->required();
    command->add_option("to", given->to, "An account, or group:ID")->required();
    command->add_option("--shop", given->shop, "Its shop, where the token is for one shop");
    command->add_option("--note", given->note, "Why, for the record");
    command->callback([&line, given] { line.run = [&line, given] { return run_assign(line.common, *given); }; });
}

} // namespace fenliu::apps::fenliu
