#include "actors/buyer_session.hpp"

#include "lane_world.hpp"

namespace fenliu::tests {
namespace {

using namespace protocol;
using std::chrono::milliseconds;
using std::chrono::minutes;
using kinds_of = std::vector<std::uint32_t>;

struct buyer_session : lane_world {};

TEST_F(buyer_session, a_first_line_is_stored_routed_and_delivered) {
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "hello", {.msg_id = "m1"});
    const auto kept = one<stored>(shopfront);
    EXPECT_EQ(kept.msg_id, "m1");
    EXPECT_EQ(kept.seq, 1U);
    EXPECT_FALSE(kept.duplicate);
    const auto award = one<assigned>(amy);
    EXPECT_EQ(award.conversation, kept.conversation);
    EXPECT_EQ(award.epoch, 1U);
    EXPECT_EQ(award.reason, "ASSIGNED_ANY");
    EXPECT_TRUE(award.tail.empty());
    const auto line = one<buyer_line>(amy);
    EXPECT_EQ(line.seq, 1U);
    EXPECT_EQ(line.text, "hello");
    const auto told = one<routed>(shopfront);
    EXPECT_EQ(told.agent, "acme:amy");
    EXPECT_EQ(egress->processed[shopfront], 1U);
}

TEST_F(buyer_session, nothing_is_visible_before_it_is_durable) {
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    store->hold();
    publish(shopfront, "alice", "hello");
    EXPECT_TRUE(egress->sent.empty());
    EXPECT_EQ(egress->processed[shopfront], 0U);
    store->sync();
    EXPECT_EQ(kinds(shopfront), (kinds_of{20, 21}));
    EXPECT_EQ(kinds(amy), (kinds_of{40, 42}));
}

TEST_F(buyer_session, lines_of_an_open_conversation_go_straight_to_the_owner) {
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    forget();
    publish(shopfront, "alice", "two");
    EXPECT_EQ(kinds(amy), (kinds_of{42}));
    EXPECT_EQ(kinds(shopfront), (kinds_of{20}));
}

TEST_F(buyer_session, a_duplicate_answers_the_original_and_routes_nothing) {
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one", {.msg_id = "x"});
    forget();
    const auto before = store->count();
    publish(shopfront, "alice", "one", {.msg_id = "x"});
    const auto again = one<stored>(shopfront);
    EXPECT_TRUE(again.duplicate);
    EXPECT_EQ(again.seq, 1U);
    EXPECT_EQ(kinds(amy), kinds_of{});
    EXPECT_EQ(store->count(), before);
}

TEST_F(buyer_session, an_id_used_for_other_words_is_refused) {
    start();
    agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one", {.msg_id = "x"});
    const auto before = store->count();
    publish(shopfront, "alice", "other", {.msg_id = "x"});
    const auto refused = one<error>(shopfront);
    EXPECT_EQ(refused.code, "ID_REUSED");
    EXPECT_EQ(refused.ref, "x");
    EXPECT_EQ(store->count(), before);
}

TEST_F(buyer_session, an_answer_reaches_every_frontend_that_follows_the_buyer) {
    start();
    const auto amy = agent("acme:amy");
    const auto first = frontend(), second = frontend(), stranger = frontend();
    publish(first, "alice", "one");
    send(second, attach{"acme", "alice", {}, 0});
    const auto award = one<assigned>(amy);
    send(amy, say{"a1", award.conversation, 1, "hi"});
    EXPECT_EQ(one<said>(amy).seq, 2U);
    EXPECT_EQ(one<reply>(first).text, "hi");
    EXPECT_EQ(one<reply>(second).from, "acme:amy");
    EXPECT_EQ(kinds(stranger), kinds_of{});
}

TEST_F(buyer_session, attach_brings_the_replies_above_a_position_first) {
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    const auto award = one<assigned>(amy);
    send(amy, say{"a1", award.conversation, 1, "hi"});
    send(amy, say{"a2", award.conversation, 1, "again"});
    const auto late = frontend();
    send(late, attach{"acme", "alice", award.conversation, 2});
    EXPECT_EQ(one<reply>(late).seq, 3U);
}

TEST_F(buyer_session, attach_follows_a_buyer_of_a_shop_that_was_not_known_before) {
    start();
    const auto waiting = frontend();
    send(waiting, attach{"acme", "alice", {}, 0});
    const auto amy = agent("acme:amy");
    publish(frontend(), "alice", "one");
    send(amy, say{"a1", one<assigned>(amy).conversation, 1, "hi"});
    EXPECT_EQ(one<reply>(waiting).text, "hi");
}

TEST_F(buyer_session, attach_repeats_nothing_that_came_live) {
    start();
    const auto amy = agent("acme:amy");
    publish(frontend(), "alice", "one");
    const auto award = one<assigned>(amy);
    send(amy, say{"a1", award.conversation, 1, "missed"});
    const auto late = frontend();
    publish(late, "alice", "two");
    send(amy, say{"a2", award.conversation, 1, "live"});
    EXPECT_EQ(one<reply>(late).text, "live");
    send(late, attach{"acme", "alice", award.conversation, 0});
    EXPECT_EQ(one<reply>(late).text, "missed");
    send(late, attach{"acme", "alice", award.conversation, 0});
    EXPECT_TRUE(take<reply>(late).empty());
}

TEST_F(buyer_session, a_forward_moves_the_conversation_with_its_history_in_one_record) {
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    const auto award = one<assigned>(amy);
    send(amy, say{"a1", award.conversation, 1, "hi"});
    const auto bob = agent("acme:bob");
    forget();
    const auto before = store->count_of<routing::place_changed>();
    send(amy, forward{"f", award.conversation, 1, "acme:bob", "she wants a refund"});
    EXPECT_EQ(store->count_of<routing::place_changed>(), before + 1);
    EXPECT_EQ(one<result>(amy).code, "OK");
    const auto taken = one<unassigned>(amy);
    EXPECT_EQ(taken.epoch, 1U);
    const auto moved = one<assigned>(bob);
    EXPECT_EQ(moved.epoch, 2U);
    EXPECT_EQ(moved.reason, "FORWARDED");
    ASSERT_EQ(moved.tail.size(), 2U);
    EXPECT_EQ(moved.tail[0].text, "one");
    EXPECT_EQ(moved.tail[1].from, "acme:amy");
    EXPECT_TRUE(take<buyer_line>(bob).empty()) << "a later owner gets old lines in the tail only";
    send(amy, say{"a2", award.conversation, 1, "too late"});
    EXPECT_EQ(one<error>(amy).code, "STALE_EPOCH");
}

TEST_F(buyer_session, a_forward_to_an_offline_or_suspended_account_is_rejected_and_the_owner_stays) {
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    const auto award = one<assigned>(amy);
    const auto bob = hello("acme:bob");
    send(amy, forward{"f1", award.conversation, 1, "acme:bob", {}});
    auto answer = one<result>(amy);
    EXPECT_EQ(answer.code, "FORWARD_REJECTED");
    EXPECT_EQ(answer.detail, "acme:bob is offline");
    presence(bob, presence::suspended);
    send(amy, forward{"f2", award.conversation, 1, "acme:bob", {}});
    EXPECT_EQ(one<result>(amy).detail, "acme:bob is suspended");
    send(amy, say{"a1", award.conversation, 1, "still mine"});
    EXPECT_EQ(one<said>(amy).seq, 2U);
}

TEST_F(buyer_session, a_close_ends_the_conversation_and_the_next_line_opens_another) {
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    const auto award = one<assigned>(amy);
    forget();
    send(amy, close{"c", award.conversation, 1});
    EXPECT_EQ(one<unassigned>(amy).cause, "closed");
    EXPECT_EQ(one<result>(amy).code, "OK");
    send(amy, say{"a1", award.conversation, 1, "one more thing"});
    EXPECT_EQ(one<error>(amy).code, "EXPIRED");
    publish(shopfront, "alice", "two");
    const auto next = one<assigned>(amy);
    EXPECT_NE(next.conversation, award.conversation);
    EXPECT_EQ(next.reason, "RECENT");
    EXPECT_TRUE(next.returning);
}

TEST_F(buyer_session, a_line_sent_again_after_the_close_is_answered_as_it_was) {
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one", {.msg_id = "x"});
    const auto award = one<assigned>(amy);
    send(amy, close{"c", award.conversation, 1});
    forget();
    publish(shopfront, "alice", "one", {.msg_id = "x"});
    const auto again = one<stored>(shopfront);
    EXPECT_TRUE(again.duplicate);
    EXPECT_EQ(again.conversation, award.conversation);
    EXPECT_EQ(kinds(amy), kinds_of{});
}

TEST_F(buyer_session, silence_after_an_answer_ends_it_and_silence_without_one_never_does) {
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    publish(shopfront, "ben", "nobody answers me");
    const auto award = take<assigned>(amy).front();
    send(amy, say{"a1", award.conversation, 1, "hi"});
    forget();
    pass(minutes{10} - milliseconds{500});
    EXPECT_TRUE(take<unassigned>(amy).empty());
    pass(milliseconds{1'000});
    EXPECT_EQ(one<unassigned>(amy).conversation, award.conversation);
    pass(minutes{30});
    EXPECT_TRUE(take<unassigned>(amy).empty());
}

TEST_F(buyer_session, an_unknown_shop_or_account_is_not_found_where_nothing_is_made_on_first_use) {
    routing::shop_settings acme{"acme", {}, {{"acme:amy"}}};
    start(false, {acme});
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one", {.shop = "other"});
    EXPECT_EQ(one<error>(shopfront).code, "NOT_FOUND");
    publish(shopfront, "alice", "one", {.to = "acme:zoe"});
    EXPECT_EQ(one<error>(shopfront).code, "NOT_FOUND");
    send(shopfront, attach{"other", "alice", {}, 0});
    EXPECT_EQ(one<error>(shopfront).ref, "other");
    const auto zoe = hello("acme:zoe");
    EXPECT_EQ(egress->admitted[zoe], errc::not_found);
    const auto amy = hello("acme:amy");
    EXPECT_EQ(egress->admitted[amy], errc::ok);
}

TEST_F(buyer_session, a_full_width_colon_is_rejected_with_a_remedy) {
    start();
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one", {.to = "acme：amy"});
    const auto refused = one<error>(shopfront);
    EXPECT_EQ(refused.code, "REJECT_ACCOUNT");
    EXPECT_NE(refused.text.find("half-width"), std::string_view::npos) << refused.text;
}

TEST_F(buyer_session, a_buyer_that_leaves_frees_its_agent) {
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    forget();
    send(shopfront, buyer_left{"acme", "alice", "r"});
    EXPECT_EQ(one<result>(shopfront).code, "OK");
    EXPECT_EQ(one<unassigned>(amy).cause, "closed");
}

TEST_F(buyer_session, notes_come_from_owners_and_are_kept_once) {
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    const auto award = one<assigned>(amy);
    send(amy, note{"n", award.conversation, "red", "call back"});
    send(amy, note{"n", award.conversation, "red", "call back"});
    EXPECT_EQ(take<result>(amy).size(), 2U);
    EXPECT_EQ(store->count_of<routing::note_added>(), 1U);
    const auto bob = agent("acme:bob");
    send(bob, note{"n", award.conversation, "red", "mine?"});
    EXPECT_EQ(one<result>(bob).code, "FORBIDDEN");
}

TEST_F(buyer_session, ratings_and_orders_are_journaled_and_answered) {
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    send(shopfront, rating{"acme", "alice", 5, "r1"});
    send(shopfront, order_event{"acme", "alice", "o1", order_status::paid, 1'990, "r2"});
    send(shopfront, rating{"acme", "nobody", 5, "r3"});
    const auto answers = take<result>(shopfront);
    ASSERT_EQ(answers.size(), 3U);
    EXPECT_EQ(answers[0].code, "OK");
    EXPECT_EQ(answers[1].code, "OK");
    EXPECT_EQ(answers[2].code, "NOT_FOUND");
    EXPECT_EQ(store->count_of<routing::order_changed>(), 1U);
    (void)amy;
}

TEST_F(buyer_session, history_shows_main_everything_and_a_sub_what_it_owned) {
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    publish(shopfront, "alice", "two");
    const auto main = agent("acme");
    const auto bob = agent("acme:bob");
    const auto rows = [&](link_id link, history_scope scope, std::uint32_t limit, std::string_view cursor = {}) {
        send(link, history_request{"h", "alice", cursor, limit, scope});
        return one<history_page>(link);
    };
    EXPECT_EQ(std::get<0>(rows(main, history_scope::all, 10).rows).size(), 2U);
    EXPECT_EQ(std::get<0>(rows(amy, history_scope::own, 10).rows).size(), 2U);
    EXPECT_EQ(std::get<0>(rows(bob, history_scope::all, 10).rows).size(), 0U);
    EXPECT_EQ(std::get<1>(rows(bob, history_scope::exists, 10).rows).at(0).account, "acme:amy");
    const auto newest = rows(main, history_scope::all, 1);
    EXPECT_EQ(std::get<0>(newest.rows).at(0).text, "two");
    const auto older = rows(main, history_scope::all, 1, newest.cursor);
    EXPECT_EQ(std::get<0>(older.rows).at(0).text, "one");
    EXPECT_TRUE(older.cursor.empty());
}

TEST_F(buyer_session, lets_go_of_lines_that_the_archive_has_and_nobody_needs) {
    start();
    const auto shopfront = frontend();
    constexpr std::uint64_t lines = limits::dedupe_lines + 100;
    for (std::uint64_t i = 1; i <= lines; ++i)
        publish(shopfront, "alice", "line");
    const auto tell = [&](std::uint64_t archived) {
        std::uint64_t first_held = 0;
        in_lane([&](actors::lane& lane) {
            auto& session = *lane.find_shop("acme")->buyers.at("alice").current;
            session.on_archived({.number = session.value().number, .lines = archived});
            first_held = session.value().transcript.first_held();
        });
        return first_held;
    };
    EXPECT_EQ(tell(lines), 1U) << "the owner is to get them";
    const auto main = agent("acme");
    EXPECT_EQ(take<buyer_line>(main).size(), lines);
    EXPECT_EQ(tell(40), 41U) << "the archive has no more";
    std::shared_ptr<const void> joining;
    in_lane([&](actors::lane& lane) { joining = lane.find_shop("acme")->buyers.at("alice").join_lines(); });
    EXPECT_EQ(tell(lines), 41U) << "somebody joins them with what was read before";
    joining.reset();
    EXPECT_EQ(tell(lines), lines - limits::dedupe_lines + 1);
}

TEST_F(buyer_session, live_events_are_published_for_subscribers) {
    start();
    agent("acme:amy");
    publish(frontend(), "alice", "one");
    const auto& topics = egress->topics;
    EXPECT_NE(std::find(topics.begin(), topics.end(), "shop/acme/presence"), topics.end());
    EXPECT_NE(std::find(topics.begin(), topics.end(), "shop/acme/message"), topics.end());
    EXPECT_NE(std::find(topics.begin(), topics.end(), "shop/acme/assigned"), topics.end());
}

} // namespace
} // namespace fenliu::tests
