#include "apps/fenliu/admin.hpp"
#include "apps/fenliu/commands.hpp"

namespace fenliu::apps::fenliu {

namespace {

struct shop_arguments {
    std::string shop, rating;
    bool now = false;
};

std::string tell_shop(const json& told) {
    auto text = cell(told, "shop") + ": rating " + cell(told, "rating");
    const auto next = cell(told, "next_rating");
    if (!next.empty())
        text += "; " + next + " from " + local_time(number(told, "next_from")) + ", midnight in " + cell(told, "time_zone");
    return text + "\n";
}

exit_status run_shop(const common_options& options, const shop_arguments& given) {
    if (given.now && given.rating.empty())
        return complain({exit_status::usage, "--now says when a rating comes into force; name one with --rating"});
    json body{{"shop", given.shop}};
    if (!given.rating.empty()) body["rating"] = given.rating;
    if (given.now) body["now"] = true;
    admin session(options, given.shop);
    if (const auto bad = session.open()) return complain(*bad);
    const auto asked = session.ask("shop.set", body);
    if (const auto* bad = std::get_if<problem>(&asked)) return complain(*bad);
    if (options.json)
        print_json(std::get<json>(asked));
    else
        print(tell_shop(std::get<json>(asked)));
    return exit_status::ok;
}

} // namespace

void add_shop(CLI::App& program, command_line& line) {
    auto* command = program.add_subcommand("shop", "A shop's rating, which priority reception needs; or set it");
    const auto given = std::make_shared<shop_arguments>();
    command->add_option("shop", given->shop, "The shop")->required();
    command->add_option("--rating", given->rating, "As the platform gave it; in force from the 1st of next month")
        ->check(CLI::IsMember({"gold", "silver", "bronze", "none"}));
    command->add_flag("--now", given->now, "In force at once");
    command->callback([&line, given] { line.run = [&line, given] { return run_shop(line.common, *given); }; });
}

} // namespace fenliu::apps::fenliu
