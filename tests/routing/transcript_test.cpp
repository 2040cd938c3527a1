#include "routing/transcript.hpp"

#include <gtest/gtest.h>

#include "protocol/limits.hpp"

namespace fenliu::routing {
namespace {

void add(transcript& lines, std::string msg_id, std::string text = "text") {
    lines.append({1, lines.last_seq() + 1, 5, side::buyer, "alice", msg_id, text});
}

TEST(transcript, gives_back_every_field) {
    transcript lines;
    lines.append({1, 1, 42, side::agent, "acme:小美", "id-1", "您好"});
    const auto line = lines.at(1);
    ASSERT_TRUE(line);
    EXPECT_EQ(line->at, 42);
    EXPECT_EQ(line->side, side::agent);
    EXPECT_EQ(line->from, "acme:小美");
    EXPECT_EQ(line->msg_id, "id-1");
    EXPECT_EQ(line->text, "您好");
    EXPECT_FALSE(lines.at(0));
    EXPECT_FALSE(lines.at(2));
}

TEST(transcript, keeps_texts_up_to_the_limit) {
    transcript lines;
    add(lines, std::string(limits::id_bytes, 'i'), std::string(limits::string_bytes, 'x'));
    EXPECT_EQ(lines.at(1)->text.size(), limits::string_bytes);
}

TEST(transcript, finds_an_id_by_its_sender_within_the_dedupe_horizon) {
    transcript lines;
    for (std::size_t i = 0; i <= limits::dedupe_lines; ++i)
        add(lines, "m" + std::to_string(i));
    EXPECT_FALSE(lines.find("alice", "m0")) << "one beyond the horizon";
    EXPECT_EQ(lines.find("alice", "m1")->seq, 2U);
    EXPECT_FALSE(lines.find("bob", "m1"));
}

TEST(transcript, finds_every_id_of_the_horizon_however_long_the_conversation) {
    transcript lines;
    const auto id = [](std::uint64_t seq) { return "m" + std::to_string(seq); };
    for (std::uint64_t seq = 1; seq <= 4 * limits::dedupe_lines; ++seq) {
        add(lines, id(seq));
        const std::uint64_t oldest = seq - std::min<std::uint64_t>(seq, limits::dedupe_lines) + 1;
        for (const std::uint64_t each : {oldest, (oldest + seq) / 2, seq}) {
            const auto found = lines.find("alice", id(each));
            ASSERT_TRUE(found) << each << " of " << seq;
            ASSERT_EQ(found->seq, each);
        }
        if (oldest > 1) {
            ASSERT_FALSE(lines.find("alice", id(oldest - 1)));
        }
        ASSERT_FALSE(lines.find("alice", id(seq + 1)));
    }
}

TEST(transcript, forgets_what_is_dropped_and_keeps_its_numbers) {
    transcript lines;
    for (int i = 1; i <= 5; ++i)
        add(lines, "m" + std::to_string(i), "t" + std::to_string(i));
    lines.drop_below(4);
    EXPECT_EQ(lines.first_held(), 4U);
    EXPECT_EQ(lines.last_seq(), 5U);
    EXPECT_FALSE(lines.at(3));
    EXPECT_EQ(lines.at(4)->text, "t4");
    add(lines, "m6");
    EXPECT_EQ(lines.at(6)->msg_id, "m6");
    lines.drop_below(100);
    EXPECT_EQ(lines.first_held(), 7U);
}

TEST(transcript, is_the_same_whatever_was_dropped_before) {
    constexpr std::uint64_t lines_in_all = 1'000;
    for (const std::uint64_t first : {1U, 2U, 127U, 128U, 129U, 130U, 256U, 257U, 999U, 1'000U, 1'001U}) {
        transcript lines;
        for (std::uint64_t i = 1; i <= lines_in_all; ++i) {
            add(lines, "m" + std::to_string(i), "t" + std::to_string(i));
            if (i == lines_in_all / 2) lines.drop_below(std::min(first, i));
        }
        lines.drop_below(first);
        ASSERT_EQ(lines.first_held(), first);
        ASSERT_EQ(lines.last_seq(), lines_in_all);
        for (std::uint64_t i = 1; i <= lines_in_all; ++i) {
            const auto held = lines.at(i), found = lines.find("alice", "m" + std::to_string(i));
            ASSERT_EQ(held.has_value(), i >= first) << i;
            ASSERT_EQ(found.has_value(), i >= first) << i;
            if (!held) continue;
            ASSERT_EQ(held->text, "t" + std::to_string(i));
            ASSERT_EQ(found->seq, i);
        }
    }
}

} // namespace
} // namespace fenliu::routing
