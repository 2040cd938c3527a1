#include <regex>

#include <gtest/gtest.h>

#include "apps/fenliu/bench_assertion.hpp"
#include "apps/fenliu/bench_page.hpp"

namespace fenliu::apps::fenliu {
namespace {

using namespace std::chrono_literals;

/// Acks take 1 to 100 ms, deliveries twice that; 1,000 a second of each.
load::figures example() {
    load::figures found;
    found.seconds = 10;
    found.acked = found.delivered = 10'000;
    for (int i = 1; i <= 100; ++i) {
        found.ack.add(i * 1ms);
        found.delivery.add(i * 2ms);
    }
    found.moments = {{1, 1'000, 1'000, 1'000, 99ms, 198ms}, {2, 1'000, 990, 980, 90ms, 180ms}};
    return found;
}

std::optional<std::string> broken(std::string_view text, const load::figures& found = example()) {
    return std::get<bench_assertion>(bench_assertion::parse(text)).broken_by(found);
}

TEST(an_assertion, about_a_latency_means_acks_and_deliveries) {
    EXPECT_FALSE(broken("p50<110ms"));
    EXPECT_TRUE(broken("p50<90ms")) << "deliveries take 100";
    EXPECT_FALSE(broken("ack.p50<90ms"));
    EXPECT_FALSE(broken("delivery.max<=0.2s"));
    EXPECT_TRUE(broken("delivery.max<199000us"));
    EXPECT_FALSE(broken("mean>50ms"));
}

TEST(an_assertion, that_does_not_hold_says_what_was_found) {
    const auto text = broken("ack.p99<20ms");
    ASSERT_TRUE(text);
    EXPECT_NE(text->find("ack.p99<20ms does not hold: ack.p99 is 99."), std::string::npos) << *text;
}

TEST(an_assertion, about_counts) {
    EXPECT_FALSE(broken("stored>=1000"));
    EXPECT_TRUE(broken("delivered>1000"));
    EXPECT_FALSE(broken("missing<1"));
    auto bad = example();
    bad.refused = 3;
    EXPECT_TRUE(broken("refused<=2", bad));
}

TEST(an_assertion, about_latencies_that_nobody_measured_does_not_hold) { EXPECT_TRUE(broken("p99<1s", load::figures{})); }

TEST(an_assertion, that_says_nothing_is_refused_with_an_example) {
    for (const auto* text :
         {"", "p99", "p99<", "p99<20", "p99<20min", "p98<20ms", "ack.stored>5", "send.p99<5ms", "stored>5ms", "missing=0"}) {
        const auto parsed = bench_assertion::parse(text);
        const auto* wrong = std::get_if<std::string>(&parsed);
        ASSERT_NE(wrong, nullptr) << text;
        EXPECT_NE(wrong->find("p99<20ms"), std::string::npos) << *wrong;
    }
}

TEST(a_bench_page, shows_the_figures_and_no_nonsense) {
    const auto page = render_page(load::shape{}, example(), "tcp://<here>:1");
    EXPECT_NE(page.find("tcp://&lt;here&gt;:1"), std::string::npos);
    EXPECT_NE(page.find("<td>10000</tr>"), std::string::npos);
    const auto empty = render_page(load::shape{}, load::figures{}, "tcp://127.0.0.1:5570");
    const std::regex no_number{R"([>", ]-?(nan|inf)[<", .])"};
    for (const auto& each : {page, empty})
        EXPECT_FALSE(std::regex_search(each, no_number));
    // "y2=230/>" would be the value "230/" in HTML, and the line somewhere else.
    EXPECT_FALSE(std::regex_search(page, std::regex{R"(=[^"> ]+/>)"}));
    EXPECT_NE(page.find("<polyline"), std::string::npos);
}

} // namespace
} // namespace fenliu::apps::fenliu
