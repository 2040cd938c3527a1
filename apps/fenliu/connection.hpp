// One client of the bus with the command line's deadlines: says in an exit status and one line why the broker could not be
// spoken to. Owned by one command; everything happens inside its calls, on the program's one thread.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "apps/fenliu/options.hpp"
#include "transport/client.hpp"

namespace fenliu::apps::fenliu {

/// The client's options for this command line, with the credentials as far as they were read. The client itself never gives up:
/// deadlines are the command's.
[[nodiscard]] transport::client_options client_options_for(const common_options& options, protocol::role role);

/// No broker answers there, with what to do about it.
[[nodiscard]] problem unreachable(const std::string& url);

/// Why this client is of no use: unreachable, denied or refused. Nothing while it may still succeed.
[[nodiscard]] std::optional<problem> trouble(const transport::client& client, const std::string& url);

/// The problem for an error code that the broker answered a request with.
[[nodiscard]] problem answered_with(std::string_view code, std::string_view text);

class connection {
public:
    /// Reads the credentials that the options name; what is wrong with them, `open` says.
    connection(common_options options, transport::client_options client, transport::client_events events);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    /// Waits at most --timeout for a session.
    [[nodiscard]] std::optional<problem> open();
    /// Polls until `done` says so. Past `limit`: a problem that says no answer came.
    [[nodiscard]] std::optional<problem> wait(const std::function<bool()>& done, std::chrono::milliseconds limit);
    /// Polls for at most `limit`; whether `done` came true. For answers that need not come.
    [[nodiscard]] bool wait_quietly(const std::function<bool()>& done, std::chrono::milliseconds limit);

    /// Once `open` found nothing wrong.
    [[nodiscard]] transport::client& client() noexcept { return *client_; }
    /// With the credentials.
    [[nodiscard]] const common_options& options() const noexcept { return options_; }

private:
    common_options options_;
    std::optional<problem> unread_;           ///< why there are no credentials
    std::optional<transport::client> client_; ///< none without them: it would connect in clear, as nobody
};

} // namespace fenliu::apps::fenliu
