#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>

#include "apps/load/run.hpp"

namespace fenliu::load {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

/// A broker within the process, with faults as wanted. What is published is passed on at once.
struct toy_broker : target {
    std::uint64_t drop_each = 0, refuse_each = 0; ///< the nth message; 0: none
    bool never_ready = false;
    steady::duration stall_at{0}, stall{0}; ///< after its first message nothing is taken or told from then on, for so long
    steady::duration ack_late_by{0};        ///< one message's, in the measured time: those behind it are acknowledged meanwhile
    std::atomic<bool> fails{false};

    [[nodiscard]] bool runs_for(steady::duration time) const { return steady::now() > first.load() + time; }
    [[nodiscard]] bool stalls() const {
        const auto since = steady::now() - first.load();
        return first.load() != steady::time_point{} && since > stall_at && since < stall_at + stall;
    }

    struct sender : publishers {
        toy_broker& of;
        acked tell;
        std::deque<std::pair<std::size_t, std::uint64_t>> waiting;
        std::deque<std::string> unsent;
        std::optional<std::pair<std::size_t, std::uint64_t>> late;
        steady::time_point late_until{};

        sender(toy_broker& broker, acked told)
            : of(broker)
            , tell(std::move(told)) {}
        bool ready() override { return !of.never_ready; }
        void publish(std::size_t connection, std::size_t channel, std::uint64_t id, std::string_view text) override {
            if (of.first.load() == steady::time_point{}) of.first = steady::now();
            const std::scoped_lock lock(of.mutex);
            ++of.by_channel[channel];
            waiting.emplace_back(connection, id);
            unsent.emplace_back(text);
        }
        void poll(std::chrono::nanoseconds) override {
            if (of.fails) throw std::runtime_error{"the cable is cut"};
            std::this_thread::yield();
            if (of.stalls()) return;
            if (late && steady::now() >= late_until) {
                tell(late->first, late->second, true);
                late.reset();
            }
            for (; !waiting.empty(); waiting.pop_front(), unsent.pop_front()) {
                const auto number = ++of.count;
                const bool refused = of.refuse_each != 0 && number % of.refuse_each == 0;
                if (!refused && (of.drop_each == 0 || number % of.drop_each != 0)) {
                    const std::scoped_lock lock(of.mutex);
                    of.passed.push_back(unsent.front());
                }
                const bool timed = waiting.front().second % 16 == 0;
                if (timed && of.ack_late_by > 0s && late_until == steady::time_point{} && of.runs_for(100ms)) {
                    late = waiting.front();
                    late_until = steady::now() + of.ack_late_by;
                    continue;
                }
                tell(waiting.front().first, waiting.front().second, !refused);
            }
        }
    };
    struct receiver : consumers {
        toy_broker& of;
        delivered tell;

        receiver(toy_broker& broker, delivered told)
            : of(broker)
            , tell(std::move(told)) {}
        bool ready() override { return !of.never_ready; }
        void poll(std::chrono::nanoseconds) override {
            std::deque<std::string> come;
            {
                const std::scoped_lock lock(of.mutex);
                come.swap(of.passed);
            }
            for (const auto& each : come)
                tell(each);
            if (come.empty()) std::this_thread::yield();
        }
    };
    std::unique_ptr<publishers> publish(const shape&, part, acked tell) override {
        return std::make_unique<sender>(*this, std::move(tell));
    }
    std::unique_ptr<consumers> consume(const shape&, part, delivered tell) override {
        return std::make_unique<receiver>(*this, std::move(tell));
    }

    std::atomic<steady::time_point> first{};
    std::atomic<std::uint64_t> count{0};
    std::mutex mutex;
    std::deque<std::string> passed;
    std::map<std::size_t, std::uint64_t> by_channel;
};

shape small() {
    return {.publishers = 4, .consumers = 4, .channels = 10, .shops = 2, .window = 16, .warm_up = 20ms, .duration = 200ms};
}

figures run(toy_broker& broker, const shape& wanted) { return run_load(broker, wanted, {}, {}, 5s); }

TEST(a_load, in_a_closed_loop_counts_what_was_taken_and_delivered) {
    toy_broker broker;
    const auto found = run(broker, small());
    EXPECT_GE(found.seconds, 0.2);
    EXPECT_GT(found.acked, 0U);
    EXPECT_GT(found.delivered, 0U);
    EXPECT_EQ(found.missing, 0U);
    EXPECT_EQ(found.refused, 0U);
    EXPECT_GT(found.ack.count(), 0U);
    EXPECT_GT(found.delivery.count(), 0U);
    EXPECT_EQ(broker.by_channel.size(), 10U) << "every channel is used";
}

TEST(a_load, with_two_threads_of_each_kind_uses_every_connection_once) {
    toy_broker broker;
    auto wanted = small();
    wanted.threads = 2;
    const auto found = run(broker, wanted);
    EXPECT_EQ(found.missing, 0U);
    EXPECT_EQ(broker.by_channel.size(), 10U);
}

TEST(a_load, tells_refused_messages_from_missing_ones) {
    toy_broker broker;
    broker.refuse_each = 7;
    const auto found = run(broker, small());
    EXPECT_EQ(found.refused, broker.count / 7);
    EXPECT_GT(found.refused, 0U);
    EXPECT_EQ(found.missing, 0U);
}

TEST(a_load, counts_messages_that_never_came_as_missing) {
    toy_broker broker;
    broker.drop_each = 50; // the opening has 10
    auto wanted = small();
    wanted.rate = 1'000;
    const auto found = run(broker, wanted);
    EXPECT_EQ(found.missing, broker.count / 50);
    EXPECT_GT(found.missing, 0U);
}

TEST(an_open_loop, sends_at_its_rate) {
    toy_broker broker;
    auto wanted = small();
    wanted.rate = 5'000;
    wanted.duration = 400ms;
    const auto found = run(broker, wanted);
    EXPECT_NEAR(static_cast<double>(found.published), 5'000 * found.seconds, 5'000 * found.seconds / 4);
    EXPECT_EQ(found.missing, 0U);
}

TEST(an_open_loop, counts_a_stall_from_when_each_message_was_due) {
    toy_broker broker;
    broker.stall_at = 150ms; // within the measured time
    broker.stall = 200ms;
    auto wanted = small();
    wanted.rate = 1'000;
    wanted.duration = 500ms;
    const auto found = run(broker, wanted);
    // Of 500 messages some 200 were due while nothing moved, and waited for 100 ms on average: a load that waits for each answer
    // before it sends the next would have seen one late message.
    EXPECT_GT(found.delivery.quantile(0.75), 20ms);
    EXPECT_GT(found.delivery.max(), 150ms);
    EXPECT_GT(found.ack.quantile(0.75), 20ms);
}

TEST(a_load, times_an_ack_that_many_others_overtake) {
    toy_broker broker;
    broker.ack_late_by = 150ms;
    auto wanted = small();
    wanted.duration = 500ms;
    EXPECT_GE(run(broker, wanted).ack.max(), 150ms);
}

TEST(a_load, ends_with_the_reason_when_a_connection_fails) {
    toy_broker broker;
    broker.fails = true;
    try {
        (void)run(broker, small());
        FAIL() << "it ran";
    } catch (const std::runtime_error& why) {
        EXPECT_STREQ(why.what(), "the cable is cut");
    }
}

TEST(a_load, does_not_wait_for_ever_for_a_broker_that_is_not_ready) {
    toy_broker broker;
    broker.never_ready = true;
    EXPECT_THROW((void)run_load(broker, small(), {}, {}, 0s), std::runtime_error);
}

TEST(a_load, ends_early_when_told_to) {
    toy_broker broker;
    auto wanted = small();
    wanted.duration = 1h;
    const auto begin = steady::now();
    const auto found = run_load(broker, wanted, {}, [&] { return steady::now() > begin + 300ms; });
    EXPECT_LT(found.seconds, 60);
    EXPECT_GT(found.acked, 0U);
}

TEST(a_load, says_what_is_wrong_with_its_shape) {
    toy_broker broker;
    auto wanted = small();
    wanted.channels = 3;
    try {
        (void)run(broker, wanted);
        FAIL() << "it ran";
    } catch (const std::runtime_error& why) {
        EXPECT_NE(std::string{why.what()}.find("channel"), std::string::npos) << why.what();
    }
}

} // namespace
} // namespace fenliu::load
