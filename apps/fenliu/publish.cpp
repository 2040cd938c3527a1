// One buyer speaks: sends each line, waits until it is stored, says where it was routed, and with --wait prints the replies.
#include <iostream>

#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/connection.hpp"
#include "apps/fenliu/display_width.hpp"
#include "apps/fenliu/fresh_id.hpp"
#include "apps/fenliu/output.hpp"
#include "protocol/account.hpp"

namespace fenliu::apps::fenliu {

namespace {

struct publish_arguments {
    std::string shop, buyer, text = "-";
    std::string to, entry, page, group, product, order, lang;
    std::vector<std::string> tags;
    bool wait = false;
};

/// Routing speaks up only when owner or state changes: a line of an open conversation is given this long to cause that.
constexpr std::chrono::milliseconds routing_grace{250};

class buyer_console {
public:
    buyer_console(const common_options& options, const publish_arguments& given)
        : options_(options)
        , given_(given)
        , connection_(options, client_options_for(options, protocol::role::frontend),
                      {.on_message = [this](const protocol::message& value) { received(value); },
                       .on_open = {},
                       .on_lost = {},
                       .seen = {}}) {}

    [[nodiscard]] std::optional<problem> open() { return connection_.open(); }
    [[nodiscard]] std::optional<problem> publish(std::string_view text);
    [[nodiscard]] std::optional<problem> wait_for_reply();

private:
    void received(const protocol::message& value);
    void show(const protocol::stored& value);
    void show(const protocol::routed& value);
    void show(const protocol::reply& value);
    void show(const protocol::queue_moved& value);
    void show(const protocol::prompt& value);

    const common_options& options_;
    const publish_arguments& given_;
    std::string msg_id_;
    std::optional<problem> refusal_;
    bool stored_ = false, routed_ = false, replied_ = false;
    std::uint64_t seq_ = 0;
    connection connection_;
};

std::optional<problem> buyer_console::publish(std::string_view text) {
    msg_id_ = fresh_id();
    stored_ = routed_ = replied_ = false;
    protocol::publish message;
    message.msg_id = msg_id_;
    message.shop = given_.shop;
    message.buyer = given_.buyer;
    message.text = text;
    message.to = given_.to;
    message.entry = given_.entry;
    message.page = given_.page;
    message.group = given_.group;
    message.product = given_.product;
    message.order = given_.order;
    message.lang = given_.lang;
    message.tags.assign(given_.tags.begin(), given_.tags.end());
    connection_.client().send(message);
    if (auto bad = connection_.wait([this] { return stored_ || refusal_; }, options_.timeout)) return bad;
    if (refusal_) return refusal_;
    const auto limit = seq_ == 1 ? options_.timeout : routing_grace;
    if (!connection_.wait_quietly([this] { return routed_ || replied_; }, limit))
        return trouble(connection_.client(), options_.url);
    return {};
}

std::optional<problem> buyer_console::wait_for_reply() {
    if (connection_.wait_quietly([this] { return replied_; }, options_.timeout)) return {};
    if (auto bad = trouble(connection_.client(), options_.url)) return bad;
    return problem{exit_status::failed, "no reply within " + duration_text(options_.timeout.count()) +
                                            "; let an agent answer: fenliu agent " + given_.shop + " a1 --echo"};
}

void buyer_console::received(const protocol::message& value) {
    if (const auto* stored = std::get_if<protocol::stored>(&value))
        show(*stored);
    else if (const auto* routed = std::get_if<protocol::routed>(&value))
        show(*routed);
    else if (const auto* reply = std::get_if<protocol::reply>(&value))
        show(*reply);
    else if (const auto* moved = std::get_if<protocol::queue_moved>(&value))
        show(*moved);
    else if (const auto* prompt = std::get_if<protocol::prompt>(&value))
        show(*prompt);
    else if (const auto* error = std::get_if<protocol::error>(&value); error && error->ref == msg_id_)
        refusal_ = answered_with(error->code, error->text);
}

void buyer_console::show(const protocol::stored& value) {
    if (value.msg_id != msg_id_) return;
    stored_ = true;
    seq_ = value.seq;
    if (options_.json)
        print_json({{"event", "stored"},
                    {"msg_id", value.msg_id},
                    {"conversation", value.conversation},
                    {"seq", value.seq},
                    {"duplicate", value.duplicate}});
    else
        print("stored  " + std::string(value.conversation) + " line " + std::to_string(value.seq) + "\n");
}

void buyer_console::show(const protocol::routed& value) {
    routed_ = true;
    if (options_.json) {
        print_json({{"event", "routed"},
                    {"conversation", value.conversation},
                    {"reason", value.reason},
                    {"agent", value.agent},
                    {"causes", value.causes},
                    {"position", value.position},
                    {"eta_s", value.eta_s}});
        return;
    }
    std::string line = "routed  " + std::string(value.reason);
    if (!value.agent.empty()) line += " to " + std::string(value.agent);
    if (value.position > 0)
        line += ", position " + std::to_string(value.position) + ", about " + duration_text(value.eta_s * 1'000LL);
    for (std::size_t at = 0; at < value.causes.size(); ++at)
        line += (at == 0 ? " because " : ", ") + std::string(value.causes[at]);
    print(printable(line) + "\n");
}

void buyer_console::show(const protocol::reply& value) {
    replied_ = true;
    if (options_.json)
        print_json({{"event", "reply"},
                    {"conversation", value.conversation},
                    {"seq", value.seq},
                    {"from", value.from},
                    {"text", value.text},
                    {"ts", value.ts}});
    else if (given_.wait)
        print(printable("reply   " + std::string(value.from) + ": " + std::string(value.text)) + "\n");
}

void buyer_console::show(const protocol::queue_moved& value) {
    if (options_.json)
        print_json({{"event", "queue"}, {"position", value.position}, {"eta_s", value.eta_s}});
    else if (!options_.quiet)
        print("queue   position " + std::to_string(value.position) + ", about " + duration_text(value.eta_s * 1'000LL) + "\n");
}

void buyer_console::show(const protocol::prompt& value) {
    if (options_.json)
        print_json({{"event", "prompt"}, {"title", value.title}, {"body", value.body}});
    else
        print(printable("prompt  " + std::string(value.title) + ": " + std::string(value.body)) + "\n");
}

std::optional<problem> check(const publish_arguments& given) {
    if (const auto bad = protocol::check_shop(given.shop)) return problem{exit_status::usage, bad->text};
    if (const auto bad = protocol::check_buyer(given.buyer)) return problem{exit_status::usage, bad->text};
    return {};
}

exit_status run_publish(const common_options& options, const publish_arguments& given) {
    if (const auto bad = check(given)) return complain(*bad);
    buyer_console console(options, given);
    if (const auto bad = console.open()) return complain(*bad);
    if (given.text != "-") {
        if (const auto bad = console.publish(given.text)) return complain(*bad);
    } else {
        for (std::string text; std::getline(std::cin, text);)
            if (const auto bad = console.publish(text)) return complain(*bad);
    }
    if (given.wait)
        if (const auto bad = console.wait_for_reply()) return complain(*bad);
    return exit_status::ok;
}

} // namespace

void add_publish(CLI::App& program, command_line& line) {
    auto* command = program.add_subcommand("publish", "Speak to a shop as a buyer");
    const auto given = std::make_shared<publish_arguments>();
    command->add_option("shop", given->shop, "The shop")->required();
    command->add_option("buyer", given->buyer, "The buyer's id")->required();
    command->add_option("text", given->text, "What to say; - or nothing: each line of standard input");
    command->add_option("--to", given->to, "Address an account, e.g. main:sub");
    command->add_option("--entry", given->entry, "How the buyer came in: lit_icon or message_box");
    command->add_option("--page", given->page, "The page they came from: product, order or shop");
    command->add_option("--group", given->group, "The group they clicked");
    command->add_option("--product", given->product, "The product they look at");
    command->add_option("--order", given->order, "The order they ask about");
    command->add_option("--tag", given->tags, "A tag of the buyer; may be repeated")->expected(1)->take_all();
    command->add_option("--lang", given->lang, "Their language");
    command->add_flag("--wait", given->wait, "Wait for the first reply, at most --timeout, and print it");
    command->callback([&line, given] { line.run = [&line, given] { return run_publish(line.common, *given); }; });
}

} // namespace fenliu::apps::fenliu
