#include "storage/archive_rows.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fenliu::storage {
namespace {

using nlohmann::json;

TEST(archive_rows, write_places_as_json_whatever_their_texts_are) {
    routing::place first;
    routing::place second{.epoch = 7,
                          .at = -3,
                          .state = routing::conversation_state::assigned,
                          .owner = "acme:\"amy\"",
                          .reason = routing::reason::recent,
                          .causes = {routing::reason::open_session, routing::reason::recent},
                          .forwarded = true,
                          .by = "acme:\\b\n",
                          .note = std::string{"旺旺\x01\0", 8}};
    const auto read = json::parse(places_text({first, second}));
    ASSERT_EQ(read.size(), 2U);
    EXPECT_EQ(read[0], json({{"epoch", 0},
                             {"at", 0},
                             {"state", routing::name(first.state)},
                             {"owner", ""},
                             {"reason", routing::name(first.reason)},
                             {"causes", json::array()},
                             {"forwarded", false},
                             {"by", ""},
                             {"note", ""}}));
    EXPECT_EQ(read[1], json({{"epoch", 7},
                             {"at", -3},
                             {"state", "assigned"},
                             {"owner", second.owner},
                             {"reason", routing::name(second.reason)},
                             {"causes", {routing::name(second.causes[0]), routing::name(second.causes[1])}},
                             {"forwarded", true},
                             {"by", second.by},
                             {"note", second.note}}));
    EXPECT_EQ(places_text({}), "[]");
}

TEST(archive_rows, write_lists_of_texts_as_json) {
    EXPECT_EQ(strings_text({}), "[]");
    EXPECT_EQ(json::parse(strings_text({"", "a\"b", "vip"})), json({"", "a\"b", "vip"}));
}

} // namespace
} // namespace fenliu::storage
