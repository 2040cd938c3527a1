#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include "protocol/kind.hpp"
#include "tests/protocol/frame.hpp"
#include "tests/protocol/samples.hpp"

namespace fenliu::protocol {
namespace {

const nlohmann::json& vectors() {
    static const nlohmann::json read = nlohmann::json::parse(std::ifstream(FENLIU_GOLDEN_VECTORS));
    return read;
}

bool is_canonical(const nlohmann::json& vector) {
    return !vector.contains("reads_as") && !vector.contains("rejected") && !vector.contains("undecodable");
}

std::string hex_of(const std::string& name) {
    for (const auto& vector : vectors())
        if (vector["name"] == name) return vector["hex"];
    ADD_FAILURE() << "no vector " << name;
    return {};
}

TEST(golden_vectors, each_canonical_one_is_what_its_message_encodes_to) {
    std::size_t checked = 0;
    for (const auto& vector : vectors()) {
        if (!is_canonical(vector)) continue;
        const std::string name = vector["name"];
        SCOPED_TRACE(name);
        ASSERT_TRUE(samples().contains(name));
        EXPECT_EQ(to_hex(encoded(samples().at(name))), vector["hex"].get<std::string>());
        ++checked;
    }
    EXPECT_EQ(checked, samples().size());
}

TEST(golden_vectors, each_canonical_one_decodes_to_its_kind_and_encodes_to_the_same_bytes) {
    for (const auto& vector : vectors()) {
        if (!is_canonical(vector)) continue;
        SCOPED_TRACE(vector["name"]);
        const decoded frame(from_hex(vector["hex"].get<std::string>()));
        ASSERT_TRUE(frame.outcome().whole) << frame.outcome().what;
        ASSERT_EQ(frame.messages().size(), 1U);
        EXPECT_EQ(kind_of(frame.messages()[0]), vector["kind"].get<std::uint32_t>());
        ASSERT_FALSE(std::holds_alternative<rejected>(frame.messages()[0]));
        EXPECT_EQ(to_hex(encoded(frame.messages()[0])), vector["hex"].get<std::string>());
    }
}

TEST(golden_vectors, every_kind_has_a_canonical_one) {
    std::set<std::size_t> kinds;
    for (const auto& [name, sample] : samples())
        kinds.insert(sample.index());
    EXPECT_EQ(kinds.size(), std::variant_size_v<message> - 1); // all but `rejected`
}

TEST(golden_vectors, other_bytes_of_the_same_message_read_the_same) {
    for (const auto& vector : vectors()) {
        if (!vector.contains("reads_as")) continue;
        SCOPED_TRACE(vector["name"]);
        const decoded frame(from_hex(vector["hex"].get<std::string>()));
        ASSERT_TRUE(frame.outcome().whole) << frame.outcome().what;
        ASSERT_EQ(frame.messages().size(), 1U);
        ASSERT_FALSE(std::holds_alternative<rejected>(frame.messages()[0]));
        EXPECT_EQ(to_hex(encoded(frame.messages()[0])), hex_of(vector["reads_as"]));
    }
}

TEST(golden_vectors, what_is_no_message_is_rejected_with_the_named_code_and_ref) {
    for (const auto& vector : vectors()) {
        if (!vector.contains("rejected")) continue;
        SCOPED_TRACE(vector["name"]);
        const decoded frame(from_hex(vector["hex"].get<std::string>()));
        const auto& bad = frame.only<rejected>();
        EXPECT_EQ(bad.kind, vector["kind"].get<std::uint32_t>());
        EXPECT_EQ(name(bad.code), vector["rejected"].get<std::string>());
        EXPECT_STRNE(bad.what, "");
        const nlohmann::json ref = bad.ref ? nlohmann::json(*bad.ref) : nlohmann::json();
        EXPECT_EQ(ref, vector["ref"]);
    }
}

TEST(golden_vectors, what_cannot_be_read_ends_the_frame_where_it_is_said) {
    for (const auto& vector : vectors()) {
        if (!vector.contains("undecodable")) continue;
        SCOPED_TRACE(vector["name"]);
        const decoded frame(from_hex(vector["hex"].get<std::string>()));
        EXPECT_FALSE(frame.outcome().whole);
        EXPECT_STRNE(frame.outcome().what, "");
        EXPECT_EQ(frame.messages().size(), vector["undecodable"]["messages"].get<std::size_t>());
        EXPECT_EQ(frame.outcome().offset, vector["undecodable"]["offset"].get<std::size_t>());
    }
}

} // namespace
} // namespace fenliu::protocol
