// Follows the live feed: a SUB socket of its own, best effort. Prints each event and, where whole shops are followed, the gaps
// in their numbers.
#include <algorithm>
#include <optional>
#include <utility>

#include <zmq.hpp>

#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/connection.hpp"
#include "apps/fenliu/display_width.hpp"
#include "apps/fenliu/feed_line.hpp"
#include "apps/fenliu/interrupt.hpp"
#include "apps/fenliu/output.hpp"
#include "protocol/limits.hpp"
#include "transport/curve.hpp"

namespace fenliu::apps::fenliu {

namespace {

struct feed_arguments {
    std::string url = "tcp://127.0.0.1:5571";
    std::vector<std::string> topics;
};

constexpr std::chrono::milliseconds look_around{200}; // how soon Ctrl-C is noticed

/// Waits until the socket's monitor says that the endpoint answered.
bool connected(zmq::socket_t& monitor, std::chrono::milliseconds limit) {
    monitor.set(zmq::sockopt::rcvtimeo, static_cast<int>(limit.count()));
    zmq::message_t event, address;
    return monitor.recv(event).has_value() && monitor.recv(address).has_value();
}

/// Two parts, topic and map; nothing when none came in time or a signal did.
std::optional<std::pair<std::string, std::string>> receive(zmq::socket_t& socket) {
    zmq::message_t topic, body;
    try {
        if (!socket.recv(topic)) return {};
    } catch (const zmq::error_t& bad) {
        if (bad.num() != EINTR) throw;
        return {};
    }
    if (!topic.more() || !socket.recv(body)) return std::pair{topic.to_string(), std::string()};
    return std::pair{topic.to_string(), body.to_string()};
}

/// `session`, if there is one, is what the right to an encrypted feed hangs on.
std::optional<problem> follow(zmq::socket_t& socket, const common_options& options, bool whole_shops, connection* session) {
    gap_finder gaps;
    while (!interrupted()) {
        const auto got = receive(socket);
        if (session != nullptr) session->client().poll(std::chrono::milliseconds(0));
        if (session != nullptr)
            if (auto bad = trouble(session->client(), options.url)) return bad;
        if (!got) continue;
        const auto event = read_feed_event(got->first, got->second);
        if (!event) {
            complain({exit_status::failed, "an event that cannot be read: " + got->first});
            continue;
        }
        const auto missing = whole_shops ? gaps.missing_before(*event) : 0;
        if (options.json) {
            if (missing > 0) print_json({{"topic", event->topic}, {"missing", missing}});
            print_json({{"topic", event->topic}, {"event", event->body}});
        } else {
            if (missing > 0) print("(" + std::to_string(missing) + " events of " + event->shop + " were missed)\n");
            print(render(*event) + "\n");
        }
    }
    return {};
}

exit_status run_feed(const common_options& options, const feed_arguments& given) {
    zmq::context_t context;
    zmq::socket_t socket(context, zmq::socket_type::sub);
    std::optional<connection> session;
    if (!options.server_key_file.empty() || !options.key_file.empty()) {
        session.emplace(options, client_options_for(options, protocol::role::admin), transport::client_events{});
        if (const auto bad = session->open()) return complain(*bad);
        transport::encrypt_client(socket, session->options().server_key, session->options().secret_key);
    }
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(limits::frame_bytes));
    socket.set(zmq::sockopt::rcvtimeo, static_cast<int>(look_around.count()));
    const auto wanted = given.topics.empty() ? std::vector<std::string>{""} : given.topics;
    for (const auto& topic : wanted)
        socket.set(zmq::sockopt::subscribe, feed_topic(topic));

    if (zmq_socket_monitor(socket.handle(), "inproc://feed-monitor", ZMQ_EVENT_HANDSHAKE_SUCCEEDED) != 0)
        return complain({exit_status::failed, "cannot watch the feed's connection"});
    zmq::socket_t monitor(context, zmq::socket_type::pair);
    monitor.set(zmq::sockopt::linger, 0);
    monitor.connect("inproc://feed-monitor");
    try {
        socket.connect(given.url);
    } catch (const zmq::error_t& bad) {
        return complain({exit_status::usage, "cannot connect to " + given.url + ": " + bad.what()});
    }
    if (!connected(monitor, options.timeout))
        return complain({exit_status::unreachable, "no feed answers at " + given.url + "; start a broker with: fenliud --demo"});
    zmq_socket_monitor(socket.handle(), nullptr, 0);

    catch_interrupts();
    if (!options.quiet && !options.json) print("following " + given.url + "; Ctrl-C ends\n");
    const bool whole = std::all_of(wanted.begin(), wanted.end(), covers_whole_shops);
    if (const auto bad = follow(socket, options, whole, session ? &*session : nullptr)) return complain(*bad);
    return exit_status::ok;
}

} // namespace

void add_feed(CLI::App& program, command_line& line) {
    auto* command = program.add_subcommand("feed", "Follow what happens, as it happens");
    const auto given = std::make_shared<feed_arguments>();
    command->add_option("topics", given->topics, "Shops or shop/event; nothing: everything");
    command->add_option("--feed-url", given->url, "The broker's feed endpoint")->capture_default_str()->check(check_endpoint);
    command->callback([&line, given] { line.run = [&line, given] { return run_feed(line.common, *given); }; });
}

} // namespace fenliu::apps::fenliu
