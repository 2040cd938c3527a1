#include "apps/fenliu/replay_report.hpp"

#include <gtest/gtest.h>

namespace fenliu::apps::fenliu {
namespace {

replay_report sample() {
    replay_report report;
    report.buyer_messages = report.stored = report.delivered = 50;
    report.conversations = 24;
    report.replies_published = report.replies_delivered = 52;
    report.assigned_by_reason = {{"ASSIGNED_ANY", 22}, {"RECENT", 2}};
    report.latency_ms = {1.2345, 3, 4};
    report.per_agent = {{"demo:a1", 12}, {"demo:a2", 12}};
    report.seconds = 2;
    report.finished = true;
    return report;
}

TEST(replay_report, json_has_the_fields_that_programs_read) {
    const auto value = to_json(sample());
    std::vector<std::string> fields;
    for (const auto& [field, ignored] : value.items())
        fields.push_back(field);
    EXPECT_EQ(fields, (std::vector<std::string>{"buyer_messages", "stored", "delivered", "duplicated", "redelivered", "lost",
                                                "out_of_order", "conversations", "owner_overlaps", "replies_published",
                                                "replies_delivered", "assigned_by_reason", "latency_ms", "per_agent", "seconds",
                                                "bad_lines", "reconnects", "messages_per_s"}));
    EXPECT_EQ(value["latency_ms"].dump(), R"({"p50":1.235,"p99":3.0,"max":4.0})");
    EXPECT_EQ(value["assigned_by_reason"]["RECENT"], 2);
    EXPECT_EQ(value["per_agent"]["demo:a1"], 12);
    EXPECT_EQ(value["messages_per_s"], 25.0);
}

TEST(replay_report, empty_maps_stay_objects) {
    const auto value = to_json({});
    EXPECT_TRUE(value["assigned_by_reason"].is_object());
    EXPECT_TRUE(value["per_agent"].is_object());
    EXPECT_EQ(value["messages_per_s"], 0.0);
}

TEST(replay_report, each_broken_promise_makes_it_bad) {
    EXPECT_TRUE(sample().good());
    for (const auto figure :
         {&replay_report::lost, &replay_report::duplicated, &replay_report::out_of_order, &replay_report::owner_overlaps}) {
        auto report = sample();
        report.*figure = 1;
        EXPECT_FALSE(report.good());
    }
    auto stopped = sample();
    stopped.finished = false;
    EXPECT_FALSE(stopped.good());
}

TEST(replay_report, repeats_after_a_lost_session_and_bad_lines_break_no_promise) {
    auto report = sample();
    report.redelivered = report.bad_lines = report.reconnects = 3;
    EXPECT_TRUE(report.good());
}

TEST(replay_report, the_summary_says_in_words_how_it_went) {
    EXPECT_NE(render(sample()).find("All 50 buyer messages were stored"), std::string::npos);
    auto broken = sample();
    broken.lost = 1;
    EXPECT_NE(render(broken).find("broke its promises"), std::string::npos);
    broken.finished = false;
    EXPECT_NE(render(broken).find("did not come to its end"), std::string::npos);
}

TEST(latency_of, gives_nearest_ranks) {
    std::vector<double> values;
    for (int at = 100; at > 0; --at)
        values.push_back(at);
    const auto figures = latency_of(values);
    EXPECT_EQ(figures.p50, 50);
    EXPECT_EQ(figures.p99, 99);
    EXPECT_EQ(figures.max, 100);
    std::vector<double> one{7};
    EXPECT_EQ(latency_of(one).p50, 7);
    std::vector<double> none;
    EXPECT_EQ(latency_of(none).max, 0);
}

} // namespace
} // namespace fenliu::apps::fenliu
