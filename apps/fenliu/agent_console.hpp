// An agent at a terminal: what the broker brings is printed, what is typed is said or done. Owned by `fenliu agent`; runs on the
// program's one thread until /quit, the end of input (without --echo) or Ctrl-C.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "apps/fenliu/agent_command.hpp"
#include "apps/fenliu/agent_desk.hpp"
#include "apps/fenliu/connection.hpp"
#include "apps/fenliu/line_input.hpp"
#include "apps/fenliu/output.hpp"

namespace fenliu::apps::fenliu {

struct agent_arguments {
    std::string shop, account;
    bool echo = false;
    int reply_after_ms = 0;
    std::size_t suspend_after = 0; ///< 0: never
};

class agent_console {
public:
    agent_console(const common_options& options, const agent_arguments& given);

    /// Nothing when the agent left on its own account.
    [[nodiscard]] std::optional<problem> run();

private:
    using steady = std::chrono::steady_clock;
    struct owed_answer {
        steady::time_point due;
        std::string conversation, text;
    };

    // What the broker brings.
    void opened(bool resumed, bool first);
    void received(const protocol::message& value);
    void take(const protocol::assigned& value);
    void give_up(const protocol::unassigned& value);
    void show(const protocol::buyer_line& value);
    void show(const protocol::history_page& value);
    void show(const protocol::alert& value);
    void answered(std::string_view ref, std::string_view code, std::string_view text);

    // What the agent does.
    void act(const agent_command& command);
    void change_presence(protocol::presence state);
    void say(const desk_conversation& conversation, std::string_view text);
    void forward(const forward_to& command);
    void close();
    void add_note(const note_current& command);
    void ask_history();
    void list() const;
    void say_owed();
    void wait_for_something() const;

    /// The conversation to act in, or nullptr after saying that there is none.
    [[nodiscard]] const desk_conversation* current() const;
    /// A new request id, remembered with what it asks for.
    [[nodiscard]] std::string request(std::string what);
    void tell(const std::string& text) const; ///< one line for people; nothing with --json
    void owe(const fresh_line& line);

    const common_options& options_;
    const agent_arguments& given_;
    protocol::presence presence_ = protocol::presence::online;
    agent_desk desk_;
    std::map<std::string, std::string, std::less<>> requests_; ///< id → what was asked
    std::deque<owed_answer> owed_;                             ///< by due time
    line_input input_;
    bool left_ = false;
    bool suspended_once_ = false;
    mutable connection connection_;
};

} // namespace fenliu::apps::fenliu
