#include "apps/fenliu/agent_command.hpp"

#include <charconv>

namespace fenliu::apps::fenliu {

namespace {

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The first word and the rest.
std::pair<std::string_view, std::string_view> split(std::string_view text) {
    const auto blank = text.find_first_of(" \t");
    if (blank == std::string_view::npos) return {text, {}};
    return {text.substr(0, blank), trim(text.substr(blank))};
}

agent_command read_use(std::string_view rest) {
    std::size_t number = 0;
    const auto [end, code] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (code != std::errc() || end != rest.data() + rest.size()) return not_understood{"say /use N with a number of /list"};
    return use_conversation{number};
}

agent_command read_forward(std::string_view rest) {
    const auto [to, note] = split(rest);
    if (to.empty()) return not_understood{"say /forward TO [NOTE] with an account or group:ID"};
    return forward_to{std::string(to), std::string(note)};
}

} // namespace

std::optional<agent_command> read_agent_command(std::string_view line) {
    const auto text = trim(line);
    if (text.empty()) return {};
    if (text.front() != '/') return say_text{std::string(text)};
    if (text.starts_with("//")) return say_text{std::string(text.substr(1))};

    const auto [word, rest] = split(text.substr(1));
    if (word == "help") return show_help{};
    if (word == "list") return show_list{};
    if (word == "history") return show_history{};
    if (word == "use") return read_use(rest);
    if (word == "suspend") return set_presence{protocol::presence::suspended};
    if (word == "online") return set_presence{protocol::presence::online};
    if (word == "invisible") return set_presence{protocol::presence::invisible};
    if (word == "offline") return set_presence{protocol::presence::offline};
    if (word == "forward") return read_forward(rest);
    if (word == "close") return close_current{};
    if (word == "note") return rest.empty() ? agent_command(not_understood{"say /note TEXT"}) : note_current{std::string(rest)};
    if (word == "quit") return quit{};
    return not_understood{"no command /" + std::string(word) + "; /help lists them"};
}

std::string_view agent_help() noexcept {
    return "text               say it in the current conversation (// for a text that begins with a slash)\n"
           "/list              your conversations\n"
           "/use N             make conversation N the current one\n"
           "/history           what was said with this buyer before\n"
           "/note TEXT         a note for colleagues\n"
           "/forward TO [NOTE] hand the buyer to an account or group:ID\n"
           "/close             end the conversation\n"
           "/suspend           no new buyers for now    /online   new buyers again\n"
           "/invisible         as suspended, unseen     /offline  off duty\n"
           "/quit              leave\n";
}

std::string full_account(std::string_view shop, std::string_view name) {
    if (name.find(':') != std::string_view::npos) return std::string(name);
    if (name == "main" || name == shop) return std::string(shop);
    return std::string(shop) + ":" + std::string(name);
}

} // namespace fenliu::apps::fenliu
