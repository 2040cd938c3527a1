#include "apps/fenliu/connection.hpp"

#include "apps/fenliu/output.hpp"
#include "protocol/error.hpp"

namespace fenliu::apps::fenliu {

using steady = std::chrono::steady_clock;

namespace {

/// Time for what was sent last to be acked before the program ends.
constexpr std::chrono::milliseconds farewell{500};
/// Longest sleep between two looks at a condition that no message announces.
constexpr std::chrono::milliseconds step{100};

void give_credentials(const common_options& options, transport::client_options& out) {
    out.token = options.token;
    out.server_key = options.server_key;
    out.secret_key = options.secret_key;
}

} // namespace

problem unreachable(const std::string& url) {
    return {exit_status::unreachable, "no broker answers at " + url + "; start one with: fenliud --demo"};
}

transport::client_options client_options_for(const common_options& options, protocol::role role) {
    transport::client_options out;
    out.url = options.url;
    out.role = role;
    give_credentials(options, out);
    return out;
}

problem answered_with(std::string_view code, std::string_view text) {
    const auto known = protocol::errc_of(code);
    const auto denied = known == protocol::errc::unauthenticated || known == protocol::errc::forbidden;
    std::string line(code);
    if (!text.empty())
        line += ": " + std::string(text);
    else if (known)
        line += ": " + std::string(protocol::describe(*known));
    if (denied) line += " (say who you are with --token-file)";
    return {denied ? exit_status::denied : exit_status::failed, std::move(line)};
}

std::optional<problem> trouble(const transport::client& client, const std::string& url) {
    switch (client.state()) {
    case transport::client_state::unreachable:
        return unreachable(url);
    case transport::client_state::closed:
        return problem{exit_status::failed, "the broker at " + url + " ended the session"};
    case transport::client_state::refused:
        if (const auto& why = client.why()) return answered_with(protocol::name(why->code), why->text);
        return problem{exit_status::failed, "the broker at " + url + " refused the session"};
    case transport::client_state::connecting:
    case transport::client_state::open:
        break;
    }
    return {};
}

connection::connection(common_options options, transport::client_options client, transport::client_events events)
    : options_(std::move(options))
    , unread_(read_credentials(options_)) {
    if (unread_) return;
    give_credentials(options_, client);
    client_.emplace(client, std::move(events));
}

connection::~connection() {
    if (client_) client_->close(client_->state() == transport::client_state::open ? farewell : farewell.zero());
}

std::optional<problem> connection::open() {
    if (unread_) return unread_;
    const auto is_open = [this] { return client_->state() == transport::client_state::open; };
    const auto opened = wait_quietly(is_open, options_.timeout);
    if (auto bad = trouble(*client_, options_.url)) return bad;
    if (opened) return {};
    auto bad = unreachable(options_.url);
    if (!options_.server_key.empty()) bad.text += ", or it isn't the one with this --server-key";
    return bad;
}

std::optional<problem> connection::wait(const std::function<bool()>& done, std::chrono::milliseconds limit) {
    if (wait_quietly(done, limit)) return {};
    if (auto bad = trouble(*client_, options_.url)) return bad;
    if (client_->state() != transport::client_state::open) return unreachable(options_.url);
    return problem{exit_status::failed, "no answer within " + duration_text(limit.count()) + "; give it longer with --timeout"};
}

bool connection::wait_quietly(const std::function<bool()>& done, std::chrono::milliseconds limit) {
    const auto end = steady::now() + limit;
    while (!done()) {
        if (trouble(*client_, options_.url)) return false;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - steady::now());
        if (left <= left.zero()) return false;
        client_->poll(std::min(left, step));
    }
    return true;
}

} // namespace fenliu::apps::fenliu
