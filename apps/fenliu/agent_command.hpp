// What an agent types: a line to say, or a command after a slash. Pure; used by `fenliu agent`.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "protocol/message.hpp"

namespace fenliu::apps::fenliu {

struct say_text {
    std::string text;
};
struct show_help {};
struct show_list {};
struct show_history {};
struct use_conversation {
    std::size_t number = 0;
};
struct set_presence {
    protocol::presence state = protocol::presence::online;
};
struct forward_to {
    std::string to, note;
};
struct close_current {};
struct note_current {
    std::string text;
};
struct quit {};
struct not_understood {
    std::string what;
};

using agent_command = std::variant<say_text, show_help, show_list, show_history, use_conversation, set_presence, forward_to,
                                   close_current, note_current, quit, not_understood>;

/// Nothing for a blank line. A text that begins with a slash is typed with two.
[[nodiscard]] std::optional<agent_command> read_agent_command(std::string_view line);
/// One line a command.
[[nodiscard]] std::string_view agent_help() noexcept;

/// The account that `name` means in `shop`: `main` or the shop's own name → the main account, `sub` → `shop:sub`.
[[nodiscard]] std::string full_account(std::string_view shop, std::string_view name);

} // namespace fenliu::apps::fenliu
