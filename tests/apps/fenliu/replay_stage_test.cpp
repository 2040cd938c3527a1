// The whole play against a broker in memory: first without faults, then with crashes at every step, then with a broker that
// breaks its promises.
#include "apps/fenliu/replay_stage.hpp"

#include <functional>
#include <utility>

#include <gtest/gtest.h>

#include "tests/apps/fenliu/recording.hpp"
#include "tests/apps/fenliu/toy_broker.hpp"

namespace fenliu::apps::fenliu {
namespace {

using namespace std::chrono_literals;

replay_plan three_buyers() {
    replay_file file;
    record(file, "x", "ann", {{'b', "one"}, {'a', "first"}, {'b', "two"}}, 1'000);
    record(file, "y", "ben", {{'b', "hello"}, {'b', "anybody?"}, {'a', "yes"}, {'a', "how can I help?"}}, 2'000);
    record(file, "z", "ann", {{'b', "again"}, {'a', "welcome back"}}, 60'000);
    return make_replay_plan(file, {});
}

stage_options together() {
    stage_options out;
    out.at_once = 8;
    out.frontends = 2;
    out.run = "run";
    return out;
}

/// One play from the first line to the verdict.
struct performance {
    explicit performance(stage_options options = together())
        : stage(plan, std::move(options), ledger, broker) {
        broker.open(stage);
    }
    /// Until nothing is on its way and nothing is due; calls `before` before each message is brought.
    void play(const std::function<void(int)>& before = {}) {
        stage.play(now);
        for (int step = 0; step < 10'000; ++step) {
            if (before) before(step);
            if (!broker.step(stage)) {
                const auto next = stage.wakes_at();
                if (!next) return;
                now = *next;
            }
            stage.play(now);
        }
    }
    [[nodiscard]] replay_report finish() {
        broker.tell_history(ledger);
        return ledger.finish(stage.over());
    }

    replay_plan plan = three_buyers();
    replay_ledger ledger{plan};
    toy_broker broker{{"demo:a1", "demo:a2"}};
    replay_stage stage;
    elapsed now{0};
};

std::string first_finding(const replay_report& report) { return report.findings.empty() ? "" : report.findings.front(); }

/// Plays once for each moment at which `disturb` can strike, and expects a good end each time.
void expect_good_whenever(const std::function<void(performance&)>& disturb) {
    for (int moment = 0; moment < 60; ++moment) {
        SCOPED_TRACE("before step " + std::to_string(moment));
        performance each;
        each.play([&](int step) {
            if (step == moment) disturb(each);
        });
        const auto report = each.finish();
        const auto missing = each.stage.missing();
        ASSERT_TRUE(report.good()) << first_finding(report) << (missing.empty() ? "" : missing.front());
    }
}

TEST(replay_stage, plays_every_conversation_to_its_end) {
    performance all;
    all.play();
    const auto report = all.finish();
    EXPECT_TRUE(all.stage.over());
    EXPECT_TRUE(report.good()) << first_finding(report);
    EXPECT_EQ(report.stored, 5U);
    EXPECT_EQ(report.replies_delivered, 6U);
    EXPECT_EQ(report.conversations, 3U);
    EXPECT_EQ(report.redelivered, 0U);
    EXPECT_EQ(all.broker.conversations(), 3U);
}

TEST(replay_stage, a_crash_at_any_moment_loses_and_doubles_nothing) {
    expect_good_whenever([](performance& all) { all.broker.restart(all.stage); });
}

TEST(replay_stage, a_second_crash_right_after_the_first_loses_and_doubles_nothing) {
    expect_good_whenever([](performance& each) {
        each.broker.restart(each.stage);
        each.broker.step(each.stage);
        each.stage.play(each.now);
        each.broker.restart(each.stage);
    });
}

TEST(replay_stage, a_change_of_owner_at_any_moment_loses_and_doubles_nothing) {
    expect_good_whenever([](performance& all) { all.broker.reassign_all(); });
}

TEST(replay_stage, a_crash_with_a_change_of_owner_loses_and_doubles_nothing) {
    expect_good_whenever([](performance& all) {
        all.broker.restart(all.stage);
        all.broker.reassign_all();
    });
}

TEST(replay_stage, a_refusal_for_the_moment_is_waited_out) {
    performance all;
    all.broker.overloaded = 4;
    all.play();
    const auto report = all.finish();
    EXPECT_TRUE(report.good()) << first_finding(report);
    EXPECT_GT(all.now, 0ms);
}

TEST(replay_stage, a_refusal_for_good_ends_its_conversation_and_counts_as_lost) {
    performance all;
    all.broker.forbidden_text = "hello";
    all.play();
    const auto report = all.finish();
    EXPECT_TRUE(all.stage.over());
    EXPECT_EQ(all.stage.abandoned(), 1U);
    EXPECT_EQ(report.lost, 1U);
    EXPECT_FALSE(report.good());
    EXPECT_NE(first_finding(report).find("was refused: FORBIDDEN"), std::string::npos);
}

TEST(replay_stage, a_line_that_is_not_delivered_stops_the_play_and_is_named) {
    performance all;
    all.broker.dropped_lines = 1;
    all.play();
    EXPECT_FALSE(all.stage.over());
    ASSERT_FALSE(all.stage.missing().empty());
    EXPECT_NE(all.stage.missing().front().find("line 1 was shown to no agent"), std::string::npos) << all.stage.missing().front();
    EXPECT_EQ(all.finish().lost, 1U);
}

TEST(replay_stage, a_line_that_is_delivered_twice_is_found) {
    performance all;
    all.broker.doubled_lines = 1;
    all.play();
    const auto report = all.finish();
    EXPECT_EQ(report.duplicated, 1U);
    EXPECT_FALSE(report.good());
}

TEST(replay_stage, no_more_conversations_are_open_at_once_than_asked_for) {
    auto narrow = together();
    narrow.at_once = 1;
    performance all(narrow);
    all.play([&](int) { ASSERT_LE(all.stage.playing(), 1U); });
    EXPECT_TRUE(all.stage.over());
}

TEST(replay_stage, recorded_times_are_kept_divided_by_the_speed) {
    auto paced = together();
    paced.speed = 10;
    performance all(paced);
    std::vector<elapsed> starts;
    std::size_t begun = 0;
    all.play([&](int) {
        const auto now_begun = all.stage.playing() + all.stage.ended();
        if (std::exchange(begun, now_begun) != now_begun) starts.push_back(all.now);
    });
    EXPECT_EQ(starts, (std::vector<elapsed>{0ms, 100ms, 5'900ms})) << "1 s and 59 s after the first line, at ten times the speed";
    EXPECT_TRUE(all.finish().good());
}

TEST(replay_stage, a_conversation_that_was_open_before_is_taken_up_with_its_owner) {
    performance all;
    all.ledger.existed_before("k1", 2);
    protocol::assigned left_over;
    left_over.conversation = "k1";
    left_over.epoch = 3;
    left_over.buyer = "ann";
    left_over.tail = {{1, "ann", "one", 0}, {2, "ann", "two", 0}};
    all.stage.at_agent("demo:a1", left_over, 0ms);
    all.stage.play(0ms);
    all.stage.at_frontend(protocol::stored{"run-b0", "k1", 3, false}, 0ms);
    all.stage.at_agent("demo:a1", protocol::buyer_line{"k1", 3, "ann", "one", 0}, 0ms);
    const auto& seen = all.ledger.so_far();
    EXPECT_EQ(seen.stored, 1U);
    EXPECT_EQ(seen.delivered, 1U);
    EXPECT_EQ(seen.owner_overlaps, 0U);
    EXPECT_EQ(all.stage.seen("demo:a1"), (std::vector<std::pair<std::string, std::uint64_t>>{{"k1", 3}}));
}

} // namespace
} // namespace fenliu::apps::fenliu
