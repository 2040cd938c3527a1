// The admin side of a replay for one shop: reads the buyers' histories, sets caps, asks for the state of a conversation. What
// the broker cannot answer now is asked again. Owned by the driver, polled with its other clients; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/fenliu/admin.hpp"
#include "apps/fenliu/options.hpp"
#include "transport/client.hpp"

namespace fenliu::apps::fenliu {

class replay_records {
public:
    /// What it tells; called from inside the client's poll.
    struct listener {
        std::function<void(const std::string& buyer, const std::vector<history_entry>& page)> on_history;
        std::function<void(const std::string& conversation, bool closed)> on_state;
    };

    replay_records(const common_options& options, std::string shop, listener told);

    /// Every page of this buyer's history, newest page first.
    void read_history(const std::string& buyer);
    void set_cap(const std::string& account, std::uint32_t cap);
    void ask_state(const std::string& conversation);
    /// Asks again what was refused for the moment.
    void ask_again();

    /// Everything asked was answered.
    [[nodiscard]] bool idle() const noexcept { return asked_.empty() && refused_.empty(); }
    [[nodiscard]] const std::optional<problem>& failed() const noexcept { return failed_; }
    [[nodiscard]] transport::client& client() noexcept { return client_; }

private:
    enum class subject : unsigned char { history, cap, state };
    struct question {
        subject about = subject::history;
        std::string name;   ///< buyer, account or conversation
        std::string cursor; ///< history
        std::uint32_t cap = 0;
    };

    void ask(question what);
    void received(const protocol::message& value);
    void refused(const question& what, std::string_view code, std::string_view text);

    std::string shop_;
    listener told_;
    std::map<std::string, question, std::less<>> asked_; ///< by request id
    std::vector<question> refused_;
    std::optional<problem> failed_;
    transport::client client_;
};

} // namespace fenliu::apps::fenliu
