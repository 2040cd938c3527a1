#include <algorithm>
#include <numeric>
#include <vector>

#include "actors/buyer_session.hpp"
#include "lane_world.hpp"

namespace fenliu::tests {
namespace {

using namespace protocol;

struct missed_lines : lane_world {
    std::vector<std::uint64_t> taken(link_id link) {
        std::vector<std::uint64_t> found;
        for (const auto& each : take<buyer_line>(link))
            found.push_back(each.seq);
        return found;
    }
    static std::vector<std::uint64_t> from_to(std::uint64_t first, std::uint64_t last) {
        std::vector<std::uint64_t> all(last - first + 1);
        std::iota(all.begin(), all.end(), first);
        return all;
    }
};

/// An owner has been sent more lines than dedupe keeps, and the archive has them.
struct lines_of_the_archive : missed_lines {
    lines_of_the_archive() {
        start();
        const auto first = agent("acme");
        for (std::uint64_t i = 0; i < lines; ++i)
            publish(shopfront, "alice", "line");
        EXPECT_EQ(taken(first), from_to(1, lines));
        conversation = take<stored>(shopfront).at(0).conversation;
        in_lane([](actors::lane& lane) {
            auto& session = *lane.find_shop("acme")->buyers.at("alice").current;
            session.on_archived({.number = session.value().number, .lines = lines});
            EXPECT_EQ(session.value().transcript.first_held(), lines - limits::dedupe_lines + 1);
        });
    }
    link_id come_back(std::uint64_t seen) { return hello("acme", {{std::string{conversation}, seen}}); }

    static constexpr std::uint64_t lines = 3 * limits::dedupe_lines;
    link_id shopfront = frontend();
    std::string_view conversation;
};

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
    EXPECT_EQ(taken(main), from_to(1, lines));
}

TEST_F(missed_lines, wait_while_their_owner_has_others_to_read) {
    start();
    const auto shopfront = frontend();
    const auto main = agent("acme");
    publish(shopfront, "alice", "one");
    const auto conversation = one<stored>(shopfront).conversation;
    EXPECT_EQ(taken(main), from_to(1, 1));
    deliver({transport::link_full{main}});
    publish(shopfront, "alice", "two");
    publish(shopfront, "alice", "three");
    EXPECT_EQ(taken(main), from_to(1, 0));
    send(main, say{"s1", conversation, 1, "one moment"});
    EXPECT_EQ(one<said>(main).seq, 4u);
    deliver({transport::link_roomy{main}});
    EXPECT_EQ(taken(main), from_to(2, 3));
    publish(shopfront, "alice", "five");
    EXPECT_EQ(taken(main), from_to(5, 5));
    deliver({transport::link_full{main}});
    publish(shopfront, "alice", "six");
    EXPECT_EQ(taken(hello("acme", {{std::string{conversation}, 4}})), from_to(5, 6)) << "another session has room of its own";
}

TEST_F(missed_lines, end_before_those_that_history_alone_has) {
    start();
    const auto shopfront = frontend();
    constexpr std::uint64_t more = 10;
    for (std::uint64_t i = 0; i < limits::undelivered_lines + more; ++i)
        publish(shopfront, "alice", "line");
    EXPECT_EQ(taken(agent("acme")), from_to(more + 1, limits::undelivered_lines + more));
}

TEST_F(lines_of_the_archive, come_to_an_owner_who_never_read_them) {
    store->archive();
    const auto again = come_back(10);
    EXPECT_EQ(taken(again), from_to(11, lines));
    EXPECT_GE(egress->owed[again], lines / limits::page_lines) << "all of it may go beyond its outbox's bound";
    publish(shopfront, "alice", "and one that came later");
    EXPECT_EQ(taken(again), from_to(lines + 1, lines + 1));
}

TEST_F(lines_of_the_archive, come_before_what_is_said_while_they_are_read) {
    store->archive();
    store->hold_reads();
    const auto again = come_back(10);
    publish(shopfront, "alice", "one that came meanwhile");
    EXPECT_EQ(taken(again), from_to(1, 0));
    store->read();
    run();
    EXPECT_EQ(taken(again), from_to(11, lines + 1));
}

TEST_F(lines_of_the_archive, are_for_the_session_that_is_there_when_they_are_read) {
    store->archive();
    store->hold_reads();
    const auto again = come_back(10), yet_again = come_back(500);
    store->read();
    run();
    EXPECT_EQ(taken(again), from_to(1, 0));
    EXPECT_EQ(taken(yet_again), from_to(501, lines));
}

TEST_F(lines_of_the_archive, are_passed_over_where_it_has_none) {
    EXPECT_EQ(taken(come_back(10)), from_to(lines - limits::dedupe_lines + 1, lines));
}

} // namespace
} // namespace fenliu::tests
