#include "apps/fenliu/admin.hpp"
#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/explanation_words.hpp"
#include "protocol/account.hpp"

namespace fenliu::apps::fenliu {

namespace {

struct explain_arguments {
    std::string id, shop, waiting, account, lang;
    bool full = false;
};

/// The verb to ask, its body, and how its answer is told.
struct question {
    std::string verb;
    json body;
    std::function<std::string(const json&, language)> tell;
};

std::variant<question, problem> question_of(const explain_arguments& given) {
    const int asked =
        static_cast<int>(!given.id.empty()) + static_cast<int>(!given.waiting.empty()) + static_cast<int>(!given.account.empty());
    if (asked != 1)
        return problem{exit_status::usage, "say one of: a message's or conversation's id, --waiting BUYER, --agent ACCOUNT"};
    if (!given.account.empty()) {
        protocol::account_name name;
        if (const auto bad = protocol::check_account(given.account, name)) return problem{exit_status::usage, bad->text};
        return question{"explain.agent", {{"shop", std::string(name.main)}, {"account", given.account}}, tell_agent};
    }
    if (!given.waiting.empty()) {
        if (given.shop.empty()) return problem{exit_status::usage, "--waiting needs --shop: which shop the buyer waits in"};
        const auto tell = [given](const json& told, language wanted) {
            return tell_waiting(told, given.waiting, given.shop, wanted);
        };
        return question{"explain.waiting", {{"shop", given.shop}, {"buyer", given.waiting}}, tell};
    }
    json body{{"id", given.id}};
    if (!given.shop.empty()) body["shop"] = given.shop;
    if (given.full) body["full"] = true;
    return question{"explain", std::move(body), tell_conversation};
}

exit_status run_explain(const common_options& options, const explain_arguments& given) {
    const auto made = question_of(given);
    if (const auto* bad = std::get_if<problem>(&made)) return complain(*bad);
    const auto& wanted = std::get<question>(made);
    admin session(options, given.account.empty() ? given.shop : std::string(protocol::shop_of(given.account)));
    if (const auto bad = session.open()) return complain(*bad);
    const auto asked = session.ask(wanted.verb, wanted.body);
    if (const auto* bad = std::get_if<problem>(&asked)) return complain(*bad);
    if (options.json)
        print_json(std::get<json>(asked));
    else
        print(wanted.tell(std::get<json>(asked), language_of(given.lang)));
    return exit_status::ok;
}

} // namespace

void add_explain(CLI::App& program, command_line& line) {
    auto* command =
        program.add_subcommand("explain", "Why a message went where it went, a buyer waits, or an account gets nobody");
    const auto given = std::make_shared<explain_arguments>();
    command->add_option("id", given->id, "A message's or a conversation's id");
    command->add_option("--shop", given->shop, "Its shop, where the token is for one shop");
    command->add_flag("--full", given->full, "Decide again and show every account: what it failed at first");
    command->add_option("--waiting", given->waiting, "Why this buyer waits (with --shop)");
    command->add_option("--agent", given->account, "Why this account gets buyers or doesn't");
    add_language_option(*command, given->lang);
    command->callback([&line, given] { line.run = [&line, given] { return run_explain(line.common, *given); }; });
}

} // namespace fenliu::apps::fenliu
