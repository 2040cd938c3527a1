#include "apps/fenliu/replay_progress.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace fenliu::apps::fenliu {
namespace {

progress_view sample() {
    progress_view view;
    view.time = std::chrono::seconds(65);
    view.conversations = 24;
    view.ended = 6;
    view.playing = 12;
    view.figures.buyer_messages = 55;
    view.figures.stored = 40;
    view.figures.delivered = 39;
    view.figures.replies_published = 30;
    view.figures.replies_delivered = 29;
    view.accounts["demo"] = {};
    view.accounts["demo:a1"] = {7, 3, 20};
    view.accounts["demo:a2"] = {6, 2, 9};
    return view;
}

TEST(replay_progress, one_line_tells_how_far_it_is) {
    EXPECT_EQ(render_line(sample()),
              "01:05  conversations 6/24, 12 open   lines stored 40/55, delivered 39   answers back 29/30");
}

TEST(replay_progress, the_table_has_a_row_for_each_agent_and_none_for_an_idle_main) {
    const auto text = render_table(sample(), 10);
    EXPECT_NE(text.find("demo:a1     3              7       20\n"), std::string::npos) << text;
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
}

TEST(replay_progress, many_agents_are_shown_by_shop) {
    auto view = sample();
    view.accounts["other:a1"] = {1, 1, 1};
    const auto text = render_table(view, 2);
    EXPECT_NE(text.find("shop"), std::string::npos);
    EXPECT_NE(text.find("demo      5             13       29\n"), std::string::npos) << text;
}

TEST(replay_progress, what_does_not_fit_is_counted) {
    auto view = sample();
    for (const auto* shop : {"a", "b", "c"})
        view.accounts[shop] = {1, 1, 1};
    EXPECT_NE(render_table(view, 2).find("and 2 more\n"), std::string::npos);
}

} // namespace
} // namespace fenliu::apps::fenliu
