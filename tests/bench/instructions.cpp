// What the hot path costs in instructions, piece by piece: `instructions CASE COUNT` does one thing so often and no more, so that
// callgrind can tell what one more costs (instructions.py, which compares with instructions.json). Without arguments it lists the
// cases.
#include <cstdlib>
#include <functional>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "protocol/codec.hpp"
#include "routing/trace.hpp"
#include "routing/transcript.hpp"
#include "storage/file_system.hpp"
#include "storage/journal.hpp"
#include "storage/record_codec.hpp"
#include "tests/storage/promised_release.hpp"
#include "tests/storage/temporary_directory.hpp"
#include "transport/channel.hpp"
#include "transport/exchange.hpp"

namespace fenliu::bench {
namespace {

constexpr routing::timestamp_ms now = 1'767'240'000'000;
constexpr std::size_t frame_messages = 16;

std::string text_200() { return std::string(200, 'x'); }

/// So that nothing that is measured is left out as unused.
std::uint64_t seen = 0;

/// Frames of 16 lines of one shop's buyers.
std::string frame_of_lines(std::uint64_t first) {
    std::string frame;
    const auto text = text_200();
    for (std::uint64_t i = first; i < first + frame_messages; ++i) {
        const auto id = "run-" + std::to_string(i), buyer = "b" + std::to_string(i % 8);
        protocol::publish line;
        line.msg_id = id;
        line.shop = "acme";
        line.buyer = buyer;
        line.text = text;
        protocol::encode(frame, line);
    }
    return frame;
}

// --- codec -----------------------------------------------------------------------------------------------------------------

void decode_lines(std::uint64_t count) {
    const auto frame = frame_of_lines(0);
    protocol::decoder decoder;
    std::vector<protocol::message> messages;
    for (std::uint64_t i = 0; i < count; i += frame_messages) {
        messages.clear();
        seen += decoder.decode(frame, messages).whole;
    }
}

void encode_answers(std::uint64_t count) {
    const auto text = text_200();
    std::string out;
    for (std::uint64_t i = 0; i < count; ++i) {
        if (out.size() > 65'536) out.clear();
        protocol::encode(out, protocol::stored{"run-12345", "c0000000000001", i, false});
        protocol::encode(out, protocol::buyer_line{"c0000000000001", i, "b1", text, now});
    }
    seen += out.size();
}

// --- routing ---------------------------------------------------------------------------------------------------------------

/// A new buyer is decided, traced, charged and counted as the agent's load, as an award does it.
void decide(std::uint64_t count, std::size_t agents, std::size_t groups, bool traced) {
    routing::policy rules;
    const auto account = [](std::size_t number) { return "acme:a" + std::to_string(number); };
    for (std::size_t g = 0; g < groups; ++g) {
        routing::group made;
        made.id = "g" + std::to_string(g);
        for (std::size_t a = g; a < agents; a += groups)
            made.members.push_back(account(a));
        made.keywords = {"尺码" + std::to_string(g), "发货" + std::to_string(g)};
        rules.groups.push_back(std::move(made));
    }
    const auto policy = std::make_shared<const routing::compiled_policy>(std::move(rules));
    routing::roster shop;
    shop.set_policy(policy);
    for (std::size_t i = 0; i < agents; ++i)
        shop.update({.account = account(i), .online = true, .cap = 1'000'000});
    routing::route_request request;
    request.buyer = "b";
    request.text = "请问这件衣服什么时候发货0？有没有其它颜色";
    storage::record_batch journaled;
    for (std::uint64_t i = 0; i < count; ++i) {
        ++request.number;
        const routing::decision_inputs given{routing::question::message, {"acme"}, now, 1};
        const auto made = routing::answer(*policy, shop, given, request);
        if (traced) {
            journaled.clear();
            journaled.add(routing::trace_of(*policy, shop, given, request, made, {}));
        }
        shop.charge(made.agent, true, made.group);
        auto report = *shop.find(made.agent);
        ++report.load;
        report.idle_since = now;
        shop.update(report);
    }
}

/// A line is looked for, as it might be a repeat, and appended; one in 1,024 drops what is older.
void take_lines(std::uint64_t count) {
    routing::transcript lines;
    const auto text = text_200();
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto id = "run-" + std::to_string(i);
        seen += lines.find("b1", id).has_value();
        lines.append({1, lines.last_seq() + 1, now, routing::side::buyer, "b1", id, text});
        if (i % 1'024 == 0 && i > 1'024) lines.drop_below(lines.last_seq() - 1'024);
    }
}

// --- storage ---------------------------------------------------------------------------------------------------------------

/// Groups of 64 lines, each on disk before the next.
void append_to_journal(std::uint64_t count) {
    constexpr std::uint64_t group = 64;
    const storage::temporary_directory directory;
    storage::failure_latch failures;
    auto opened = storage::journal::open(storage::operating_system(), directory.path(), 16 * 1024 * 1024, 0, failures);
    auto& log = *std::get<0>(opened);
    log.start([](std::uint64_t, bool) {});
    const auto text = text_200();
    for (std::uint64_t i = 0; i < count; i += group) {
        storage::record_batch batch;
        for (std::uint64_t k = 0; k < group; ++k)
            batch.add(routing::line_added{1, i + k + 1, now, routing::side::buyer, "b1", "run-1", text});
        std::promise<void> done;
        log.commit(std::move(batch), std::make_unique<storage::promised_release>(done));
        done.get_future().wait();
    }
    log.stop();
}

// --- transport -------------------------------------------------------------------------------------------------------------

/// Messages wait, go out 16 at a time and are acknowledged.
void send_from_outbox(std::uint64_t count) {
    const transport::instant time{};
    transport::channel outbox{{}, time};
    std::string message, frame;
    protocol::encode(message, protocol::buyer_line{"c0000000000001", 1, "b1", text_200(), now});
    for (std::uint64_t i = 0; i < count; i += frame_messages) {
        for (std::size_t k = 0; k < frame_messages; ++k)
            seen += outbox.send(message);
        const auto composed = outbox.compose(frame, time);
        outbox.sent(composed, time);
        seen += outbox.acknowledge(i + frame_messages);
    }
}

/// Lanes that answer every line as stored, in the turn it came in.
class answering_lanes final : public transport::inbound_sink {
public:
    unsigned lane_count() const noexcept override { return 1; }
    unsigned lane_of(std::string_view) const noexcept override { return 0; }
    void deliver(unsigned, transport::inbound_batch batch) noexcept override {
        for (const auto* each : batch.events) {
            const auto* message = std::get_if<transport::received>(each);
            if (message == nullptr) continue;
            const auto before = answers.bytes.size();
            protocol::encode(answers.bytes, protocol::stored{"run-12345", "c0000000000001", message->rx, false});
            answers.sends.push_back({message->link, static_cast<std::uint32_t>(answers.bytes.size() - before)});
            if (answers.processed.empty())
                answers.processed.push_back({message->link, message->rx, message->rx});
            else
                answers.processed.back().last = message->rx;
        }
    }
    void deliver_admin(transport::inbound_batch) noexcept override {}

    transport::outbound_batch answers;
};

class counting_wire final : public transport::wire {
public:
    transport::sent send(transport::connection_id, std::string_view frame) noexcept override {
        seen += frame.size();
        return transport::sent::yes;
    }
    void set_serving(transport::connection_id, bool) noexcept override {}
    void cut(transport::connection_id) noexcept override {}
};

/// A frontend's frame of 16 lines is read, handed on, answered and acknowledged.
void step_session(std::uint64_t count) {
    const transport::instant time{};
    answering_lanes lanes;
    counting_wire out;
    transport::socket_figures figures;
    transport::exchange broker{{}, lanes, out, figures, time, [] {}};
    std::string hello;
    protocol::encode(hello, protocol::hello{.version = limits::protocol_version, .role = protocol::role::frontend});
    broker.receive(1, hello, time);
    broker.hand_over({});
    broker.turn(time);
    const auto frame = frame_of_lines(0);
    std::string ack;
    for (std::uint64_t i = 0; i < count; i += frame_messages) {
        lanes.answers = {};
        broker.receive(1, frame, time);
        ack.clear();
        protocol::encode(ack, protocol::ack{i});
        broker.receive(1, ack, time);
        broker.hand_over({});
        broker.apply(lanes.answers, time);
        broker.turn(time);
    }
}

const std::map<std::string, std::function<void(std::uint64_t)>> cases = {
    {"codec.decode_line", decode_lines},
    {"codec.encode_stored_and_line", encode_answers},
    {"routing.decide_100_agents_traced", [](std::uint64_t count) { decide(count, 100, 10, true); }},
    {"routing.pick_of_1000_agents", [](std::uint64_t count) { decide(count, 1'000, 1, false); }},
    {"routing.take_line", take_lines},
    {"storage.append_line", append_to_journal},
    {"transport.outbox_message", send_from_outbox},
    {"transport.session_line", step_session},
};

} // namespace

int run_case(int argc, char** argv) {
    if (argc == 3) {
        if (const auto found = cases.find(argv[1]); found != cases.end()) {
            found->second(std::strtoull(argv[2], nullptr, 10));
            return seen == 42 ? 3 : 0; // it is looked at
        }
        std::cerr << "there is no case " << argv[1] << std::endl;
        return 2;
    }
    for (const auto& each : cases)
        std::cout << each.first << std::endl;
    return 0;
}

} // namespace fenliu::bench

int main(int argc, char** argv) { return fenliu::bench::run_case(argc, argv); }
