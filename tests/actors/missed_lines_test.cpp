#include <algorithm>
#include <numeric>
#include <vector>

#include "actors/buyer_session.hpp"
#include "lane_world.hpp"

namespace fenliu::tests {
namespace {

using namespace protocol;

struct missed_lines : lane_world {};

TEST_F(missed_lines, come_to_an_owner_in_turns_with_others) {
    start();
    const auto shopfront = frontend();
    constexpr std::size_t lines = 3 * limits::turn_delivered;
    for (std::size_t i = 0; i < lines; ++i)
        publish(shopfront, "alice", "line");
    forget();
    link_id main = 0;
    together([&] {
        main = hello("acme");
        publish(shopfront, "bob", "hello");
    });
    const auto lines_until = [&](const auto& end) {
        return std::count_if(egress->sent.begin(), end, [](const auto& each) {
            const auto* line = std::get_if<buyer_line>(&each.message);
            return line != nullptr && line->buyer == "alice";
        });
    };
    const auto stored_for_bob = std::ranges::find_if(
        egress->sent, [](const auto& each) { return std::holds_alternative<protocol::stored>(each.message); });
    EXPECT_EQ(lines_until(stored_for_bob), limits::turn_delivered);
    EXPECT_EQ(lines_until(egress->sent.end()), lines);
    EXPECT_EQ(egress->owed[main], lines / limits::turn_delivered) << "all of it may go beyond its outbox's bound";
    publish(shopfront, "alice", "and one that came later");
    EXPECT_EQ(egress->owed[main], lines / limits::turn_delivered);
}

TEST_F(missed_lines, go_on_coming_to_who_answers_before_the_last) {
    start();
    const auto shopfront = frontend();
    publish(shopfront, "alice", "line");
    const auto conversation = one<stored>(shopfront).conversation;
    constexpr std::size_t lines = 3 * limits::turn_delivered;
    for (std::size_t i = 1; i < lines; ++i)
        publish(shopfront, "alice", "line");
    link_id main = 0;
    together([&] {
        main = hello("acme");
        send(main, say{"s1", conversation, 1, "one moment"});
    });
    EXPECT_EQ(one<said>(main).seq, lines + 1);
    std::vector<std::uint64_t> found, all(lines);
    for (const auto& each : take<buyer_line>(main))
        found.push_back(each.seq);
    std::iota(all.begin(), all.end(), 1U);
    EXPECT_EQ(found, all);
}

} // namespace
} // namespace fenliu::tests
