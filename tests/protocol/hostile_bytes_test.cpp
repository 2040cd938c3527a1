#include <gtest/gtest.h>

#include "protocol/limits.hpp"
#include "tests/protocol/frame.hpp"
#include "tests/protocol/samples.hpp"

namespace fenliu::protocol {
namespace {

TEST(hostile_bytes, a_size_that_no_memory_could_hold_ends_the_frame) {
    for (const char* head : {"dd ffffffff", "df ffffffff", "92 0a dd ffffffff", "92 0a df ffffffff", "92 05 db ffffffff",
                             "92 05 c6 ffffffff", "92 05 c9 ffffffff 01", "dd ffffffff 0a 0a 0a"}) {
        SCOPED_TRACE(head);
        const decoded frame(from_hex(head));
        EXPECT_FALSE(frame.outcome().whole);
        EXPECT_EQ(frame.outcome().offset, 0U);
        EXPECT_TRUE(frame.messages().empty());
    }
}

TEST(hostile_bytes, a_frame_of_nothing_but_opening_brackets_ends_at_once) {
    EXPECT_STREQ(decoded(std::string(limits::frame_bytes, '\x91')).outcome().what, "nesting deeper than 8");
    EXPECT_STREQ(decoded(std::string(limits::frame_bytes, '\x81')).outcome().what, "nesting deeper than 8");
}

TEST(hostile_bytes, an_empty_frame_is_no_frame) {
    const decoded frame("");
    EXPECT_FALSE(frame.outcome().whole);
    EXPECT_STREQ(frame.outcome().what, "an empty frame");
}

TEST(hostile_bytes, every_message_cut_short_anywhere_ends_the_frame_there) {
    const std::string before = encoded(heartbeat{});
    for (const auto& [name, sample] : samples()) {
        const std::string whole = encoded(sample);
        for (std::size_t size = 1; size < whole.size(); ++size) {
            const decoded frame(before + whole.substr(0, size));
            ASSERT_FALSE(frame.outcome().whole) << name << " cut to " << size;
            ASSERT_EQ(frame.outcome().offset, before.size());
            ASSERT_EQ(frame.messages().size(), 1U);
        }
    }
}

TEST(hostile_bytes, every_ext_type_ends_the_frame) {
    for (const char* ext :
         {"d4 01 00", "d5 01 0000", "d6 01 00000000", "d7 ff 0000000000000000", "d8 01 00000000000000000000000000000000",
          "c7 00 01", "c7 01 01 00", "c8 0001 01 00", "c9 00000001 01 00"}) {
        SCOPED_TRACE(ext);
        EXPECT_STREQ(decoded(from_hex(std::string("92 04 ") + ext)).outcome().what, "an ext type");
    }
}

TEST(hostile_bytes, text_that_is_not_utf8_ends_the_frame_wherever_it_stands) {
    const std::string bad = "a1ff";
    for (const std::string& bytes :
         {"92 05 " + bad, "93 04 07 " + bad, "93 04 07 81 " + bad + " 01", "93 04 07 91 " + bad, bad}) {
        SCOPED_TRACE(bytes);
        EXPECT_STREQ(decoded(from_hex(bytes)).outcome().what, "text that is not UTF-8");
    }
}

TEST(hostile_bytes, bin_is_no_text_even_where_it_is_empty) {
    const decoded frame(from_hex("95 0a a16d c400 a162 a174")); // [10, "m", bin "", "b", "t"]
    EXPECT_STREQ(frame.only<rejected>().what, "publish.shop");
    EXPECT_EQ(frame.only<rejected>().ref, "m");
}

TEST(hostile_bytes, a_byte_that_msgpack_never_uses_ends_the_frame) {
    EXPECT_STREQ(decoded(from_hex("92 04 c1")).outcome().what, "a byte that is no msgpack");
}

TEST(hostile_bytes, messages_behind_a_rejected_one_are_read) {
    const decoded frame(packed({10}) + packed("no array") + packed({99, 1}) + encoded(ack{7}));
    ASSERT_TRUE(frame.outcome().whole);
    ASSERT_EQ(frame.messages().size(), 4U);
    EXPECT_EQ(std::get<ack>(frame.messages()[3]).rx, 7U);
}

TEST(hostile_bytes, a_ref_that_could_not_be_one_is_not_given_back) {
    EXPECT_FALSE(decoded(packed({10, std::string(37, 'm'), "acme", "b"})).only<rejected>().ref.has_value());
    EXPECT_FALSE(decoded(packed({10, 12, "acme", "b"})).only<rejected>().ref.has_value());
    EXPECT_FALSE(decoded(packed({12, "acme", "b", 9})).only<rejected>().ref.has_value());
}

TEST(hostile_bytes, a_ref_behind_a_wrong_field_of_any_shape_is_found) {
    const nlohmann::json shape = {{"k", {1, {{"n", {2, 3}}}}}};
    EXPECT_EQ(decoded(packed({12, "acme", shape, 3, "r-1"})).only<rejected>().ref, "r-1");
    EXPECT_EQ(decoded(packed({13, shape, shape, shape, shape, shape, "r-1"})).only<rejected>().ref, "r-1");
    EXPECT_EQ(decoded(packed({30, nlohmann::json::array(), "r-1"})).only<rejected>().ref, "r-1");
}

TEST(hostile_bytes, the_first_broken_field_is_the_one_named) {
    EXPECT_STREQ(decoded(packed({10, "m-1", 5, 6, 7, 8})).only<rejected>().what, "publish.shop");
}

TEST(hostile_bytes, an_admin_body_with_a_wrong_field_before_it_is_not_touched) {
    const decoded frame(packed({50, "r-1", nullptr, {{"a", 1}}}));
    EXPECT_STREQ(frame.only<rejected>().what, "admin_request.verb");
    EXPECT_EQ(frame.only<rejected>().ref, "r-1");
}

TEST(hostile_bytes, rows_of_mixed_shape_are_rejected) {
    const nlohmann::json line = {"c-1", 1, "b", "hi", 5}, colleague = {"acme:amy", 1, 5};
    EXPECT_STREQ(decoded(packed({43, "r-1", {line, colleague}})).only<rejected>().what, "history_page.rows");
    EXPECT_STREQ(decoded(packed({43, "r-1", {colleague, line}})).only<rejected>().what, "history_page.rows");
    EXPECT_STREQ(decoded(packed({43, "r-1", {1, 2}})).only<rejected>().what, "history_page.rows");
}

TEST(hostile_bytes, a_decoder_reads_on_after_a_bad_frame) {
    decoder reader;
    std::vector<message> out;
    EXPECT_FALSE(reader.decode(from_hex("ddffffffff"), out).whole);
    EXPECT_FALSE(reader.decode(packed({4, 7, std::string(limits::string_bytes + 1, 'x')}).substr(0, 9), out).whole);
    const std::string good = encoded(ack{7});
    EXPECT_TRUE(reader.decode(good, out).whole);
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(std::get<ack>(out[0]).rx, 7U);
}

} // namespace
} // namespace fenliu::protocol
