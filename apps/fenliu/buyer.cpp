#include "apps/fenliu/admin.hpp"
#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/settings.hpp"
#include "apps/fenliu/table.hpp"
#include "protocol/account.hpp"

namespace fenliu::apps::fenliu {

namespace {

struct buyer_arguments {
    std::string shop, buyer;
    std::optional<std::string> member, private_contact, dedicated, tags;

    [[nodiscard]] bool changes() const noexcept { return member || private_contact || dedicated || tags; }
};

std::string render_buyer(const json& told) {
    table out({{"fact"}, {"value"}});
    for (const auto* key : {"buyer", "shop", "member", "private", "dedicated", "tags"})
        out.add({key, cell(told, key)});
    for (const auto& crowd : field(told, "crowds"))
        out.add({"crowd", cell(crowd, "id") + " since " + local_time(number(crowd, "since"))});
    const auto& recent = field(told, "recent");
    if (!recent.is_null())
        out.add(
            {"recent contact", cell(recent, "account") + ", " + local_time(number(recent, "at")) + ", by " + cell(recent, "by")});
    for (const auto* key : {"conversations", "conversation", "owner", "state"})
        out.add({key, cell(told, key)});
    return out.render(terminal_width());
}

exit_status run_buyer(const common_options& options, const buyer_arguments& given) {
    if (const auto bad = protocol::check_buyer(given.buyer)) return complain({exit_status::usage, bad->text});
    json body{{"shop", given.shop}, {"buyer", given.buyer}};
    if (given.member) body["member"] = *given.member == "yes";
    if (given.private_contact) body["private"] = *given.private_contact == "yes";
    if (given.dedicated) body["dedicated"] = *given.dedicated == "none" ? "" : *given.dedicated;
    if (given.tags) body["tags"] = listed(*given.tags);
    admin session(options, given.shop);
    if (const auto bad = session.open()) return complain(*bad);
    const auto asked = session.ask(given.changes() ? "buyer.set" : "buyer.get", body);
    if (const auto* bad = std::get_if<problem>(&asked)) return complain(*bad);
    if (options.json)
        print_json(std::get<json>(asked));
    else
        print(render_buyer(std::get<json>(asked)));
    return exit_status::ok;
}

} // namespace

void add_buyer(CLI::App& program, command_line& line) {
    auto* command = program.add_subcommand("buyer", "What a shop knows of a buyer; with options, change it first");
    const auto given = std::make_shared<buyer_arguments>();
    command->add_option("shop", given->shop, "The shop")->required();
    command->add_option("buyer", given->buyer, "The buyer")->required();
    command->add_option("--member", given->member, "Whether the buyer is a member")->check(yes_or_no());
    command->add_option("--private", given->private_contact, "Whether the buyer is a private contact of the main account")
        ->check(yes_or_no());
    command->add_option("--dedicated", given->dedicated, "The buyer's dedicated agent, an account; none: no one");
    command->add_option("--tags", given->tags, "Exactly the buyer's tags, with commas between; \"\": none");
    command->callback([&line, given] { line.run = [&line, given] { return run_buyer(line.common, *given); }; });
}

} // namespace fenliu::apps::fenliu
