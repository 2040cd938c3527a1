#include "apps/fenliu/bench_assertion.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "apps/fenliu/output.hpp"
#include "apps/load/figures_json.hpp"

namespace fenliu::apps::fenliu {

namespace {

constexpr std::array<std::string_view, 6> latencies = {"p50", "p90", "p99", "p999", "max", "mean"};
constexpr std::array<std::string_view, 4> counts = {"stored", "delivered", "refused", "missing"};
constexpr const char* example = "; say e.g. p99<20ms, ack.p50<=900us, stored>10000 or missing<1";

template <class List>
bool contains(const List& list, std::string_view word) {
    return std::ranges::find(list, word) != list.end();
}

double latency(const load::histogram& of, std::string_view what) {
    if (what == "max") return load::milliseconds_of(of.max());
    if (what == "mean") return load::milliseconds_of(of.mean());
    const double share = what == "p50" ? 0.50 : what == "p90" ? 0.90 : what == "p99" ? 0.99 : 0.999;
    return load::milliseconds_of(of.quantile(share));
}

double count(const load::figures& of, std::string_view what) {
    if (what == "stored") return of.acked_per_s();
    if (what == "delivered") return of.delivered_per_s();
    return static_cast<double>(what == "refused" ? of.refused : of.missing);
}

/// Milliseconds to the unit; 0 for one that isn't known.
double unit_of(std::string_view text) { return text == "us" ? 0.001 : text == "ms" ? 1 : text == "s" ? 1'000 : 0; }

} // namespace

std::variant<bench_assertion, std::string> bench_assertion::parse(std::string_view text) {
    const auto wrong = [&](const std::string& why) { return "'" + std::string(text) + "' asserts nothing: " + why + example; };
    const auto sign = text.find_first_of("<>");
    if (sign == std::string_view::npos) return wrong("there is no < or >");
    bench_assertion made;
    made.text_ = text;
    auto what = text.substr(0, sign), value = text.substr(sign + 1);
    const bool or_equal = value.starts_with('=');
    if (or_equal) value.remove_prefix(1);
    made.relation_ =
        text[sign] == '<' ? (or_equal ? relation::at_most : relation::below) : (or_equal ? relation::at_least : relation::above);
    if (const auto dot = what.find('.'); dot != std::string_view::npos) {
        made.side_ = what.substr(0, dot);
        what.remove_prefix(dot + 1);
        if (made.side_ != "ack" && made.side_ != "delivery") return wrong("'" + made.side_ + "' is neither ack nor delivery");
    }
    made.what_ = what;
    const bool is_latency = contains(latencies, what);
    if (!is_latency && (!contains(counts, what) || !made.side_.empty())) return wrong("'" + made.what_ + "' is not measured");
    const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), made.value_);
    if (code != std::errc()) return wrong("'" + std::string(value) + "' is no number");
    const std::string_view unit{end, value.data() + value.size()};
    if (is_latency ? unit_of(unit) == 0 : !unit.empty())
        return wrong(is_latency ? "a latency needs us, ms or s" : "'" + std::string(unit) + "' after a count");
    if (is_latency) made.value_ *= unit_of(unit);
    return made;
}

bool bench_assertion::holds(double value) const noexcept {
    switch (relation_) {
    case relation::below:
        return value < value_;
    case relation::at_most:
        return value <= value_;
    case relation::above:
        return value > value_;
    case relation::at_least:
        return value >= value_;
    }
    return false;
}

std::optional<std::string> bench_assertion::broken_by(const load::histogram& of, std::string_view side) const {
    if (!side_.empty() && side_ != side) return {};
    const auto name = std::string(side) + "." + what_;
    if (of.count() == 0) return text_ + " does not hold: there is no " + name + ", nothing was timed";
    if (const auto value = latency(of, what_); !holds(value))
        return text_ + " does not hold: " + name + " is " + decimal(value, 3) + " ms";
    return {};
}

std::optional<std::string> bench_assertion::broken_by(const load::figures& found) const {
    if (contains(latencies, what_)) {
        if (auto broken = broken_by(found.ack, "ack")) return broken;
        return broken_by(found.delivery, "delivery");
    }
    if (const auto value = count(found, what_); !holds(value))
        return text_ + " does not hold: " + what_ + " is " + decimal(value, 0);
    return {};
}

} // namespace fenliu::apps::fenliu
