#include "apps/fenliu/agent_console.hpp"

#include <algorithm>
#include <array>

#include <poll.h>
#include <unistd.h>

#include "apps/fenliu/display_width.hpp"
#include "apps/fenliu/fresh_id.hpp"
#include "apps/fenliu/interrupt.hpp"
#include "apps/fenliu/table.hpp"

namespace fenliu::apps::fenliu {

namespace {

constexpr std::chrono::milliseconds look_around{100}; // the client's timers and Ctrl-C need no finer clock
constexpr std::uint32_t history_lines = 20;           // a screenful

transport::client_options options_for(const common_options& options, const agent_arguments& given) {
    auto out = client_options_for(options, protocol::role::agent);
    out.shop = given.shop;
    out.account = given.account;
    out.device = "fenliu agent";
    return out;
}

std::string label(const desk_conversation& conversation) {
    return "[" + std::to_string(conversation.number) + "] " + conversation.buyer;
}

} // namespace

agent_console::agent_console(const common_options& options, const agent_arguments& given)
    : options_(options)
    , given_(given)
    , input_(STDIN_FILENO)
    , connection_(options, options_for(options, given),
                  {.on_message = [this](const protocol::message& value) { received(value); },
                   .on_open = [this](bool resumed, bool first) { opened(resumed, first); },
                   .on_lost = [this] { tell("connection lost; trying again"); },
                   .seen = [this] { return desk_.seen(); }}) {}

std::optional<problem> agent_console::run() {
    if (auto bad = connection_.open()) return bad;
    catch_interrupts();
    while (!left_ && !interrupted()) {
        wait_for_something();
        connection_.client().poll(std::chrono::milliseconds(0));
        if (auto bad = trouble(connection_.client(), options_.url)) return bad;
        while (auto typed = left_ ? std::nullopt : input_.next())
            if (const auto command = read_agent_command(*typed)) act(*command);
        if (input_.ended() && !given_.echo) left_ = true;
        say_owed();
    }
    const auto nothing_open = [this] { return connection_.client().unanswered() == 0; };
    if (connection_.wait_quietly(nothing_open, options_.timeout)) return {};
    return problem{exit_status::failed, "left before the broker answered everything that was typed"};
}

void agent_console::wait_for_something() const {
    auto limit = look_around;
    if (!owed_.empty())
        limit = std::clamp(std::chrono::ceil<std::chrono::milliseconds>(owed_.front().due - steady::now()), limit.zero(), limit);
    std::array<pollfd, 2> watched{pollfd{connection_.client().fd(), POLLIN, 0},
                                  pollfd{input_.ended() ? -1 : input_.fd(), POLLIN, 0}};
    ::poll(watched.data(), watched.size(), static_cast<int>(limit.count()));
}

void agent_console::opened(bool resumed, bool first) {
    if (resumed) {
        tell("connected again; nothing was lost");
        return;
    }
    desk_.expect_again();
    tell((first ? "" : "connected again; ") + given_.account + " is " + std::string(protocol::name(presence_)) +
         (first && !given_.echo ? "; /help lists what to type" : ""));
    change_presence(presence_);
}

void agent_console::received(const protocol::message& value) {
    if (const auto* assigned = std::get_if<protocol::assigned>(&value))
        take(*assigned);
    else if (const auto* unassigned = std::get_if<protocol::unassigned>(&value))
        give_up(*unassigned);
    else if (const auto* line = std::get_if<protocol::buyer_line>(&value))
        show(*line);
    else if (const auto* page = std::get_if<protocol::history_page>(&value))
        show(*page);
    else if (const auto* alert = std::get_if<protocol::alert>(&value))
        show(*alert);
    else if (const auto* said = std::get_if<protocol::said>(&value))
        answered(said->msg_id, "OK", "");
    else if (const auto* result = std::get_if<protocol::result>(&value))
        answered(result->request_id, result->code, result->detail);
    else if (const auto* error = std::get_if<protocol::error>(&value))
        answered(error->ref.value_or(""), error->code, error->text);
}

void agent_console::take(const protocol::assigned& value) {
    const auto before = desk_.received();
    const auto fresh = desk_.take(value);
    const auto& conversation = *desk_.find(value.conversation);
    if (options_.json) {
        auto tail = json::array();
        for (const auto& line : value.tail)
            tail.push_back({{"seq", line.seq}, {"from", line.from}, {"text", line.text}, {"ts", line.ts}});
        print_json({{"event", "assigned"},
                    {"conversation", value.conversation},
                    {"epoch", value.epoch},
                    {"buyer", value.buyer},
                    {"reason", value.reason},
                    {"causes", value.causes},
                    {"returning", value.returning},
                    {"waited_ms", value.waited_ms},
                    {"tail", tail}});
    }
    tell(label(conversation) + " comes (" + conversation.reason + (value.returning ? ", has been here before" : "") + ")");
    for (const auto& line : value.tail)
        tell(label(conversation) + " | " + std::string(line.from) + ": " + std::string(line.text));
    for (const auto& line : fresh)
        if (!line.answered) owe(line);

    if (desk_.received() > before && desk_.received() == given_.suspend_after && !suspended_once_) {
        suspended_once_ = true;
        change_presence(protocol::presence::suspended);
    }
}

void agent_console::give_up(const protocol::unassigned& value) {
    if (options_.json)
        print_json(
            {{"event", "unassigned"}, {"conversation", value.conversation}, {"epoch", value.epoch}, {"cause", value.cause}});
    if (const auto* conversation = desk_.find(value.conversation))
        tell(label(*conversation) + " goes (" + std::string(value.cause) + ")");
    std::erase_if(owed_, [&](const owed_answer& each) { return each.conversation == value.conversation; });
    desk_.give_up(value);
}

void agent_console::show(const protocol::buyer_line& value) {
    if (!desk_.read(value)) return;
    if (options_.json)
        print_json({{"event", "line"},
                    {"conversation", value.conversation},
                    {"seq", value.seq},
                    {"buyer", value.buyer},
                    {"text", value.text},
                    {"ts", value.ts}});
    tell(label(*desk_.find(value.conversation)) + ": " + std::string(value.text));
    owe({std::string(value.conversation), std::string(value.buyer), std::string(value.text), value.seq});
}

void agent_console::show(const protocol::history_page& value) {
    const auto* lines = std::get_if<std::vector<protocol::history_line>>(&value.rows);
    requests_.erase(std::string(value.request_id));
    if (!lines) return;
    for (const auto& line : *lines) {
        if (options_.json)
            print_json({{"event", "history"},
                        {"conversation", line.conversation},
                        {"seq", line.seq},
                        {"from", line.from},
                        {"text", line.text},
                        {"ts", line.ts}});
        tell(local_time(line.ts) + " " + std::string(line.from) + ": " + std::string(line.text));
    }
    if (lines->empty()) tell("no lines before");
}

void agent_console::show(const protocol::alert& value) {
    if (options_.json)
        print_json({{"event", "alert"}, {"conversation", value.conversation}, {"kind", value.kind}, {"since", value.since}});
    const auto* conversation = desk_.find(value.conversation);
    tell((conversation ? label(*conversation) : std::string(value.conversation)) + " needs you: " + std::string(value.kind));
}

void agent_console::answered(std::string_view ref, std::string_view code, std::string_view text) {
    std::string what;
    if (auto asked = requests_.extract(std::string(ref))) what = std::move(asked.mapped());
    if (options_.json) print_json({{"event", "result"}, {"ref", ref}, {"of", what}, {"code", code}, {"text", text}});
    if (code != "OK")
        tell((what.empty() ? "refused" : what + " refused") + ": " + answered_with(code, text).text);
    else if (what != "say")
        tell(what + ": done");
}

void agent_console::act(const agent_command& command) {
    if (const auto* say_it = std::get_if<say_text>(&command)) {
        if (const auto* conversation = current()) say(*conversation, say_it->text);
    } else if (const auto* chosen = std::get_if<use_conversation>(&command)) {
        tell(desk_.use(chosen->number) ? label(*desk_.current())
                                       : "no conversation " + std::to_string(chosen->number) + "; see /list");
    } else if (const auto* wanted = std::get_if<set_presence>(&command)) {
        change_presence(wanted->state);
    } else if (const auto* receiver = std::get_if<forward_to>(&command)) {
        forward(*receiver);
    } else if (const auto* written = std::get_if<note_current>(&command)) {
        add_note(*written);
    } else if (const auto* wrong = std::get_if<not_understood>(&command)) {
        tell(wrong->what);
    } else if (std::holds_alternative<close_current>(command)) {
        close();
    } else if (std::holds_alternative<show_history>(command)) {
        ask_history();
    } else if (std::holds_alternative<show_list>(command)) {
        list();
    } else if (std::holds_alternative<show_help>(command)) {
        if (!options_.json) print(agent_help());
    } else if (std::holds_alternative<quit>(command)) {
        left_ = true;
    }
}

void agent_console::change_presence(protocol::presence state) {
    presence_ = state;
    const auto id = request(std::string(protocol::name(state)));
    connection_.client().send(protocol::presence_change{state, id});
}

void agent_console::say(const desk_conversation& conversation, std::string_view text) {
    const auto id = request("say");
    connection_.client().send(protocol::say{id, conversation.id, conversation.epoch, text});
}

void agent_console::forward(const forward_to& command) {
    const auto* conversation = current();
    if (!conversation) return;
    const auto to = command.to.starts_with("group:") ? command.to : full_account(given_.shop, command.to);
    const auto id = request("forward to " + to);
    connection_.client().send(protocol::forward{id, conversation->id, conversation->epoch, to, command.note});
}

void agent_console::close() {
    const auto* conversation = current();
    if (!conversation) return;
    const auto id = request("close " + label(*conversation));
    connection_.client().send(protocol::close{id, conversation->id, conversation->epoch});
}

void agent_console::add_note(const note_current& command) {
    const auto* conversation = current();
    if (!conversation) return;
    const auto id = request("note");
    connection_.client().send(protocol::note{id, conversation->id, "", command.text});
}

void agent_console::ask_history() {
    const auto* conversation = current();
    if (!conversation) return;
    const auto id = request("history");
    connection_.client().send(
        protocol::history_request{id, conversation->buyer, "", history_lines, protocol::history_scope::own});
}

void agent_console::list() const {
    table out({{""}, {"conversation", alignment::right}, {"buyer"}, {"reason"}, {"id"}});
    for (const auto* each : desk_.list())
        out.add({each == desk_.current() ? ">" : "", std::to_string(each->number), each->buyer, each->reason, each->id});
    if (out.empty())
        tell("no conversations");
    else if (!options_.json)
        print(out.render(terminal_width()));
}

void agent_console::owe(const fresh_line& line) {
    if (given_.echo)
        owed_.push_back({steady::now() + std::chrono::milliseconds(given_.reply_after_ms), line.conversation, line.text});
}

void agent_console::say_owed() {
    for (; !owed_.empty() && owed_.front().due <= steady::now(); owed_.pop_front())
        if (const auto* conversation = desk_.find(owed_.front().conversation)) say(*conversation, owed_.front().text);
}

const desk_conversation* agent_console::current() const {
    const auto* conversation = desk_.current();
    if (!conversation) tell("no conversation on the desk yet");
    return conversation;
}

std::string agent_console::request(std::string what) {
    auto id = fresh_id();
    requests_.emplace(id, std::move(what));
    return id;
}

void agent_console::tell(const std::string& text) const {
    if (!options_.json) print(printable(text) + "\n");
}

} // namespace fenliu::apps::fenliu
