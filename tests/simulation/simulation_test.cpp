// The short form: some hundred seeds in chunks, so that a failure names its chunk and the command that shows it again.
#include <gtest/gtest.h>

#include "run.hpp"

namespace fenliu::simulation {
namespace {

constexpr std::uint64_t chunks = 10, seeds_in_chunk = 50;

class a_chunk_of_seeds : public testing::TestWithParam<std::uint64_t> {};

TEST_P(a_chunk_of_seeds, breaks_no_invariant) {
    const auto first = GetParam() * seeds_in_chunk + 1;
    for (auto seed = first; seed < first + seeds_in_chunk; ++seed) {
        const auto done = run_seed(seed);
        ASSERT_FALSE(done.broken) << report(done);
    }
}

INSTANTIATE_TEST_SUITE_P(of_the_short_form, a_chunk_of_seeds, testing::Range(std::uint64_t{0}, chunks));

TEST(a_run, is_the_same_for_the_same_seed) {
    for (const std::uint64_t seed : {1U, 2U, 3U, 17U, 99U})
        EXPECT_EQ(run_seed(seed).hash, run_seed(seed).hash) << "seed " << seed;
    EXPECT_NE(run_seed(1).hash, run_seed(2).hash);
}

TEST(the_short_form, reaches_every_situation) {
    situation_counts reached;
    for (std::uint64_t seed = 1; seed <= chunks * seeds_in_chunk && !reached.all(); ++seed)
        reached.add(run_seed(seed).reached);
    for (std::size_t each = 0; each < static_cast<std::size_t>(situation::count); ++each)
        EXPECT_GT(reached.of(static_cast<situation>(each)), 0U)
            << name(static_cast<situation>(each)) << ": a simulation that never meets it is no evidence for it";
}

} // namespace
} // namespace fenliu::simulation
