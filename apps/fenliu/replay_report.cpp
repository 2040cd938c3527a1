#include "apps/fenliu/replay_report.hpp"

#include <algorithm>
#include <cmath>

#include "apps/fenliu/table.hpp"

namespace fenliu::apps::fenliu {

namespace {

double rounded(double value) { return std::round(value * 1'000) / 1'000; }

std::string verdict(const replay_report& report) {
    if (report.good())
        return "All " + std::to_string(report.buyer_messages) +
               " buyer messages were stored and shown to an agent exactly once, in "
               "order, with one owner at a time.\nAll " +
               std::to_string(report.replies_published) + " answers came back to their buyers.\n";
    if (!report.finished) return "The replay did not come to its end.\n";
    return "The broker broke its promises: see lost, duplicated, out of order and owner overlaps below.\n";
}

} // namespace

double replay_report::messages_per_s() const noexcept { return seconds > 0 ? static_cast<double>(stored) / seconds : 0; }

bool replay_report::good() const noexcept {
    return finished && lost == 0 && duplicated == 0 && out_of_order == 0 && owner_overlaps == 0;
}

latency_figures latency_of(std::vector<double>& milliseconds) {
    if (milliseconds.empty()) return {};
    std::ranges::sort(milliseconds);
    const auto at = [&](double share) {
        const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(milliseconds.size())));
        return milliseconds[std::max<std::size_t>(rank, 1) - 1];
    };
    return {at(0.50), at(0.99), milliseconds.back()};
}

json to_json(const replay_report& report) {
    const auto& latency = report.latency_ms;
    return {
        {"buyer_messages", report.buyer_messages},
        {"stored", report.stored},
        {"delivered", report.delivered},
        {"duplicated", report.duplicated},
        {"redelivered", report.redelivered},
        {"lost", report.lost},
        {"out_of_order", report.out_of_order},
        {"conversations", report.conversations},
        {"owner_overlaps", report.owner_overlaps},
        {"replies_published", report.replies_published},
        {"replies_delivered", report.replies_delivered},
        {"assigned_by_reason", json(report.assigned_by_reason)},
        {"latency_ms", {{"p50", rounded(latency.p50)}, {"p99", rounded(latency.p99)}, {"max", rounded(latency.max)}}},
        {"per_agent", json(report.per_agent)},
        {"seconds", rounded(report.seconds)},
        {"bad_lines", report.bad_lines},
        {"reconnects", report.reconnects},
        {"messages_per_s", rounded(report.messages_per_s())},
    };
}

std::string render(const replay_report& report) {
    table figures({{"buyer messages"}, {std::to_string(report.buyer_messages), alignment::right}, {""}});
    const auto row = [&](const char* what, std::uint64_t value, const char* meaning = "") {
        figures.add({what, std::to_string(value), meaning});
    };
    row("conversations", report.conversations);
    row("stored", report.stored, "acknowledged, so on disk");
    row("delivered", report.delivered, "shown to an agent");
    row("answers", report.replies_published);
    row("answers back", report.replies_delivered, "seen by the buyer");
    row("lost", report.lost);
    row("duplicated", report.duplicated);
    row("out of order", report.out_of_order);
    row("owner overlaps", report.owner_overlaps);
    if (report.redelivered > 0) row("redelivered", report.redelivered, "repeats after a session was lost, told apart by seq");
    if (report.reconnects > 0) row("reconnects", report.reconnects);
    if (report.bad_lines > 0) row("bad lines", report.bad_lines, "left out of the replay");

    std::string out = verdict(report) + "\n" + figures.render() + "\n";
    out += "latency  p50 " + decimal(report.latency_ms.p50, 1) + " ms, p99 " + decimal(report.latency_ms.p99, 1) + " ms, max " +
           decimal(report.latency_ms.max, 1) + " ms from publish to agent\n";
    out += "speed    " + decimal(report.messages_per_s(), 0) + " buyer messages a second, " + decimal(report.seconds, 1) +
           " s in all\n";
    if (!report.assigned_by_reason.empty()) {
        table reasons({{"assigned because"}, {"times", alignment::right}});
        for (const auto& [reason, count] : report.assigned_by_reason)
            reasons.add({reason, std::to_string(count)});
        out += "\n" + reasons.render();
    }
    if (!report.per_agent.empty()) {
        table agents({{"agent"}, {"conversations", alignment::right}});
        for (const auto& [account, count] : report.per_agent)
            agents.add({account, std::to_string(count)});
        out += "\n" + agents.render();
    }
    return out;
}

} // namespace fenliu::apps::fenliu
