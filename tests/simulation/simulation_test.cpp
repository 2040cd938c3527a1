// The short form: some hundred seeds in chunks, so that a failure names its chunk and the command that shows it again.
#include <gtest/gtest.h>

#include "run.hpp"

namespace fenliu::simulation {
namespace {

constexpr std::uint64_t chunks = 10, seeds_in_chunk = 50;

/// What all seeds of this process reached; the last test looks at it.
situation_counts& all_reached() {
    static situation_counts reached;
    return reached;
}

class a_chunk_of_seeds : public testing::TestWithParam<std::uint64_t> {};

TEST_P(a_chunk_of_seeds, breaks_no_invariant) {
    const auto first = GetParam() * seeds_in_chunk + 1;
    for (auto seed = first; seed < first + seeds_in_chunk; ++seed) {
        const auto done = run_seed(seed);
        all_reached().add(done.reached);
        ASSERT_FALSE(done.broken) << report(done);
    }
}

INSTANTIATE_TEST_SUITE_P(of_the_short_form, a_chunk_of_seeds, testing::Range(std::uint64_t{0}, chunks));

TEST(a_run, is_the_same_for_the_same_seed) {
    for (const std::uint64_t seed : {1U, 2U, 3U, 17U, 99U})
        EXPECT_EQ(run_seed(seed).hash, run_seed(seed).hash) << "seed " << seed;
    EXPECT_NE(run_seed(1).hash, run_seed(2).hash);
}

} // namespace
} // namespace fenliu::simulation
