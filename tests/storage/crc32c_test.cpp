#include <gtest/gtest.h>

#include "storage/crc32c.hpp"

namespace fenliu::storage {
namespace {

// Values of RFC 3720, B.4.
TEST(crc32c, gives_the_published_values) {
    EXPECT_EQ(crc32c(0, "123456789"), 0xe3069283U);
    EXPECT_EQ(crc32c(0, std::string(32, '\0')), 0x8a9136aaU);
    EXPECT_EQ(crc32c(0, std::string(32, '\xff')), 0x62a8ab43U);
    EXPECT_EQ(crc32c(0, ""), 0U);
}

TEST(crc32c, goes_on_from_what_came_before) {
    const std::string_view text = "the quick brown fox jumps over the lazy dog";
    for (std::size_t cut = 0; cut <= text.size(); ++cut)
        EXPECT_EQ(crc32c(crc32c(0, text.substr(0, cut)), text.substr(cut)), crc32c(0, text));
}

TEST(crc32c, is_the_same_with_and_without_the_instruction) {
    std::string bytes;
    for (int i = 0; i < 300; ++i) {
        bytes.push_back(static_cast<char>(i * 131));
        EXPECT_EQ(crc32c(7, bytes), crc32c_by_table(7, bytes)) << bytes.size() << " bytes";
    }
}

} // namespace
} // namespace fenliu::storage
