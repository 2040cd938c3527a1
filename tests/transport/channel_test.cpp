#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "transport/channel.hpp"

namespace fenliu::transport {
namespace {

using namespace std::chrono_literals;

constexpr instant start{};

std::vector<protocol::message> messages_of(const std::string& frame) {
    static protocol::decoder decoder;
    std::vector<protocol::message> messages;
    EXPECT_TRUE(decoder.decode(frame, messages).whole);
    return messages;
}

protocol::queue_moved line(std::uint32_t position) { return {"acme", "bob", position, 0}; }

TEST(a_message_queue, gives_runs_within_both_bounds) {
    message_queue queue;
    for (int index = 0; index < 5; ++index)
        queue.append("abcd");
    EXPECT_EQ(queue.next(3, 100).count, 3u);
    EXPECT_EQ(queue.next(10, 11).bytes, "abcdabcd");
    queue.advance(2);
    EXPECT_EQ(queue.next(10, 100).count, 3u);
    EXPECT_EQ(queue.unread(), 3u);
}

TEST(a_message_queue, keeps_its_order_while_it_shrinks_and_grows) {
    message_queue queue;
    int in = 0;
    int out = 0;
    for (int step = 0; step < 1000; ++step) {
        for (int count = step % 7; count > 0; --count)
            queue.append(std::to_string(100'000 + in++));
        const auto run = queue.next(step % 5, 1000);
        for (std::size_t index = 0; index < run.count; ++index)
            ASSERT_EQ(run.bytes.substr(6 * index, 6), std::to_string(100'000 + out++));
        queue.advance(run.count);
        queue.pop(run.count);
    }
    EXPECT_EQ(queue.size(), static_cast<std::size_t>(in - out));
    EXPECT_EQ(queue.bytes(), queue.size() * 6);
}

TEST(a_message_queue, moves_the_cursor_with_what_is_dropped) {
    message_queue queue;
    queue.append("one");
    queue.append("two");
    queue.pop(1);
    EXPECT_EQ(queue.next(10, 10).bytes, "two");
    queue.advance(1);
    queue.rewind();
    EXPECT_EQ(queue.next(10, 10).bytes, "two");
}

TEST(receipts_, are_contiguous_only_up_to_the_first_gap) {
    receipts counts(16);
    for (int index = 0; index < 6; ++index)
        static_cast<void>(counts.count());
    counts.processed(3, 4);
    EXPECT_EQ(counts.contiguous(), 0u);
    counts.processed(1, 1);
    EXPECT_EQ(counts.contiguous(), 1u);
    counts.processed(2, 2);
    EXPECT_EQ(counts.contiguous(), 4u);
    counts.processed(5, 6);
    EXPECT_TRUE(counts.all_processed());
}

TEST(receipts_, find_a_sender_over_its_credit_and_one_that_ignores_it) {
    receipts counts(4);
    for (int index = 0; index < 4; ++index)
        EXPECT_EQ(counts.count(), standing::within);
    EXPECT_EQ(counts.count(), standing::over);
    counts.processed(1, 1);
    counts.acknowledged();
    EXPECT_EQ(counts.count(), standing::over);
    counts.processed(2, 6);
    EXPECT_EQ(counts.count(), standing::over) << "what was not yet acknowledged gives no credit";
    counts.acknowledged();
    EXPECT_EQ(counts.count(), standing::within);
    for (int index = 0; index < 4; ++index)
        static_cast<void>(counts.count());
    EXPECT_EQ(counts.count(), standing::over);
    EXPECT_EQ(counts.count(), standing::over);
    EXPECT_EQ(counts.count(), standing::overrun);
}

TEST(receipts_, remember_early_ones_while_the_ring_grows_and_wraps) {
    receipts counts(100'000);
    std::uint64_t expected = 0;
    for (int round = 0; round < 50; ++round) {
        const std::uint64_t first = counts.received() + 1;
        const std::uint64_t many = 1 + static_cast<std::uint64_t>(round) * 37 % 500;
        for (std::uint64_t index = 0; index < many; ++index)
            static_cast<void>(counts.count());
        for (std::uint64_t number = first + many - 1; number > first; --number)
            counts.processed(number, number);
        EXPECT_EQ(counts.contiguous(), expected);
        counts.processed(first, first);
        expected += many;
        EXPECT_EQ(counts.contiguous(), expected);
    }
}

TEST(a_replay_buffer, refuses_an_ack_of_what_was_not_sent) {
    replay_buffer buffer;
    buffer.append("a");
    buffer.append("b");
    buffer.sent(1);
    EXPECT_FALSE(buffer.acknowledge(2));
    EXPECT_EQ(buffer.acked(), 0u);
    EXPECT_TRUE(buffer.acknowledge(1));
    EXPECT_TRUE(buffer.acknowledge(0)) << "an old ack is no fault";
    EXPECT_EQ(buffer.acked(), 1u);
}

TEST(a_replay_buffer, covers_from_the_last_ack_to_the_highest_number_ever_sent) {
    replay_buffer buffer;
    for (const char* text : {"a", "b", "c", "d"})
        buffer.append(text);
    buffer.sent(3);
    ASSERT_TRUE(buffer.acknowledge(1));
    EXPECT_FALSE(buffer.covers(0));
    EXPECT_TRUE(buffer.covers(1));
    EXPECT_TRUE(buffer.covers(3));
    EXPECT_FALSE(buffer.covers(4));
    buffer.resume(1);
    EXPECT_EQ(buffer.next(10, 10, 10).bytes, "bcd");
    EXPECT_TRUE(buffer.covers(3)) << "sent on the old connection, it may have arrived";
    EXPECT_FALSE(buffer.acknowledge(3)) << "not sent on this connection";
}

TEST(a_channel, sends_no_more_than_the_peers_window_until_it_is_acked) {
    channel end({.window = 3}, start);
    for (std::uint32_t index = 0; index < 5; ++index)
        ASSERT_TRUE(end.send_message(line(index)));
    std::string frame;
    auto what = end.compose(frame, start);
    EXPECT_EQ(what.data, 3u);
    end.sent(what, start);
    EXPECT_FALSE(end.pending(start));
    ASSERT_TRUE(end.acknowledge(2));
    what = end.compose(frame, start);
    EXPECT_EQ(what.data, 2u);
    EXPECT_EQ(messages_of(frame).size(), 2u);
}

TEST(a_channel, sends_on_when_it_is_granted_more) {
    channel end({.window = 1}, start);
    ASSERT_TRUE(end.send_message(line(1)));
    ASSERT_TRUE(end.send_message(line(2)));
    std::string frame;
    end.sent(end.compose(frame, start), start);
    EXPECT_FALSE(end.pending(start));
    end.grant(2);
    EXPECT_TRUE(end.pending(start));
    end.grant(0);
    EXPECT_FALSE(end.pending(start));
}

TEST(a_channel, puts_control_and_ack_before_data_in_one_frame) {
    channel end({}, start);
    ASSERT_TRUE(end.send_message(line(1)));
    ASSERT_TRUE(end.control(protocol::credit{7}));
    static_cast<void>(end.count());
    end.processed(1, 1);
    std::string frame;
    end.sent(end.compose(frame, start), start);
    const auto messages = messages_of(frame);
    ASSERT_EQ(messages.size(), 3u);
    EXPECT_TRUE(std::holds_alternative<protocol::credit>(messages[0]));
    EXPECT_EQ(std::get<protocol::ack>(messages[1]).rx, 1u);
    EXPECT_TRUE(std::holds_alternative<protocol::queue_moved>(messages[2]));
    EXPECT_EQ(end.compose(frame, start).messages(), 0u) << "each goes once";
}

/// What a peer that may take its time has acked after it was sent each of these frames.
std::vector<std::optional<std::uint64_t>> acks_of(channel& end, const std::vector<std::pair<instant, std::size_t>>& frames) {
    std::vector<std::optional<std::uint64_t>> acks;
    std::string frame;
    for (const auto& [at, bytes] : frames) {
        end.heard(at, bytes);
        static_cast<void>(end.count());
        end.processed(end.incoming().received(), end.incoming().received());
        const auto what = end.compose(frame, at);
        end.sent(what, at);
        acks.push_back(what.ack);
    }
    return acks;
}

constexpr std::optional<std::uint64_t> none;

TEST(a_channel, acks_at_once_unless_it_is_given_time) {
    channel end({}, start);
    EXPECT_THAT(acks_of(end, {{start, 10}, {start, 10}}), testing::ElementsAre(1U, 2U));
}

TEST(a_channel, acks_many_messages_together) {
    channel end({.ack = {.messages = 3, .bytes = 1'000, .delay = 100ms}}, start);
    EXPECT_THAT(acks_of(end, {{start, 10}, {start, 10}, {start, 10}, {start, 10}}), testing::ElementsAre(none, none, 3U, none));
}

TEST(a_channel, acks_many_bytes_at_once) {
    channel end({.ack = {.messages = 9, .bytes = 100, .delay = 100ms}}, start);
    EXPECT_THAT(acks_of(end, {{start, 60}, {start, 40}, {start, 99}, {start, 1}}), testing::ElementsAre(none, 2U, none, 4U));
}

TEST(a_channel, acks_few_messages_after_a_while) {
    channel end({.ack = {.messages = 9, .bytes = 1'000, .delay = 100ms}}, start);
    EXPECT_FALSE(end.ack_at());
    EXPECT_THAT(acks_of(end, {{start + 10ms, 1}, {start + 50ms, 1}}), testing::ElementsAre(none, none));
    EXPECT_EQ(end.ack_at(), start + 110ms) << "the first one's time counts";
    EXPECT_FALSE(end.pending(start + 109ms));
    EXPECT_TRUE(end.pending(start + 110ms));
    std::string frame;
    const auto what = end.compose(frame, start + 110ms);
    EXPECT_EQ(what.ack, 2u);
    end.sent(what, start + 110ms);
    EXPECT_FALSE(end.ack_at());
    EXPECT_THAT(acks_of(end, {{start + 300ms, 1}}), testing::ElementsAre(none)) << "and no older one's";
}

TEST(a_channel, says_again_what_was_composed_but_not_sent) {
    channel end({}, start);
    ASSERT_TRUE(end.send_message(line(1)));
    std::string first;
    std::string second;
    static_cast<void>(end.compose(first, start));
    static_cast<void>(end.compose(second, start));
    EXPECT_EQ(first, second);
}

TEST(a_channel, fills_frames_up_to_their_limits) {
    channel end({.window = 10'000}, start);
    for (std::uint32_t index = 0; index < 300; ++index)
        ASSERT_TRUE(end.send_message(line(index)));
    std::string frame;
    auto what = end.compose(frame, start);
    EXPECT_EQ(what.messages(), limits::frame_messages);
    end.sent(what, start);
    what = end.compose(frame, start);
    EXPECT_EQ(what.messages(), 300 - limits::frame_messages);

    channel wide({.window = 10'000}, start);
    const std::string text(limits::string_bytes, 'x');
    for (int index = 0; index < 20; ++index)
        ASSERT_TRUE(wide.send_message(protocol::prompt{"acme", "bob", text, text}));
    what = wide.compose(frame, start);
    EXPECT_LE(frame.size(), limits::frame_bytes);
    EXPECT_EQ(what.data, 7u);
}

TEST(a_channel, beats_only_after_a_silence_of_its_own) {
    channel end({.heartbeat = 100ms}, start);
    std::string frame;
    EXPECT_EQ(end.compose(frame, start + 99ms).messages(), 0u);
    auto what = end.compose(frame, start + 100ms);
    EXPECT_TRUE(what.heartbeat);
    end.sent(what, start + 100ms);
    ASSERT_TRUE(end.send_message(line(1)));
    end.sent(end.compose(frame, start + 150ms), start + 150ms);
    EXPECT_EQ(end.heartbeat_at(), start + 250ms);
    end.heard(start + 170ms, 1);
    EXPECT_EQ(end.dead_at(), start + 470ms);
}

TEST(a_channel, reports_when_more_is_kept_than_its_bound) {
    channel end({.outbox_bytes = 40}, start);
    EXPECT_TRUE(end.send_message(line(1)));
    EXPECT_TRUE(end.control(protocol::credit{1}));
    EXPECT_TRUE(end.send_message(line(2)));
    EXPECT_FALSE(end.send_message(line(3)));
}

TEST(a_channel, replays_what_the_peer_has_not_processed_and_forgets_control) {
    channel end({.window = 10}, start);
    std::string frame;
    for (std::uint32_t index = 1; index <= 4; ++index)
        ASSERT_TRUE(end.send_message(line(index)));
    end.sent(end.compose(frame, start), start);
    ASSERT_TRUE(end.control(protocol::credit{1}));
    end.grant(1);
    ASSERT_TRUE(end.covers(2));
    end.resume(2, start);
    static_cast<void>(end.compose(frame, start));
    const auto messages = messages_of(frame);
    ASSERT_EQ(messages.size(), 2u);
    EXPECT_EQ(std::get<protocol::queue_moved>(messages[0]).position, 3u);
}

} // namespace
} // namespace fenliu::transport
