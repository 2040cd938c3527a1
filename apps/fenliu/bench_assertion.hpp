// `--assert 'p99<20ms'`: what a load has to have reached, for scripts. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "apps/load/figures.hpp"

namespace fenliu::apps::fenliu {

/// `WHAT<VALUE`, `<=`, `>` or `>=`. WHAT is p50, p90, p99, p999, max or mean, of acks and deliveries both, or of one as in
/// `ack.p99`, `delivery.max`, with a VALUE in us, ms or s; or stored, delivered (messages a second), refused, missing (messages)
/// with a plain number.
class bench_assertion {
public:
    /// The assertion, or why the text is none.
    [[nodiscard]] static std::variant<bench_assertion, std::string> parse(std::string_view text);

    /// Nothing if it holds, else what was found instead.
    [[nodiscard]] std::optional<std::string> broken_by(const load::figures& found) const;

private:
    enum class relation : unsigned char { below, at_most, above, at_least };

    [[nodiscard]] bool holds(double value) const noexcept;
    [[nodiscard]] std::optional<std::string> broken_by(const load::histogram& latencies, std::string_view side) const;

    std::string text_, side_, what_; ///< side: `ack`, `delivery` or empty
    relation relation_ = relation::below;
    double value_ = 0; ///< milliseconds, messages or messages a second
};

} // namespace fenliu::apps::fenliu
