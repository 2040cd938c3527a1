// An agent's program: the conversations on its desk as the broker told it, and how far each was read. Says its presence anew in
// every session that was not resumed.
#pragma once

#include <map>
#include <set>
#include <string>

#include "device.hpp"
#include "model.hpp"

namespace fenliu::simulation {

struct desk_entry {
    std::uint64_t epoch = 0, read = 0;
    bool unanswered = false;
};

class agent_device final : public device {
public:
    using device::device;

    [[nodiscard]] const std::map<conversation_number, desk_entry>& desk() const noexcept { return desk_; }
    /// Says it now, or when the session opens.
    void set_presence(protocol::presence to, const std::string& request_id);
    [[nodiscard]] bool presence_told() const noexcept { return presence_told_; }
    [[nodiscard]] protocol::presence presence() const noexcept { return presence_; }
    void answered(conversation_number number) {
        if (const auto place = desk_.find(number); place != desk_.end()) place->second.unanswered = false;
    }
    /// Asks for a forward; counts the sessions resumed before its answer.
    void forward(const protocol::forward& command);
    std::uint64_t resumed_in_forward = 0;
    /// Conversations that were on the desk and went.
    std::map<conversation_number, std::uint64_t> former;

private:
    void on_message(const protocol::message& message) override;
    void on_open(bool resumed, bool first) override;
    [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> seen() const override;

    std::map<conversation_number, desk_entry> desk_;
    std::map<conversation_number, std::uint64_t> read_before_; ///< of desks of former sessions
    protocol::presence presence_ = protocol::presence::online;
    bool presence_told_ = true; ///< false: it was said while there was no session to say it in
    std::uint64_t presences_ = 0;
    std::set<std::string> forwards_; ///< not answered
};

} // namespace fenliu::simulation
