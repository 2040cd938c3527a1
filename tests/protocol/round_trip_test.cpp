#include <gtest/gtest.h>

#include "tests/protocol/frame.hpp"
#include "tests/protocol/samples.hpp"

namespace fenliu::protocol {
namespace {

TEST(round_trip, a_frame_of_every_message_reads_back_in_order) {
    std::string bytes;
    for (const auto& [name, sample] : samples())
        encode(bytes, sample);
    const decoded frame(bytes);
    ASSERT_TRUE(frame.outcome().whole) << frame.outcome().what;
    EXPECT_EQ(frame.outcome().offset, bytes.size());
    ASSERT_EQ(frame.messages().size(), samples().size());
    std::string again;
    for (const message& value : frame.messages())
        encode(again, value);
    EXPECT_EQ(again, bytes);
}

TEST(round_trip, encoding_appends_to_what_is_there) {
    std::string bytes = "before";
    encode(bytes, ack{7});
    EXPECT_EQ(bytes, std::string("before") + encoded(ack{7}));
}

TEST(round_trip, decoding_appends_to_what_is_there) {
    decoder reader;
    std::vector<message> out;
    const std::string first = encoded(ack{1}), second = encoded(ack{2});
    ASSERT_TRUE(reader.decode(first, out).whole);
    ASSERT_TRUE(reader.decode(second, out).whole);
    ASSERT_EQ(out.size(), 2U);
    EXPECT_EQ(std::get<ack>(out[0]).rx, 1U);
    EXPECT_EQ(std::get<ack>(out[1]).rx, 2U);
}

TEST(round_trip, views_of_a_decoded_message_point_into_the_frame) {
    const std::string frame = encoded(samples().at("publish_with_everything"));
    decoder reader;
    std::vector<message> out;
    ASSERT_TRUE(reader.decode(frame, out).whole);
    const auto& read = std::get<publish>(out.at(0));
    const auto inside = [&frame](std::string_view view) {
        return view.data() >= frame.data() && view.data() + view.size() <= frame.data() + frame.size();
    };
    EXPECT_TRUE(inside(read.msg_id) && inside(read.text) && inside(read.to) && inside(read.tags.at(1)) &&
                inside(read.crowds.value().at(0)) && inside(read.lang));
}

TEST(round_trip, an_admin_body_is_the_bytes_of_one_map) {
    const nlohmann::json body = {{"shop", "acme"}, {"nested", {{"list", {1, 2, {{"k", nullptr}}}}}}};
    const std::string bytes = packed(body);
    const std::string frame = encoded(admin_request{"r-1", "agents", bytes}) + encoded(admin_reply{"r-2", "OK", bytes});
    const decoded read(frame);
    ASSERT_TRUE(read.outcome().whole);
    EXPECT_EQ(std::get<admin_request>(read.messages().at(0)).body, bytes);
    EXPECT_EQ(std::get<admin_reply>(read.messages().at(1)).body, bytes);
}

TEST(round_trip, fields_behind_an_admin_body_are_not_part_of_it) {
    const decoded read(packed({50, "r-1", "stats", {{"a", 1}}, "later", {1, 2}}));
    EXPECT_EQ(read.only<admin_request>().body, packed({{"a", 1}}));
}

TEST(round_trip, a_moved_decoder_goes_on_reading) {
    decoder first;
    decoder second = std::move(first);
    std::vector<message> out;
    EXPECT_TRUE(second.decode(encoded(ack{1}), out).whole);
    EXPECT_EQ(out.size(), 1U);
}

} // namespace
} // namespace fenliu::protocol
