// Cases with their outcomes that are not part of this repository: checked where they are.
#include "tests/apps/policy/checking.hpp"

namespace fenliu::apps::policy {
namespace {

TEST(given_cases, all_pass) {
    const auto cases = cases_in(FENLIU_CASES);
    ASSERT_FALSE(cases.empty());
    for (const auto& each : cases)
        expect_passed(each);
    RecordProperty("cases_checked", static_cast<int>(cases.size()));
}

} // namespace
} // namespace fenliu::apps::policy
