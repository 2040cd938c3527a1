// The peer's end against a real exchange, over a link that the test cuts and a broker that it restarts. No socket, no clock.
#include <random>

#include "exchange_fixture.hpp"
#include "transport/client_session.hpp"

namespace fenliu::transport::testing {
namespace {

using namespace std::chrono_literals;

/// A client, a broker whose lanes answer when they are told, and the connection between them.
class peer_and_broker {
public:
    explicit peer_and_broker(std::uint32_t window = 16, const client_options& of_client = {})
        : client(of_client, events(), now) {
        options.window = window;
        options.heartbeat = 1000ms;
        start_broker();
    }

    void start_broker() {
        if (++starts > 1) connection += 1;
        to_broker.clear();
        waiting.clear();
        sink = std::make_unique<recording_sink>();
        sink->answer_with([this](const event& of, outbound_batch&) { take(of); }, {});
        wire = std::make_unique<fake_wire>();
        broker = std::make_unique<exchange>(options, *sink, *wire, figures, now, [] {});
    }
    void turn_broker() {
        broker->hand_over({});
        broker->turn(now);
        broker->hand_over({});
    }
    void client_sends() {
        std::string frame;
        if (!client.compose(frame, now)) return;
        client.sent(now);
        to_broker.push_back(std::move(frame));
    }
    void broker_receives() {
        if (to_broker.empty()) return;
        broker->receive(connection, to_broker.front(), now);
        turn_broker();
        to_broker.pop_front();
    }
    void client_receives() {
        auto& frames = wire->frames[connection];
        for (; !frames.empty(); frames.pop_front())
            to_client.push_back(std::move(frames.front()));
        if (to_client.empty()) return;
        const std::string frame = std::move(to_client.front());
        to_client.pop_front();
        client.receive(frame, now);
    }
    /// The lanes finish one message.
    void process(std::size_t index) {
        outbound_batch out;
        const auto [link, rx, id] = waiting[index];
        waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(index));
        add_send(out, link, protocol::stored{id, "c1", rx, false});
        out.processed.push_back({link, rx, rx});
        broker->apply(out, now);
        turn_broker();
    }
    /// `noticed`: by the broker; the client notices unless it is `silent`.
    void cut(bool noticed, bool silent = false) {
        to_broker.clear();
        wire->frames.erase(connection); // what had not arrived; what had may still wait in to_client
        wire->gone.insert(connection);
        if (noticed) {
            broker->disconnected(connection, now);
            turn_broker();
        }
        ++connection;
        if (!silent) client.probe();
    }
    void run_until_quiet() {
        for (int round = 0; round < 5000 && (client.unanswered() > 0 || client.state() != client_state::open); ++round) {
            now += 10ms;
            static_cast<void>(client.tick(now));
            client_sends();
            broker_receives();
            while (!waiting.empty())
                process(0);
            turn_broker();
            client_receives();
        }
    }

    struct in_hand {
        link_id link;
        std::uint64_t rx;
        std::string id;
    };

    socket_options options;
    socket_figures figures;
    instant now = instant{} + 1h;
    int starts = 0;
    connection_id connection = 1;
    std::unique_ptr<recording_sink> sink;
    std::unique_ptr<fake_wire> wire;
    std::unique_ptr<exchange> broker;
    std::deque<std::string> to_broker, to_client;
    std::deque<in_hand> waiting;       ///< in the lanes
    std::vector<std::string> accepted; ///< ids in the order the lanes saw them
    std::vector<std::string> answered; ///< ids in the order the client heard of them
    std::vector<std::string> told;     ///< texts of errors, as the client passed them on
    int resumed = 0, anew = 0, lost = 0;
    client_session client;

private:
    void take(const event& of) {
        if (const auto* data = std::get_if<received>(&of)) {
            const std::string id(protocol::ref_of(data->message).value_or(""));
            accepted.push_back(id);
            waiting.push_back({data->link, data->rx, id});
        }
    }
    client_events events() {
        client_events made;
        made.on_message = [this](const protocol::message& message) {
            if (const auto* stored = std::get_if<protocol::stored>(&message)) answered.emplace_back(stored->msg_id);
            if (const auto* error = std::get_if<protocol::error>(&message)) told.emplace_back(error->text);
        };
        made.on_open = [this](bool was_resumed, bool) { ++(was_resumed ? resumed : anew); };
        made.on_lost = [this] { ++lost; };
        return made;
    }
};

/// What the frame acks.
std::optional<std::uint64_t> ack_in(std::string_view frame) {
    protocol::decoder decoder;
    std::vector<protocol::message> messages;
    static_cast<void>(decoder.decode(frame, messages));
    for (const auto& each : messages)
        if (const auto* ack = std::get_if<protocol::ack>(&each)) return ack->rx;
    return std::nullopt;
}

TEST(a_client_session, keeps_the_refusal_of_a_hello_too_many_to_itself) {
    peer_and_broker both;
    both.client_sends();
    both.broker_receives();
    both.client.probe(); // the welcome is on its way, but who knows
    both.client_sends();
    both.client_receives();
    EXPECT_EQ(both.client.state(), client_state::open);
    both.broker_receives();
    for (int i = 0; i < 3; ++i)
        both.client_receives();
    EXPECT_EQ(both.client.state(), client_state::open);
    EXPECT_TRUE(both.told.empty());
}

TEST(a_client_session, resumes_after_a_reconnect_that_it_did_not_notice) {
    peer_and_broker both;
    both.client.send(publish_of("m1"));
    both.run_until_quiet();
    both.client.send(publish_of("m2"));
    both.client_sends();
    both.cut(false);
    both.run_until_quiet();
    EXPECT_EQ(both.accepted, (std::vector<std::string>{"m1", "m2"}));
    EXPECT_EQ(both.resumed, 1);
    EXPECT_EQ(both.lost, 1);
}

TEST(a_client_session, says_hello_again_soon_when_its_connection_was_replaced_unnoticed) {
    peer_and_broker both;
    both.client.send(publish_of("m1"));
    both.client_sends();
    both.cut(false, true);
    const instant before = both.now;
    both.run_until_quiet();
    EXPECT_EQ(both.answered, std::vector<std::string>{"m1"});
    EXPECT_EQ(both.anew, 1);
    EXPECT_LT(both.now - before, 2s);
}

TEST(a_client_session, sends_again_what_is_unanswered_when_the_broker_has_forgotten_it) {
    peer_and_broker both;
    both.client.send(publish_of("m0"));
    both.run_until_quiet();
    both.client.send(publish_of("m1"));
    both.client.send(publish_of("m2"));
    both.client_sends();
    both.broker_receives();
    both.client.send(publish_of("m3"));
    both.start_broker();
    both.client.probe();
    both.run_until_quiet();
    EXPECT_EQ(both.accepted, (std::vector<std::string>{"m0", "m1", "m2", "m1", "m2", "m3"}));
    EXPECT_EQ(both.anew, 2);
    EXPECT_EQ(both.client.unanswered(), 0u);
}

TEST(a_client_session, gives_up_when_it_is_told_to) {
    client_session alone({.give_up = 500ms}, {}, instant{});
    EXPECT_FALSE(alone.tick(instant{} + 499ms));
    EXPECT_EQ(alone.state(), client_state::connecting);
    EXPECT_FALSE(alone.tick(instant{} + 500ms));
    EXPECT_EQ(alone.state(), client_state::unreachable);
    EXPECT_TRUE(alone.why());
}

TEST(a_client_session, acks_an_answer_after_a_while_and_wakes_for_it) {
    peer_and_broker both;
    both.client.send(publish_of("m1"));
    both.run_until_quiet();
    std::string frame;
    EXPECT_FALSE(both.client.compose(frame, both.now));
    const instant due = both.now + limits::ack_delay;
    EXPECT_EQ(both.client.wake_at(both.now), due);
    EXPECT_FALSE(both.client.has_output(due - 1ms));
    EXPECT_TRUE(both.client.has_output(due));
    ASSERT_TRUE(both.client.compose(frame, due));
    EXPECT_EQ(ack_in(frame), 1U);
}

TEST(a_client_session, acks_before_the_credit_that_it_gave_is_used_up) {
    client_options options;
    options.window = 8;
    peer_and_broker both(16, options);
    std::string frame;
    both.run_until_quiet();
    both.client_sends(); // its credit
    both.broker_receives();
    for (const std::string id : {"m1", "m2"}) {
        EXPECT_FALSE(both.client.compose(frame, both.now)) << id;
        both.client.send(publish_of(id));
        both.client_sends();
        both.broker_receives();
        both.process(0);
        both.client_receives();
    }
    ASSERT_TRUE(both.client.compose(frame, both.now));
    EXPECT_EQ(ack_in(frame), 2U);
}

TEST(a_client_session, asks_for_a_new_connection_when_the_broker_is_silent) {
    peer_and_broker both;
    both.run_until_quiet();
    const instant heard = both.now;
    EXPECT_FALSE(both.client.tick(heard + 2900ms));
    EXPECT_TRUE(both.client.tick(heard + 3s));
    EXPECT_EQ(both.client.state(), client_state::connecting);
    EXPECT_TRUE(both.client.hello_due(heard + 3s));
}

TEST(a_client_session, waits_as_long_as_a_retryable_refusal_asks) {
    client_session client({}, {}, instant{});
    std::string frame;
    ASSERT_TRUE(client.compose(frame, instant{}));
    client.sent(instant{});
    frame.clear();
    protocol::encode(frame, protocol::error{.code = "DRAINING", .retryable = true, .retry_after_ms = 700, .text = "later"});
    protocol::encode(frame, protocol::bye{"DRAINING"});
    client.receive(frame, instant{});
    EXPECT_EQ(client.state(), client_state::connecting);
    EXPECT_EQ(client.why().value().code, protocol::errc::draining);
    EXPECT_FALSE(client.hello_due(instant{} + 699ms));
    EXPECT_TRUE(client.hello_due(instant{} + 700ms));
}

TEST(a_client_session, is_refused_for_good_with_the_brokers_words) {
    for (const char* code : {"UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "REJECT_ACCOUNT", "UNSUPPORTED_VERSION"}) {
        client_session client({}, {}, instant{});
        std::string frame;
        ASSERT_TRUE(client.compose(frame, instant{}));
        client.sent(instant{});
        frame.clear();
        protocol::encode(frame, protocol::error{.code = code, .text = "because"});
        protocol::encode(frame, protocol::bye{code});
        client.receive(frame, instant{});
        ASSERT_EQ(client.state(), client_state::refused);
        EXPECT_EQ(protocol::name(client.why().value().code), code);
        EXPECT_EQ(client.why().value().text, "because");
        EXPECT_FALSE(client.compose(frame, instant{} + 1h));
    }
}

TEST(a_client_session, does_not_fight_the_newer_session_of_its_account) {
    peer_and_broker both;
    both.run_until_quiet();
    std::string frame;
    protocol::encode(frame, protocol::bye{"SUPERSEDED"});
    both.client.receive(frame, both.now);
    EXPECT_EQ(both.client.state(), client_state::refused);
    EXPECT_EQ(both.client.why().value().code, protocol::errc::superseded);
    EXPECT_EQ(both.lost, 1);
}

TEST(a_client_session, begins_anew_after_a_bye_that_is_not_about_itself) {
    peer_and_broker both;
    both.run_until_quiet();
    both.client.send(publish_of("m1"));
    std::string frame;
    protocol::encode(frame, protocol::bye{"SHUTTING_DOWN"});
    both.client.receive(frame, both.now);
    EXPECT_EQ(both.client.state(), client_state::connecting);
    both.cut(true);
    both.start_broker();
    both.run_until_quiet();
    EXPECT_EQ(both.anew, 2);
    EXPECT_EQ(both.answered, std::vector<std::string>{"m1"});
}

TEST(a_client_session, keeps_its_order_over_cuts_and_restarts_and_is_answered_in_the_end) {
    int resumed = 0;
    int restarts = 0;
    for (unsigned seed = 1; seed <= 150; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 random(seed);
        const auto chance = [&](unsigned below) { return std::uniform_int_distribution<unsigned>(0, below - 1)(random); };
        const bool may_restart = seed % 2 == 0;
        peer_and_broker both;
        unsigned sent = 0;
        for (int step = 0; step < 800; ++step) {
            both.now += std::chrono::milliseconds(chance(30));
            static_cast<void>(both.client.tick(both.now));
            switch (chance(10)) {
            case 0:
            case 1:
                both.client.send(publish_of("m" + std::to_string(++sent)));
                break;
            case 2:
            case 3:
                both.client_sends();
                break;
            case 4:
            case 5:
                both.broker_receives();
                break;
            case 6:
            case 7:
                both.client_receives();
                break;
            case 8:
                if (!both.waiting.empty()) both.process(chance(static_cast<unsigned>(both.waiting.size())));
                break;
            default:
                if (chance(6) == 0) both.cut(chance(2) == 0);
                if (may_restart && chance(30) == 0) {
                    both.start_broker();
                    both.client.probe();
                    ++restarts;
                }
            }
        }
        both.run_until_quiet();
        resumed += both.resumed;
        ASSERT_EQ(both.client.unanswered(), 0u);
        // First occurrences in order, none missing; without a restart there are no others.
        std::vector<std::string> firsts;
        std::set<std::string> known;
        for (const auto& id : both.accepted)
            if (known.insert(id).second) firsts.push_back(id);
        ASSERT_EQ(firsts.size(), sent);
        for (unsigned index = 0; index < sent; ++index)
            ASSERT_EQ(firsts[index], "m" + std::to_string(index + 1));
        if (both.anew == 1) {
            ASSERT_EQ(both.accepted.size(), sent) << "doubled";
            ASSERT_EQ(both.answered.size(), sent) << "answered twice";
        }
    }
    EXPECT_GT(resumed, 500);
    EXPECT_GT(restarts, 50);
}

} // namespace
} // namespace fenliu::transport::testing
