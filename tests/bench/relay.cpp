// First throughput figure: buyers' lines through fenliud, durable before every ack, against a bare libzmq ROUTER that passes
// the same bytes on. Same number of connections, same texts, same machine, the two in turn; prints medians and their ratio.
//   relay FENLIUD_URL [ROUNDS] [MESSAGES]
// The broker must run already, with auto_create. Conversations are opened before the clock starts.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
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
                if (receiver.recv(frame)) ++delivered;
        });
        threads.emplace_back([&, i] {
            zmq::socket_t sender{context, ZMQ_DEALER};
            sender.set(zmq::sockopt::linger, 0);
            sender.connect(in_url);
            while (!go)
                std::this_thread::yield();
            const std::string frame(1 + text_bytes, static_cast<char>('a' + i));
            for (std::size_t n = 0; n < messages / pairs; ++n)
                sender.send(zmq::buffer(frame), zmq::send_flags::none);
            while (!done)
                std::this_thread::yield();
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
    const std::size_t total = messages / pairs * pairs;
    zmq::message_t from, frame;
    for (std::size_t n = 0; n < total; ++n) {
        if (!in.recv(from) || !in.recv(frame)) {
            --n;
            continue;
        }
        out.send(zmq::buffer(frame.data(), 1), zmq::send_flags::sndmore);
        out.send(frame, zmq::send_flags::none);
    }
    while (delivered < total + pairs)
        std::this_thread::yield();
    const double found = rate(total, begin);
    done = true;
    for (auto& each : threads)
        each.join();
    return found;
}

/// One frontend and one agent of a shop of their own, in a thread each side.
class fenliu_load {
public:
    fenliu_load(const std::string& url, int rounds_tag)
        : url_{url}
        , tag_{rounds_tag} {}

    double run(std::size_t messages) {
        std::vector<std::thread> threads;
        const std::size_t each = messages / pairs;
        for (int i = 0; i < pairs; ++i) {
            threads.emplace_back([this, i, each] { agent(i, each + buyers); });
            threads.emplace_back([this, i, each] { frontend(i, each); });
        }
        while (opened_ < pairs * buyers)
            std::this_thread::yield();
        const auto begin = clock_type::now();
        go_ = true;
        while (delivered_ < messages + pairs * buyers)
            std::this_thread::yield();
        const double found = rate(messages, begin);
        for (auto& thread : threads)
            thread.join();
        return found;
    }

private:
    static constexpr int buyers = 64; // open conversations a pair
    std::string shop(int i) const { return "bench" + std::to_string(tag_) + "x" + std::to_string(i); }

    void agent(int i, std::size_t expected) {
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
            if (std::holds_alternative<protocol::result>(message)) ++ready_;
            if (std::holds_alternative<protocol::buyer_line>(message)) {
                ++got;
                ++delivered_;
            }
        };
        transport::client client{options, events};
        self = &client;
        while (got < expected)
            client.poll(std::chrono::milliseconds{100});
        client.close(std::chrono::milliseconds{1'000});
    }

    void frontend(int i, std::size_t count) {
        transport::client_options options;
        options.url = url_;
        transport::client_events events;
        std::size_t stored = 0;
        events.on_message = [&](const protocol::message& message) {
            stored += std::holds_alternative<protocol::stored>(message);
        };
        transport::client client{options, events};
        while (ready_ < pairs)
            std::this_thread::yield();
        const std::string text(text_bytes, 'x'), name = shop(i);
        std::size_t sent = 0;
        const auto publish = [&] {
            const std::string id = std::to_string(tag_) + "-" + std::to_string(sent), buyer = "b" + std::to_string(sent % buyers);
            protocol::publish line;
            line.msg_id = id;
            line.shop = name;
            line.buyer = buyer;
            line.text = text;
            client.send(line);
            ++sent;
        };
        while (sent < static_cast<std::size_t>(buyers))
            publish();
        while (stored < static_cast<std::size_t>(buyers))
            client.poll(std::chrono::milliseconds{100});
        opened_ += buyers;
        while (!go_)
            std::this_thread::yield();
        while (stored < count + buyers) {
            while (sent < count + buyers && client.queued() < 256)
                publish();
            client.poll(std::chrono::milliseconds{100});
        }
        client.close(std::chrono::milliseconds{1'000});
    }

    std::string url_;
    int tag_;
    std::atomic<int> ready_{0}, opened_{0};
    std::atomic<bool> go_{false};
    std::atomic<std::size_t> delivered_{0};
};

} // namespace

int main(int count, char** words) {
    if (count < 2) {
        std::cerr << "usage: relay FENLIUD_URL [ROUNDS] [MESSAGES]\n";
        return 2;
    }
    const int rounds = count > 2 ? std::atoi(words[2]) : 5;
    const auto messages = static_cast<std::size_t>(count > 3 ? std::atoll(words[3]) : 200'000);
    std::vector<double> bare, durable;
    zmq::context_t context;
    for (int round = 0; round < rounds; ++round) {
        bare.push_back(bare_relay(context, messages));
        durable.push_back(fenliu_load{words[1], round}.run(messages));
        std::cout << "round " << round + 1 << ": bare " << static_cast<long>(bare.back()) << "/s, fenliu "
                  << static_cast<long>(durable.back()) << "/s\n";
    }
    std::cout << "medians: bare libzmq relay " << static_cast<long>(median(bare)) << "/s, fenliu durable "
              << static_cast<long>(median(durable)) << "/s, ratio " << median(durable) / median(bare) << "\n";
}
