// Sessions of frames into the broker's end of the protocol: several connections say hello, resume, publish, ack, give credit and
// talk nonsense, lanes admit and answer late and out of order, links break, peers stop reading, time passes. The books of the
// lanes and of the peers check what comes out; when the script ends everything is settled and checked again.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>

#include <sys/random.h>

#include "protocol/limits.hpp"
#include "require.hpp"
#include "script.hpp"
#include "session_lanes.hpp"
#include "session_peers.hpp"
#include "session_words.hpp"
#include "transport/exchange.hpp"

namespace fenliu::fuzz {

namespace {

using std::chrono::milliseconds;
using transport::connection_id;
using transport::instant;

constexpr std::size_t connection_count = 4;
constexpr std::uint32_t window = 8;

transport::socket_options options_of(script& from) {
    transport::socket_options options;
    options.heartbeat = milliseconds(1000);
    options.session_expiry = milliseconds(4000);
    options.hello_timeout = milliseconds(2000);
    options.window = window;
    options.outbox_bytes = 4096;
    options.in_flight_bytes = 600;
    options.connections = 5;
    if (from.chance())
        options.tokens = {{"front", protocol::role::frontend, "", ""},
                          {"amy", protocol::role::agent, "acme", "acme:amy"},
                          {"all", protocol::role::admin, "", ""},
                          {"all", protocol::role::agent, "zeta", ""}};
    return options;
}

class world {
public:
    explicit world(script& from)
        : script_(from)
        , options_(options_of(from))
        , broker_(options_, lanes_, peers_, figures_, now_, [] {}) {
        for (std::size_t index = 0; index < connection_count; ++index)
            connect(index);
    }
    void run() {
        while (!script_.done())
            step();
        settle();
    }

private:
    void step();
    void connect(std::size_t index);
    void come_back(std::size_t index);
    void receive(std::size_t index, std::string_view frame);
    void lanes_act(std::uint32_t what);
    void turn();
    void pass(milliseconds time);
    void settle();
    [[nodiscard]] speaker speaker_at(std::size_t index);

    script& script_;
    transport::socket_options options_;
    session_lanes lanes_{window};
    session_peers peers_{window, lanes_};
    transport::socket_figures figures_;
    instant now_ = instant{} + std::chrono::hours(1);
    transport::exchange broker_;
    std::array<connection_id, connection_count> connections_{};
    connection_id made_ = 0;
    std::uint64_t spoken_ = 0;
};

void world::connect(std::size_t index) {
    connections_[index] = ++made_;
    static_cast<void>(peers_.at(made_));
}

speaker world::speaker_at(std::size_t index) {
    std::vector<std::string> names;
    for (const auto& [key, book] : peers_.sessions())
        names.push_back(key);
    // In the order in which they were opened: their names are drawn by chance.
    std::sort(names.begin(), names.end(), [&](const auto& left, const auto& right) {
        return peers_.sessions().at(left).link < peers_.sessions().at(right).link;
    });
    return {std::move(names), peers_.at(connections_[index]).received, spoken_};
}

/// The peer of a session connects anew and goes on from where it is, or from a place near it.
void world::come_back(std::size_t index) {
    speaker who = speaker_at(index);
    if (who.sessions.empty()) return;
    const auto& name = who.sessions[script_.below(static_cast<std::uint32_t>(who.sessions.size()))];
    const session_book& book = peers_.sessions().at(name);
    const claim& said = book.said.back();
    protocol::hello hello{.version = limits::protocol_version, .role = said.role};
    hello.token = said.token;
    hello.shop = said.shop;
    hello.account = said.account;
    hello.resume_session = name;
    hello.resume_rx = book.log.size() - std::min<std::uint64_t>(script_.below(4), book.log.size());
    if (script_.below(16) == 1) hello.resume_rx = script_.number();
    std::string frame;
    protocol::encode(frame, hello);
    if (script_.below(4) == 1) frame += frame_of(script_, who);
    receive(index, frame);
}

void world::receive(std::size_t index, std::string_view bytes) {
    const connection_id from = connections_[index];
    if (peers_.at(from).gone) return;
    auto frames = std::make_shared<std::vector<zmq::message_t>>();
    frames->emplace_back(bytes.data(), bytes.size());
    const std::string_view frame = frames->front().to_string_view();
    peers_.says(from, frame);
    broker_.receive(from, frame, now_);
    broker_.hand_over(frames);
    peers_.said(from);
    turn();
}

void world::turn() {
    broker_.turn(now_);
    broker_.hand_over({});
    peers_.turned();
    lanes_.check_accounts();
    require(figures_.in_flight_bytes <= options_.in_flight_bytes, "what is in flight is within its bound");
    require(figures_.sessions <= options_.connections, "sessions are within their bound");
    for (const connection_id connection : peers_.take_cuts())
        for (std::size_t index = 0; index < connection_count; ++index)
            if (connections_[index] == connection) {
                broker_.disconnected(connection, now_);
                broker_.hand_over({});
                peers_.drop(connection);
                connect(index);
            }
}

void world::pass(milliseconds time) {
    const instant end = now_ + time;
    for (unsigned turns = 0;; ++turns) {
        require(turns < 3000, "time passes");
        const auto next = broker_.wake_at(now_);
        if (!next || *next > end) break;
        now_ = std::max(now_, *next);
        turn();
    }
    now_ = end;
    turn();
}

void world::lanes_act(std::uint32_t what) {
    transport::outbound_batch out;
    const std::uint32_t which = script_.byte();
    if (what == 0 && lanes_.waits_for_admission())
        lanes_.admit(which, script_.below(8) != 1, out);
    else if (what == 1)
        lanes_.send(which, script_.number() & 0xfff, out);
    else
        for (std::uint32_t left = 1 + script_.below(8); left > 0 && lanes_.has_pending(); --left)
            lanes_.process(script_.byte(), out);
    broker_.apply(out, now_);
    broker_.hand_over({});
    turn();
}

void world::step() {
    const std::uint32_t what = script_.below(16);
    const std::size_t index = script_.below(connection_count);
    auto& connection = peers_.at(connections_[index]);
    speaker who = speaker_at(index);
    switch (what) {
    case 0:
    case 1:
        return receive(index, hello_of(script_, who));
    case 2:
    case 3:
    case 4:
    case 5:
        return receive(index, frame_of(script_, who));
    case 6: {
        const std::string raw(script_.bytes());
        return receive(index, raw);
    }
    case 7:
    case 8:
    case 9:
        return lanes_act(what - 7);
    case 10:
        return pass(milliseconds(script_.below(64) * 100));
    case 11:
        connection.busy = script_.chance();
        return turn();
    case 12: // the wire knows it before the broker is told
        connection.gone = true;
        return turn();
    case 13:
        if (script_.chance()) return come_back(index);
        broker_.disconnected(connections_[index], now_);
        broker_.hand_over({});
        peers_.drop(connections_[index]);
        connect(index);
        return come_back(index);
    case 14:
        if (script_.below(32) == 1) broker_.drain();
        return;
    default:
        return lanes_act(2);
    }
}

void world::settle() {
    for (const connection_id connection : connections_)
        peers_.at(connection).busy = false;
    transport::outbound_batch out;
    while (lanes_.waits_for_admission())
        lanes_.admit(1, true, out);
    while (lanes_.has_pending())
        lanes_.process(7, out);
    broker_.apply(out, now_);
    broker_.hand_over({});
    turn();
    for (unsigned round = 0; round < 64; ++round)
        for (std::size_t index = 0; index < connection_count; ++index) {
            if (peers_.session_at(connections_[index]) == nullptr) continue;
            std::string frame;
            protocol::encode(frame, protocol::ack{peers_.at(connections_[index]).received});
            protocol::encode(frame, protocol::credit{1'000});
            receive(index, frame);
        }
    for (std::size_t index = 0; index < connection_count; ++index)
        if (peers_.at(connections_[index]).gone) broker_.disconnected(connections_[index], now_);
    broker_.hand_over({});
    turn();
    require(figures_.in_flight_bytes == 0, "nothing is in flight when all is processed");
    peers_.check_settled(lanes_.links());
    std::size_t open = 0;
    for (const auto& [link, book] : lanes_.links())
        open += book.over() ? 0 : 1;
    require(figures_.sessions == open, "the broker counts the sessions that the lanes know");
    broker_.say_bye(now_);
    broker_.hand_over({});
    for (const connection_id connection : connections_)
        require(peers_.session_at(connection) == nullptr, "everyone is told when the broker ends");
}

} // namespace

} // namespace fenliu::fuzz

namespace {
std::mt19937_64 randomness;
}

// Where session keys come from: an input does the same each time.
extern "C" ssize_t getrandom(void* into, std::size_t size, unsigned /*flags*/) {
    std::generate_n(static_cast<unsigned char*>(into), size, [] { return static_cast<unsigned char>(randomness()); });
    return static_cast<ssize_t>(size);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    randomness.seed(1);
    fenliu::fuzz::script script(data, size);
    fenliu::fuzz::world(script).run();
    return 0;
}
