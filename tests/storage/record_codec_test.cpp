#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "protocol/limits.hpp"
#include "storage/record_codec.hpp"

namespace fenliu::storage {
namespace {

using namespace routing;

/// Strings that records made by a generator may point to; a deque-like store that never moves them.
class strings {
public:
    std::string_view any() {
        held_.push_back(std::make_unique<std::string>(*rc::gen::arbitrary<std::string>()));
        return *held_.back();
    }
    std::vector<std::string_view> several() {
        std::vector<std::string_view> all(*rc::gen::inRange<std::size_t>(0, limits::tags + 1));
        for (auto& each : all)
            each = any();
        return all;
    }

private:
    std::vector<std::unique_ptr<std::string>> held_;
};

template <class Value>
Value any() {
    return *rc::gen::arbitrary<Value>();
}
template <class Enum>
Enum any_of(int values) {
    return static_cast<Enum>(*rc::gen::inRange(0, values));
}
double any_number() { return any<double>(); }
reason any_reason() { return any_of<reason>(static_cast<int>(reason::manual_assign) + 1); }

/// A payload is a record's identity here: what is read back has to give the same bytes, and as many of them.
template <class Record>
void survives(const Record& value) {
    std::string payload, again;
    encode(payload, value);
    record read;
    RC_ASSERT(decode(payload, read));
    RC_ASSERT(std::holds_alternative<Record>(read));
    encode(again, read);
    RC_ASSERT(again == payload);
    for (std::size_t size = 0; size < payload.size(); ++size)
        RC_ASSERT(!decode(std::string_view{payload}.substr(0, size), read));
    RC_ASSERT(!decode(payload + '\0', read));
}

RC_GTEST_PROP(record_codec, shop_made_survives, ()) {
    strings s;
    survives(shop_made{s.any(), any<timestamp_ms>()});
}
RC_GTEST_PROP(record_codec, account_set_survives, ()) {
    strings s;
    survives(account_set{s.any(), s.any(), any<timestamp_ms>(), any<std::uint32_t>(), any<bool>(), any<bool>(), any<bool>(),
                         any_of<protocol::presence>(4), any_number(), s.any()});
}
RC_GTEST_PROP(record_codec, conversation_opened_survives, ()) {
    strings s;
    survives(conversation_opened{any<std::uint64_t>(), s.any(), s.any(), any<timestamp_ms>(), s.several(), s.any(), any<bool>()});
}
RC_GTEST_PROP(record_codec, line_added_survives, ()) {
    strings s;
    survives(
        line_added{any<std::uint64_t>(), any<std::uint64_t>(), any<timestamp_ms>(), any_of<side>(4), s.any(), s.any(), s.any()});
}
RC_GTEST_PROP(record_codec, place_changed_survives, ()) {
    strings s;
    causes passed(*rc::gen::inRange<std::size_t>(0, 12));
    for (auto& each : passed)
        each = any_reason();
    survives(place_changed{any<std::uint64_t>(), any<std::uint64_t>(), any<timestamp_ms>(), any_of<conversation_state>(6),
                           s.any(), any_reason(), passed, any<bool>(), any<bool>(), s.any(), s.any(), any<timestamp_ms>(),
                           any<std::uint8_t>(), any_number(), any_number(), any<bool>()});
}
RC_GTEST_PROP(record_codec, conversation_closed_survives, ()) {
    strings s;
    survives(conversation_closed{any<std::uint64_t>(), any<timestamp_ms>(), s.any()});
}
RC_GTEST_PROP(record_codec, buyer_set_survives, ()) {
    strings s;
    std::vector<crowd_membership> crowds(*rc::gen::inRange<std::size_t>(0, limits::crowds + 1));
    for (auto& each : crowds)
        each = {s.any(), any<timestamp_ms>()};
    survives(buyer_set{s.any(), s.any(), any<timestamp_ms>(), any<bool>(), any<bool>(), s.any(), s.several(), crowds});
}
RC_GTEST_PROP(record_codec, prompt_sent_survives, ()) {
    strings s;
    survives(prompt_sent{s.any(), s.any(), any<timestamp_ms>()});
}
RC_GTEST_PROP(record_codec, note_added_survives, ()) {
    strings s;
    survives(note_added{any<std::uint64_t>(), any<timestamp_ms>(), s.any(), s.any(), s.any(), s.any()});
}
RC_GTEST_PROP(record_codec, conversation_rated_survives, ()) {
    strings s;
    survives(conversation_rated{any<std::uint64_t>(), any<timestamp_ms>(), s.any(), any<std::uint32_t>()});
}
RC_GTEST_PROP(record_codec, order_changed_survives, ()) {
    strings s;
    survives(order_changed{s.any(), s.any(), any<timestamp_ms>(), s.any(), any_of<protocol::order_status>(3), any<std::int64_t>(),
                           s.any()});
}

RC_GTEST_PROP(record_codec, decision_made_survives, ()) {
    strings s;
    decision_made made;
    made.number = any<std::uint64_t>();
    made.shop = s.any();
    made.at = any<timestamp_ms>();
    made.seq = any<std::uint64_t>();
    made.message_id = s.any();
    made.question = any_of<question>(5);
    made.policy_version = any<std::uint32_t>();
    made.seed = any<std::uint64_t>();
    made.rating = any_of<service_rating>(4);
    made.request.state = any_of<conversation_state>(6);
    made.request.entry = any_of<entry_kind>(3);
    made.request.new_today = any<bool>();
    made.request.recent_account = s.any();
    made.request.tags = s.several();
    for (const auto& tag : s.several())
        made.request.crowds.push_back({tag, any<timestamp_ms>(), any<timestamp_ms>()});
    made.outcome = any_of<outcome>(7);
    made.reason = any_reason();
    made.causes = {any_reason(), any_reason()};
    made.agent = s.any();
    made.counted = any<bool>();
    made.failing = any<std::array<std::uint32_t, failings>>();
    made.candidates.push_back({s.any(), any_number(), any<std::uint32_t>(), any<std::uint32_t>(), any<timestamp_ms>()});
    made.declined = s.several();
    survives(made);
}
RC_GTEST_PROP(record_codec, agent_reported_survives, ()) {
    strings s;
    survives(agent_reported{s.any(), s.any(), any<timestamp_ms>(), any<bool>(), any<bool>(), any<bool>(), any<bool>(),
                            any<bool>(), any<bool>(), any<std::uint32_t>(), any<std::uint32_t>(), any<timestamp_ms>()});
}
RC_GTEST_PROP(record_codec, roster_noted_survives, ()) {
    strings s;
    roster_noted noted{s.any(), any<timestamp_ms>(), any<std::uint32_t>(), any<std::uint32_t>(), any_number(), {}, s.several()};
    for (std::size_t i = 0; i < noted_agents; ++i)
        noted.agents.push_back({s.any(), any_number(), any<bool>(), any<bool>(), any<bool>(), any<bool>(), any<bool>(),
                                any<bool>(), any<std::uint32_t>(), any<std::uint32_t>(), any<timestamp_ms>()});
    survives(noted);
}
RC_GTEST_PROP(record_codec, policy_records_survive, ()) {
    strings s;
    survives(policy_part{s.any(), s.any()});
    survives(policy_set{s.any(), any<std::uint32_t>(), any<timestamp_ms>(), s.any(), s.any(), s.any(), s.any()});
    survives(rating_set{s.any(), any<timestamp_ms>(), s.any(), any_of<service_rating>(4), any<timestamp_ms>()});
    survives(buyer_erased{s.any(), s.any(), any<timestamp_ms>(), s.any()});
    survives(history_pruned{s.any(), any<timestamp_ms>(), s.any(), any<timestamp_ms>()});
    survives(admin_acted{s.any(), any<timestamp_ms>(), s.any(), s.any(), s.any()});
    survives(token_revoked{s.any(), any<timestamp_ms>(), s.any(), any<timestamp_ms>()});
}

RC_GTEST_PROP(record_codec, whatever_the_bytes_decoding_them_is_safe, (const std::string& bytes)) {
    record read;
    if (!decode(bytes, read)) return;
    std::string again;
    encode(again, read);
    RC_ASSERT(decode(again, read));
}

RC_GTEST_PROP(record_codec, a_changed_byte_is_refused_or_another_record, ()) {
    strings s;
    std::string payload;
    encode(payload,
           place_changed{.number = any<std::uint64_t>(), .owner = s.any(), .reason = any_reason(), .causes = {any_reason()}});
    payload[*rc::gen::inRange<std::size_t>(0, payload.size())] = static_cast<char>(any<std::uint8_t>());
    record read;
    if (decode(payload, read)) RC_ASSERT(!read.valueless_by_exception());
}

// The exact bytes are part of FORMAT.md: a log of today has to be readable tomorrow.
TEST(record_codec, writes_a_line_as_documented) {
    std::string payload;
    encode(payload, line_added{7, 2, 1'000, side::agent, "a:b", "m1", "hi"});
    EXPECT_EQ(payload, std::string("\x98\x04\x07\x02\xcd\x03\xe8\x01\xa3"
                                   "a:b\xa2m1\xa2hi",
                                   18));
}

TEST(record_codec, writes_reasons_by_their_names) {
    std::string payload;
    encode(payload, place_changed{.number = 1, .reason = reason::assigned_any, .causes = {reason::none_online}});
    EXPECT_NE(payload.find("\xac"
                           "ASSIGNED_ANY\x91\xabNONE_ONLINE"),
              std::string::npos);
}

TEST(record_codec, refuses_what_it_does_not_know) {
    record read;
    using namespace std::string_literals;
    EXPECT_FALSE(decode("", read));
    EXPECT_FALSE(decode("\x90", read)) << "no type";
    EXPECT_FALSE(decode("\x93\x0c\xa1s\x01"s, read)) << "an unknown type";
    EXPECT_FALSE(decode("\x92\x01\xa1s"s, read)) << "a field too few";
    EXPECT_FALSE(decode("\x94\x01\xa1s\x01\x01"s, read)) << "a field too many";
    EXPECT_FALSE(decode("\x93\x01\xc4\x01s\x01"s, read)) << "binary for text";
    EXPECT_FALSE(decode("\x93\x01\xa1s\xa1s"s, read)) << "text for a number";
    EXPECT_TRUE(decode("\x93\x01\xa1s\x01"s, read));
    EXPECT_FALSE(decode("\x98\x04\x07\x02\x01\x04\xa1s\xa1s\xa1s"s, read)) << "a side that is none";
    EXPECT_FALSE(decode("\x98\x04\xff\x02\x01\x01\xa1s\xa1s\xa1s"s, read)) << "a negative number of a conversation";
    EXPECT_FALSE(decode("\xdd\xff\xff\xff\xff"s, read)) << "an array that promises too much";
    EXPECT_FALSE(decode(std::string(2'000, '\x91'), read)) << "nesting without end";
}

TEST(record_batch, strings_payloads_together_with_their_lengths) {
    record_batch batch;
    EXPECT_TRUE(batch.empty());
    batch.add(shop_made{"s", 1});
    batch.add(shop_made{"tt", 2});
    EXPECT_EQ(batch.count(), 2U);
    using namespace std::string_literals;
    EXPECT_EQ(batch.bytes(), "\x05\0\0\0\x93\x01\xa1s\x01\x06\0\0\0\x93\x01\xa2tt\x02"s);
    batch.clear();
    EXPECT_TRUE(batch.empty());
    EXPECT_EQ(batch.bytes(), "");
}

} // namespace
} // namespace fenliu::storage
