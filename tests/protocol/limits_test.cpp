#include <gtest/gtest.h>

#include "protocol/limits.hpp"
#include "tests/protocol/frame.hpp"

namespace fenliu::protocol {
namespace {

using nlohmann::json;

/// A field of a message that is otherwise good.
struct field_case {
    json message;
    const char* place; ///< JSON pointer
    const char* what;
    std::size_t limit = 0;

    [[nodiscard]] std::string with(const json& value) const {
        json changed = message;
        changed[json::json_pointer(place)] = value;
        return packed(changed);
    }
};

void PrintTo(const field_case& field, std::ostream* out) { *out << field.what; }

const json publish_of = {10, "m-1", "acme", "b", "hi", json::object()};
const json hello_of = {1, 1, "agent", "", {{"resume", {{"session", "s"}}}, {"seen", json::array({json::array({"c-1", 1})})}}};
const json order_of = {13, "acme", "b", "o-1", "paid", 1, "r-1"};
const json assigned_of = {40, "c-1", 1, "b", "QUEUED", {{"tail", {{1, "b", "hi", 5}}}, {"tags", {"t"}}}};
const json page_of = {43, "r-1", {{"c-1", 1, "b", "hi", 5}}, nullptr};
const json colleagues_of = {43, "r-1", {{"acme:amy", 1, 5}}, nullptr};

void expect_accepted(const std::string& bytes) {
    const decoded frame(bytes);
    ASSERT_TRUE(frame.outcome().whole) << frame.outcome().what;
    ASSERT_EQ(frame.messages().size(), 1U);
    if (const auto* bad = std::get_if<rejected>(&frame.messages()[0])) ADD_FAILURE() << bad->what;
}

void expect_rejected(const std::string& bytes, errc code, const char* what) {
    const decoded frame(bytes);
    const auto& bad = frame.only<rejected>();
    EXPECT_EQ(name(bad.code), name(code));
    EXPECT_STREQ(bad.what, what);
}

class text_limit : public testing::TestWithParam<field_case> {};

TEST_P(text_limit, a_text_at_its_limit_is_accepted_and_one_byte_more_is_malformed) {
    expect_accepted(GetParam().with(std::string(GetParam().limit, 'x')));
    expect_rejected(GetParam().with(std::string(GetParam().limit + 1, 'x')), errc::malformed, GetParam().what);
}

TEST_P(text_limit, a_number_for_a_text_is_malformed) { expect_rejected(GetParam().with(1), errc::malformed, GetParam().what); }

TEST_P(text_limit, a_text_over_16_kib_is_too_large) {
    expect_rejected(GetParam().with(std::string(limits::string_bytes + 1, 'x')), errc::too_large, GetParam().what);
}

INSTANTIATE_TEST_SUITE_P(
    codec, text_limit,
    testing::Values(
        field_case{publish_of, "/1", "publish.msg_id", 36}, field_case{publish_of, "/2", "publish.shop", 64},
        field_case{publish_of, "/3", "publish.buyer", 64}, field_case{publish_of, "/5/to", "publish.to", 129},
        field_case{publish_of, "/5/entry", "publish.entry", 128}, field_case{publish_of, "/5/page", "publish.page", 128},
        field_case{publish_of, "/5/group", "publish.group", 128}, field_case{publish_of, "/5/product", "publish.product", 128},
        field_case{publish_of, "/5/order", "publish.order", 128}, field_case{publish_of, "/5/region", "publish.region", 128},
        field_case{publish_of, "/5/level", "publish.level", 128}, field_case{publish_of, "/5/lang", "publish.lang", 128},
        field_case{hello_of, "/4/shop", "hello.shop", 64}, field_case{hello_of, "/4/account", "hello.account", 129},
        field_case{hello_of, "/4/device", "hello.device", 128},
        field_case{hello_of, "/4/resume/session", "hello.resume.session", 128},
        field_case{hello_of, "/4/seen/0/0", "hello.seen", 36}, field_case{order_of, "/3", "order_event.order_id", 128},
        field_case{order_of, "/6", "order_event.request_id", 36},
        field_case{{11, "acme", "b", "r"}, "/3", "buyer_left.request_id", 36},
        field_case{{14, "acme", "b", "c", 1}, "/3", "attach.conversation", 36},
        field_case{{30, "online", "r"}, "/2", "presence_change.request_id", 36},
        field_case{{31, "m", "c", 1, "hi"}, "/2", "say.conversation", 36},
        field_case{{32, "r", "c", 1, "to", "note"}, "/4", "forward.to", 134},
        field_case{{34, "r", "b", "cursor", 1, "own"}, "/3", "history_request.cursor", 128},
        field_case{{36, "r", "c", "flag", "text"}, "/3", "note.flag", 128},
        field_case{{50, "r", "verb"}, "/2", "admin_request.verb", 128},
        field_case{{6, "CODE", false, 0, "ref", "text"}, "/4", "error.ref", 36},
        field_case{assigned_of, "/5/tags/0", "assigned.tags", 128}, field_case{assigned_of, "/5/tail/0/1", "assigned.tail", 129},
        field_case{page_of, "/2/0/0", "history_page.rows", 36}, field_case{colleagues_of, "/2/0/0", "history_page.rows", 129}));

class required_text : public testing::TestWithParam<field_case> {};

TEST_P(required_text, an_empty_or_missing_one_is_malformed) {
    expect_rejected(GetParam().with(""), errc::malformed, GetParam().what);
    expect_rejected(GetParam().with(nullptr), errc::malformed, GetParam().what);
}

INSTANTIATE_TEST_SUITE_P(
    codec, required_text,
    testing::Values(
        field_case{publish_of, "/1", "publish.msg_id"}, field_case{publish_of, "/2", "publish.shop"},
        field_case{publish_of, "/3", "publish.buyer"}, field_case{{11, "acme", "b", "r"}, "/3", "buyer_left.request_id"},
        field_case{{12, "acme", "b", 5, "r"}, "/4", "rating.request_id"}, field_case{order_of, "/3", "order_event.order_id"},
        field_case{order_of, "/4", "order_event.status"}, field_case{{14, "acme", "b"}, "/2", "attach.buyer"},
        field_case{{30, "online", "r"}, "/1", "presence_change.state"}, field_case{{31, "m", "c", 1, "hi"}, "/1", "say.msg_id"},
        field_case{{31, "m", "c", 1, "hi"}, "/2", "say.conversation"}, field_case{{32, "r", "c", 1, "to"}, "/4", "forward.to"},
        field_case{{33, "r", "c", 1}, "/2", "close.conversation"}, field_case{{34, "r", "b"}, "/2", "history_request.buyer"},
        field_case{{35, "r", "c"}, "/2", "pick.conversation"}, field_case{{36, "r", "c"}, "/1", "note.request_id"},
        field_case{{50, "r", "verb"}, "/2", "admin_request.verb"}, field_case{hello_of, "/2", "hello.role"},
        field_case{hello_of, "/4/seen/0/0", "hello.seen"}));

class chat_text : public testing::TestWithParam<field_case> {};

TEST_P(chat_text, one_of_16_kib_is_accepted_and_one_byte_more_is_too_large) {
    expect_accepted(GetParam().with(std::string(limits::string_bytes, 'x')));
    expect_rejected(GetParam().with(std::string(limits::string_bytes + 1, 'x')), errc::too_large, GetParam().what);
}

INSTANTIATE_TEST_SUITE_P(codec, chat_text,
                         testing::Values(field_case{publish_of, "/4", "publish.text"},
                                         field_case{{31, "m", "c", 1, "hi"}, "/4", "say.text"},
                                         field_case{{22, "acme", "b", "c", 1, "from", "hi", 5}, "/6", "reply.text"},
                                         field_case{{42, "c", 1, "b", "hi", 5}, "/4", "buyer_line.text"},
                                         field_case{{36, "r", "c", "flag", "text"}, "/4", "note.text"},
                                         field_case{{32, "r", "c", 1, "to", "note"}, "/5", "forward.note"}));

TEST(limits, a_shop_is_a_main_accounts_name_in_every_message_that_names_one) {
    for (const json& message : {publish_of, order_of, json{11, "", "b", "r"}, json{12, "", "b", 5, "r"}, json{14, "", "b"}}) {
        const char* place = message[0] == 10 ? "/2" : "/1";
        for (const char* shop : {"a:b", "a：b", "a/b", "a b", "a\n"}) {
            const decoded frame(field_case{message, place, ""}.with(shop));
            EXPECT_TRUE(std::string_view(frame.only<rejected>().what).ends_with(".shop")) << message << shop;
        }
        expect_accepted(field_case{message, place, ""}.with("旗舰店"));
    }
}

TEST(limits, a_buyer_has_no_control_characters_but_may_have_blanks_and_colons) {
    const field_case buyer{publish_of, "/3", "publish.buyer"};
    expect_rejected(buyer.with("a\nb"), errc::malformed, buyer.what);
    expect_rejected(buyer.with("a\u0085b"), errc::malformed, buyer.what);
    expect_accepted(buyer.with("买家 1:2/3"));
}

TEST(limits, a_text_too_large_keeps_the_ref_of_its_message) {
    const decoded frame(packed({10, "m-1", "acme", "b", std::string(limits::string_bytes + 1, 'x')}));
    EXPECT_EQ(frame.only<rejected>().ref, "m-1");
}

TEST(limits, a_text_too_large_in_an_unknown_field_rejects_the_message_too) {
    const std::string large(limits::string_bytes + 1, 'x');
    expect_rejected(packed({4, 7, large}), errc::too_large, "a field this version doesn't know");
}

class number_limit : public testing::TestWithParam<field_case> {};

TEST_P(number_limit, the_largest_number_is_accepted_and_one_more_or_a_negative_one_is_malformed) {
    const std::uint64_t largest = GetParam().limit;
    expect_accepted(GetParam().with(largest));
    if (largest != std::numeric_limits<std::uint64_t>::max())
        expect_rejected(GetParam().with(largest + 1), errc::malformed, GetParam().what);
    expect_rejected(GetParam().with(-1), errc::malformed, GetParam().what);
    expect_rejected(GetParam().with("1"), errc::malformed, GetParam().what);
    expect_rejected(GetParam().with(1.0), errc::malformed, GetParam().what);
    expect_rejected(GetParam().with(true), errc::malformed, GetParam().what);
}

constexpr std::size_t u32 = 0xffff'ffff;
constexpr std::size_t u64 = 0xffff'ffff'ffff'ffff;

INSTANTIATE_TEST_SUITE_P(codec, number_limit,
                         testing::Values(field_case{{4, 0}, "/1", "ack.rx", u64}, field_case{{7, 0}, "/1", "credit.window", u32},
                                         field_case{{6, "X", true, 0}, "/3", "error.retry_after_ms", u32},
                                         field_case{{12, "acme", "b", 1, "r"}, "/3", "rating.score", 5},
                                         field_case{{14, "acme", "b", "c", 1}, "/4", "attach.seq", u64},
                                         field_case{{31, "m", "c", 1}, "/3", "say.epoch", u64},
                                         field_case{{34, "r", "b", "", 1}, "/4", "history_request.limit", u32},
                                         field_case{{24, "acme", "b", 1, 1}, "/3", "queue_moved.position", u32},
                                         field_case{hello_of, "/4/resume/rx", "hello.resume.rx", u64},
                                         field_case{assigned_of, "/5/waited_ms", "assigned.waited_ms", u64}));

TEST(limits, an_amount_takes_any_signed_64_bit_number) {
    const field_case amount{order_of, "/5", "order_event.amount_cents"};
    for (const std::int64_t value : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{0},
                                     std::numeric_limits<std::int64_t>::max()}) {
        const decoded frame(amount.with(value));
        EXPECT_EQ(frame.only<order_event>().amount_cents, value);
    }
    expect_rejected(amount.with(std::uint64_t{1} << 63), errc::malformed, "order_event.amount_cents");
}

TEST(limits, lists_of_a_publish_hold_32_labels) {
    for (const char* list : {"tags", "crowds"}) {
        json labels = json::array();
        for (std::size_t count = 0; count < limits::tags; ++count)
            labels.push_back(std::string(limits::label_bytes, 'x'));
        json options = {{list, labels}};
        expect_accepted(packed({10, "m-1", "acme", "b", "hi", options}));
        options[list].push_back("one more");
        expect_rejected(packed({10, "m-1", "acme", "b", "hi", options}), errc::malformed,
                        (std::string("publish.") + list).c_str());
        options[list] = {std::string(limits::label_bytes + 1, 'x')};
        expect_rejected(packed({10, "m-1", "acme", "b", "hi", options}), errc::malformed,
                        (std::string("publish.") + list).c_str());
    }
}

TEST(limits, an_array_holds_1024_items_and_one_more_ends_the_frame) {
    json items(limits::array_items, 0);
    expect_accepted(packed({4, 7, items}));
    items.push_back(0);
    EXPECT_STREQ(decoded(packed({4, 7, items})).outcome().what, "an array of more than 1024 items");
}

TEST(limits, a_map_holds_128_pairs_and_one_more_ends_the_frame) {
    json pairs = json::object();
    for (std::size_t count = 0; count < limits::map_items; ++count)
        pairs[std::to_string(count)] = 0;
    expect_accepted(packed({4, 7, pairs}));
    pairs["one more"] = 0;
    EXPECT_STREQ(decoded(packed({4, 7, pairs})).outcome().what, "a map of more than 128 pairs");
}

TEST(limits, containers_nest_8_deep_and_one_more_ends_the_frame) {
    json nested = json::array();
    for (std::size_t depth = 2; depth < limits::depth; ++depth)
        nested = json::array({nested});
    expect_accepted(packed({4, 7, nested}));
    EXPECT_STREQ(decoded(packed({4, 7, json::array({nested})})).outcome().what, "nesting deeper than 8");
    json maps = json::object();
    for (std::size_t depth = 2; depth <= limits::depth; ++depth)
        maps = json{{"k", maps}};
    EXPECT_STREQ(decoded(packed({4, 7, maps})).outcome().what, "nesting deeper than 8");
}

TEST(limits, a_frame_holds_256_messages_and_the_next_one_ends_it) {
    std::string bytes;
    for (std::size_t count = 0; count < limits::frame_messages; ++count)
        encode(bytes, ack{count});
    const std::size_t full = bytes.size();
    EXPECT_TRUE(decoded(bytes).outcome().whole);
    encode(bytes, ack{256});
    const decoded frame(bytes);
    EXPECT_FALSE(frame.outcome().whole);
    EXPECT_EQ(frame.outcome().offset, full);
    EXPECT_EQ(frame.messages().size(), limits::frame_messages);
}

TEST(limits, a_frame_holds_256_kib) {
    std::string bytes;
    const std::string text(limits::string_bytes - 100, 'x');
    while (bytes.size() + limits::string_bytes < limits::frame_bytes)
        encode(bytes, publish{"m-1", "acme", "b", text});
    const std::size_t rest = limits::frame_bytes - bytes.size();
    const std::size_t overhead = encoded(publish{"m-1", "acme", "b", text}).size() - text.size();
    const std::string last(rest - overhead, 'x');
    encode(bytes, publish{"m-1", "acme", "b", last});
    ASSERT_EQ(bytes.size(), limits::frame_bytes);
    EXPECT_TRUE(decoded(bytes).outcome().whole);
    encode(bytes, heartbeat{});
    const decoded frame(bytes);
    EXPECT_FALSE(frame.outcome().whole);
    EXPECT_TRUE(frame.messages().empty());
}

} // namespace
} // namespace fenliu::protocol
