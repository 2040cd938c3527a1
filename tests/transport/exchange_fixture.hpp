// An exchange between a wire and lanes that a test holds in its hands: no socket, no clock.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "raw_peer.hpp"
#include "recording_sink.hpp"
#include "transport/exchange.hpp"

namespace fenliu::transport::testing {

class fake_wire final : public wire {
public:
    sent send(connection_id connection, std::string_view frame) noexcept override {
        if (gone.contains(connection)) return sent::gone;
        if (busy.contains(connection)) return sent::busy;
        frames[connection].emplace_back(frame);
        return sent::yes;
    }
    void set_serving(connection_id connection, bool yes) noexcept override {
        if (yes)
            serving.insert(connection);
        else
            serving.erase(connection);
    }
    void cut(connection_id connection) noexcept override { cuts.insert(connection); }
    [[nodiscard]] remote peer() const override { return from; }

    std::map<connection_id, std::deque<std::string>> frames;
    std::set<connection_id> gone, busy, serving, cuts;
    remote from; // whoever sends what is received next
};

class an_exchange : public ::testing::Test {
protected:
    using milliseconds = std::chrono::milliseconds;

    void SetUp() override {
        options.heartbeat = milliseconds(1000);
        options.session_expiry = milliseconds(20'000);
        options.window = 8;
    }
    void start() {
        sink.answer_with({}, {});
        broker = std::make_unique<exchange>(options, sink, out, figures, now, [] {});
    }
    /// The lanes answer everything at once.
    void start_with_answers() {
        start();
        sink.answer_with(answer_everything, [this](outbound_batch&& batch) { posted.push_back(std::move(batch)); });
    }

    template <class... Message>
    void receive(connection_id from, const Message&... messages) {
        std::string frame;
        (protocol::encode(frame, messages), ...);
        receive_bytes(from, frame);
    }
    void receive_bytes(connection_id from, std::string_view frame) {
        kept.emplace_back(frame);
        broker->receive(from, kept.back(), now);
        turn();
    }
    void turn() {
        broker->hand_over({});
        while (!posted.empty()) {
            broker->apply(posted.front(), now);
            posted.pop_front();
        }
        broker->turn(now);
        broker->hand_over({});
    }
    void pass(milliseconds time) {
        const instant end = now + time;
        while (true) {
            const auto next = broker->wake_at(now);
            if (!next || *next > end) break;
            now = std::max(now, *next);
            turn();
        }
        now = end;
        turn();
    }
    void apply(const outbound_batch& batch) {
        broker->apply(batch, now);
        turn();
    }
    void processed(link_id link, std::uint64_t first, std::uint64_t last) {
        outbound_batch batch;
        batch.processed.push_back({link, first, last});
        apply(batch);
    }
    void admit(link_id link, protocol::errc code = protocol::errc::ok, std::string text = {}) {
        outbound_batch batch;
        batch.admissions.push_back({link, code, std::move(text)});
        apply(batch);
    }
    template <class Message>
    void send(link_id link, const Message& message) {
        outbound_batch batch;
        add_send(batch, link, message);
        apply(batch);
    }

    /// What was sent to the connection since the last call.
    std::vector<protocol::message> sent_to(connection_id connection) {
        std::vector<protocol::message> messages;
        auto& frames = out.frames[connection];
        for (; !frames.empty(); frames.pop_front()) {
            kept.push_back(std::move(frames.front()));
            EXPECT_TRUE(decoder.decode(kept.back(), messages).whole);
        }
        return messages;
    }
    /// The only message that was sent to the connection since the last call, if it is of this kind.
    template <class Message>
    std::optional<Message> only(connection_id connection) {
        auto messages = sent_to(connection);
        if (messages.size() != 1 || !std::holds_alternative<Message>(messages[0])) return std::nullopt;
        return std::get<Message>(std::move(messages[0]));
    }
    /// The first message of this kind since the last call.
    template <class Message>
    std::optional<Message> first(connection_id connection) {
        for (auto& message : sent_to(connection))
            if (auto* found = std::get_if<Message>(&message)) return std::move(*found);
        return std::nullopt;
    }
    link_id newest_link() const {
        link_id newest = 0;
        for (const auto& note : sink.notes())
            if (note == noted::what::opened) newest = std::max(newest, note.link);
        return newest;
    }
    link_id open_frontend(connection_id connection) {
        receive(connection, frontend_hello());
        const auto welcome = only<protocol::welcome>(connection);
        EXPECT_TRUE(welcome);
        if (welcome) session = welcome->session;
        return newest_link();
    }
    link_id open_agent(connection_id connection, std::string_view account) {
        receive(connection, agent_hello(account));
        const link_id link = newest_link();
        admit(link);
        const auto welcome = only<protocol::welcome>(connection);
        EXPECT_TRUE(welcome);
        if (welcome) session = welcome->session;
        return link;
    }

    socket_options options;
    recording_sink sink;
    fake_wire out;
    socket_figures figures;
    instant now = instant{} + std::chrono::hours(1);
    std::unique_ptr<exchange> broker;
    std::deque<outbound_batch> posted;
    std::deque<std::string> kept; // frames, which messages' views point into
    protocol::decoder decoder;
    std::string session; // of the last welcome
};

} // namespace fenliu::transport::testing
