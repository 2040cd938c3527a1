// First throughput figure: buyers' lines through fenliud, durable before every ack, against a bare libzmq ROUTER that passes
// the same bytes on. Same number of connections, same texts, same machine, the two in turn; prints medians and their ratio.
//   relay FENLIUD_URL [ROUNDS] [MESSAGES]
// The broker must run already, with auto_create. Conversations are opened before the clock starts.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include <zmq.hpp>

#include "protocol/codec.hpp"
#include "transport/client.hpp"

namespace {

using namespace fenliu;
using clock_type = std::chrono::steady_clock;

constexpr int pairs = 4; // frontends, and as many agents
constexpr std::size_t text_bytes = 200;

double rate(std::size_t messages, clock_type::time_point begin) {
    return static_cast<double>(messages) / std::chrono::duration<double>(clock_type::now() - begin).count();
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// DEALER → ROUTER → DEALER without a thought: the first byte of a frame names the receiver.
double bare_relay(zmq::context_t& context, std::size_t messages) {
    zmq::socket_t in{context, ZMQ_ROUTER}, out{context, ZMQ_ROUTER};
    for (auto* socket : {&in, &out}) {
        socket->set(zmq::sockopt::linger, 0);
        socket->set(zmq::sockopt::rcvtimeo, 100);
        socket->set(zmq::sockopt::router_mandatory, true);
        socket->bind("tcp://127.0.0.1:*");
    }
    const auto in_url = in.get(zmq::sockopt::last_endpoint), out_url = out.get(zmq::sockopt::last_endpoint);
    const std::size_t total = messages / pairs * pairs;
    std::atomic<std::size_t> delivered{0};
    std::atomic<bool> go{false}, done{false};
    std::vector<std::thread> threads;
    for (int i = 0; i < pairs; ++i) {
        threads.emplace_back([&, i] {
            zmq::socket_t receiver{context, ZMQ_DEALER};
            receiver.set(zmq::sockopt::linger, 0);
            receiver.set(zmq::sockopt::rcvtimeo, 100);
            receiver.set(zmq::sockopt::routing_id, std::string(1, static_cast<char>('a' + i)));
            receiver.connect(out_url);
            for (zmq::message_t frame; !done;)
                if (receiver.recv(frame) && ++delivered == total + pairs) delivered.notify_one();
        });
        threads.emplace_back([&, i] {
            zmq::socket_t sender{context, ZMQ_DEALER};
            sender.set(zmq::sockopt::linger, 0);
            sender.connect(in_url);
            go.wait(false);
            const std::string frame(1 + text_bytes, static_cast<char>('a' + i));
            for (std::size_t n = 0; n < messages / pairs; ++n)
                sender.send(zmq::buffer(frame), zmq::send_flags::none);
            done.wait(false);
        });
    }
    for (int i = 0; i < pairs; ++i)
        for (bool reached = false; !reached;)
            try { // a send is refused until the receiver's connection stands
                const char name = static_cast<char>('a' + i);
                out.send(zmq::buffer(&name, 1), zmq::send_flags::sndmore);
                out.send(zmq::buffer("x", 1), zmq::send_flags::none);
                reached = true;
            } catch (const zmq::error_t&) {
                std::this_thread::yield();
            }
    const auto begin = clock_type::now();
    go = true;
    go.notify_all();
    zmq::message_t from, frame;
    for (std::size_t n = 0; n < total; ++n) {
        if (!in.recv(from) || !in.recv(frame)) {
            --n;
            continue;
        }
        out.send(zmq::buffer(frame.data(), 1), zmq::send_flags::sndmore);
        out.send(frame, zmq::send_flags::none);
    }
    for (std::size_t seen = delivered; seen < total + pairs; seen = delivered)
        delivered.wait(seen);
    const double found = rate(total, begin);
    done = true;
    done.notify_all();
    for (auto& each : threads)
        each.join();
    return found;
}

/// One frontend and one agent for each of some shops of this load's own, each in a thread of its own.
class fenliu_load {
public:
    /// `tag` is in every name, so that no load meets the conversations of another.
    fenliu_load(std::string url, std::string tag, std::size_t messages)
        : url_{std::move(url)}
        , tag_{std::move(tag)}
        , each_{messages / pairs} {}

    /// Messages a second from the first publish to the last delivery.
    double run() {
        std::vector<std::jthread> threads;
        for (int i = 0; i < pairs; ++i) {
            threads.emplace_back([this, i] { agent(i); });
            threads.emplace_back([this, i] { frontend(i); });
        }
        opened_.wait();
        const auto begin = clock_type::now();
        start_.count_down();
        delivered_.wait();
        return rate(each_ * pairs, begin);
    }

private:
    static constexpr std::size_t buyers = 8; // open conversations a pair, within the default cap

    [[nodiscard]] std::string shop(int i) const { return "bench" + tag_ + "x" + std::to_string(i); }

    void agent(int i) {
        transport::client_options options;
        options.url = url_;
        options.role = protocol::role::agent;
        options.shop = shop(i);
        options.account = shop(i) + ":amy";
        std::size_t got = 0;
        transport::client_events events;
        transport::client* self = nullptr;
        events.on_open = [&](bool, bool) { self->send(protocol::presence_change{protocol::presence::online, "p"}); };
        events.on_message = [&](const protocol::message& message) {
            if (std::holds_alternative<protocol::result>(message)) online_.count_down();
            if (std::holds_alternative<protocol::buyer_line>(message)) ++got;
        };
        transport::client client{options, events};
        self = &client;
        while (got < each_ + buyers)
            client.poll(poll_at_most);
        delivered_.count_down();
        client.close(poll_at_most);
    }

    void frontend(int i) {
        transport::client_options options;
        options.url = url_;
        std::size_t sent = 0, stored = 0;
        transport::client_events events;
        events.on_message = [&](const protocol::message& message) {
            stored += std::holds_alternative<protocol::stored>(message);
        };
        transport::client client{options, events};
        online_.wait();
        const std::string text(text_bytes, 'x'), name = shop(i);
        const auto publish = [&] {
            const std::string id = tag_ + "-" + std::to_string(sent), buyer = "b" + std::to_string(sent % buyers);
            protocol::publish line;
            line.msg_id = id;
            line.shop = name;
            line.buyer = buyer;
            line.text = text;
            client.send(line);
            ++sent;
        };
        const auto publish_until = [&](std::size_t end) {
            while (stored < end) {
                while (sent < end && client.queued() < queued_at_most)
                    publish();
                client.poll(poll_at_most);
            }
        };
        publish_until(buyers);
        opened_.count_down();
        start_.wait();
        publish_until(each_ + buyers);
        client.close(poll_at_most);
    }

    static constexpr std::chrono::milliseconds poll_at_most{100};
    static constexpr std::size_t queued_at_most = 256; // keeps the broker busy, and the client's queue short

    std::string url_, tag_;
    std::size_t each_; ///< timed messages a pair
    std::latch online_{pairs}, opened_{pairs}, start_{1}, delivered_{pairs};
};

} // namespace

int main(int count, char** words) {
    if (count < 2) {
        std::cerr << "usage: relay FENLIUD_URL [ROUNDS] [MESSAGES]\n";
        return 2;
    }
    const int rounds = count > 2 ? std::atoi(words[2]) : 5;
    const auto messages = static_cast<std::size_t>(count > 3 ? std::atoll(words[3]) : 200'000);
    const auto run = std::to_string(std::chrono::system_clock::now().time_since_epoch() / std::chrono::milliseconds{1});
    std::vector<double> bare, durable;
    zmq::context_t context;
    for (int round = 0; round < rounds; ++round) {
        bare.push_back(bare_relay(context, messages));
        durable.push_back(fenliu_load{words[1], run + "r" + std::to_string(round), messages}.run());
        std::cout << "round " << round + 1 << ": bare " << static_cast<long>(bare.back()) << "/s, fenliu "
                  << static_cast<long>(durable.back()) << "/s" << std::endl;
    }
    std::cout << "medians: bare libzmq relay " << static_cast<long>(median(bare)) << "/s, fenliu "
              << static_cast<long>(median(durable)) << "/s, ratio " << median(durable) / median(bare) << "\n";
}
