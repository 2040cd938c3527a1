#include "routing/record.hpp"

#include <limits>
#include <set>

#include <gtest/gtest.h>

#include "protocol/limits.hpp"
#include "routing/reason.hpp"

namespace fenliu::routing {
namespace {

TEST(conversation_id, comes_back_as_its_number) {
    for (const conversation_number number :
         {1ULL, 31ULL, 32ULL, 123'456'789ULL, std::numeric_limits<unsigned long long>::max()}) {
        EXPECT_EQ(from_id(to_id(number)), number);
        EXPECT_LE(to_id(number).size(), limits::id_bytes);
    }
}

TEST(conversation_id, sorts_as_its_number) {
    EXPECT_LT(to_id(9), to_id(10));
    EXPECT_LT(to_id(31), to_id(32));
    EXPECT_LT(to_id(1'000), to_id(1ULL << 63));
}

TEST(conversation_id, anything_else_is_no_number) {
    for (const char* wrong : {"", "c", "x0000000000001", "c00000000000u1", "c000000000000", "c00000000000001", "cz000000000000"})
        EXPECT_EQ(from_id(wrong), 0U) << wrong;
}

TEST(reason, every_name_leads_back_and_is_unique) {
    std::set<std::string_view> names;
    for (int i = 1; i <= static_cast<int>(reason::manual_assign); ++i) {
        const auto each = static_cast<reason>(i);
        ASSERT_FALSE(name(each).empty()) << i;
        EXPECT_TRUE(names.insert(name(each)).second);
        EXPECT_EQ(reason_of(name(each)), each);
    }
    EXPECT_FALSE(reason_of("NO_SUCH_REASON"));
    EXPECT_TRUE(name(reason::none).empty());
}

} // namespace
} // namespace fenliu::routing
