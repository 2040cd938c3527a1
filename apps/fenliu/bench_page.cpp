#include "apps/fenliu/bench_page.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "apps/fenliu/output.hpp"
#include "apps/load/figures_json.hpp"

namespace fenliu::apps::fenliu {

namespace {

using load::milliseconds_of;

constexpr const char* style = R"(
:root{--ink:#1a1d21;--soft:#667;--line:#d6dae0;--ground:#fff;--a:#0b66c3;--b:#c2570c}
@media(prefers-color-scheme:dark){:root{--ink:#e6e8ea;--soft:#9aa3ad;--line:#3a414a;--ground:#15181c;--a:#5aa9ff;--b:#ff9d57}}
body{font:15px/1.5 system-ui,"Noto Sans SC",sans-serif;color:var(--ink);background:var(--ground);max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}code{overflow-wrap:anywhere}
table{border-collapse:collapse}td,th{padding:.25rem .9rem .25rem 0;text-align:right;border-bottom:1px solid var(--line)}
td:first-child,th:first-child{text-align:left}.soft{color:var(--soft)}
svg{width:100%;height:auto;font-size:12px}svg text{fill:var(--soft)}.grid{stroke:var(--line)}
.a{stroke:var(--a);fill:none;stroke-width:2}.b{stroke:var(--b);fill:none;stroke-width:2}
.key-a{color:var(--a)}.key-b{color:var(--b)}
)";

std::string escaped(const std::string& text) {
    std::string out;
    for (const char each : text)
        out += each == '<' ? "&lt;" : each == '>' ? "&gt;" : each == '&' ? "&amp;" : std::string(1, each);
    return out;
}

/// Few digits, as on an axis: 850, 1.2k, 35k, 1.4M.
std::string short_number(double value) {
    if (value >= 1e6) return decimal(value / 1e6, 1) + "M";
    if (value >= 1e4) return decimal(value / 1e3, 0) + "k";
    if (value >= 1e3) return decimal(value / 1e3, 1) + "k";
    return decimal(value, value >= 10 || value == 0 ? 0 : value >= 1 ? 1 : value >= 0.1 ? 2 : 3);
}

struct point {
    double x, y;
};

/// Lines over two axes; x and y are from 0 to 1 already.
class plot {
public:
    void grid_x(double at, const std::string& text) {
        const double x = left + at * width;
        grid(x, top, x, top + height);
        label(x, top + height + 18, "middle", text);
    }
    void grid_y(double at, const std::string& text) {
        const double y = top + (1 - at) * height;
        grid(left, y, left + width, y);
        label(left - 8, y + 4, "end", text);
    }
    void line(const char* kind, const std::vector<point>& points) {
        out_ += std::string("<polyline class=\"") + kind + "\" points=\"";
        for (const auto& each : points)
            out_ += decimal(left + each.x * width, 1) + "," + decimal(top + (1 - each.y) * height, 1) + " ";
        out_ += "\"/>";
    }
    [[nodiscard]] std::string render(const std::string& name) const {
        return "<svg viewBox=\"0 0 800 270\" role=\"img\" aria-label=\"" + name + "\">" + out_ + "</svg>";
    }

private:
    static constexpr double left = 72, top = 10, width = 695, height = 220;

    static std::string attribute(const char* name, double value) {
        return std::string(" ") + name + "=\"" + decimal(value, 1) + "\"";
    }
    void grid(double x1, double y1, double x2, double y2) {
        out_ +=
            "<line class=\"grid\"" + attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) + attribute("y2", y2) + "/>";
    }
    void label(double x, double y, const char* anchor, const std::string& text) {
        out_ += "<text" + attribute("x", x) + attribute("y", y) + " text-anchor=\"" + anchor + "\">" + text + "</text>";
    }

    std::string out_;
};

/// Latency over the share of messages that were slower, both in powers of ten.
std::string latency_plot(const load::figures& found) {
    const double most = std::max(0.1, std::max(milliseconds_of(found.ack.max()), milliseconds_of(found.delivery.max())));
    const double from = -2, to = std::ceil(std::log10(most)); // 10 us at the lower end
    const auto count = std::max(found.ack.count(), found.delivery.count());
    const double depth = std::max(2.0, std::ceil(std::log10(static_cast<double>(std::max<std::uint64_t>(count, 1)))));
    const auto place = [&](double share, double latency) {
        return point{std::min(1.0, -std::log10(1 - share) / depth),
                     std::clamp((std::log10(std::max(latency, 0.01)) - from) / (to - from), 0.0, 1.0)};
    };
    plot drawn;
    for (double nines = 0; nines <= depth; ++nines)
        drawn.grid_x(nines / depth,
                     nines == 0 ? "0 %"
                                : decimal(100 * (1 - std::pow(10, -nines)), std::max(0, static_cast<int>(nines) - 2)) + " %");
    for (double power = from; power <= to; ++power)
        drawn.grid_y((power - from) / (to - from), short_number(std::pow(10, power)) + " ms");
    const auto curve = [&](const char* kind, const load::histogram& of) {
        std::vector<point> points;
        for (double left = 1; left * static_cast<double>(of.count()) >= 1; left /= 1.25)
            points.push_back(place(1 - left, milliseconds_of(of.quantile(1 - left))));
        if (of.count() > 0) points.push_back(place(1 - 1 / static_cast<double>(of.count() + 1), milliseconds_of(of.max())));
        drawn.line(kind, points);
    };
    curve("a", found.ack);
    curve("b", found.delivery);
    return drawn.render("latency by share of messages");
}

/// One value a second.
std::string time_plot(const load::figures& found, const std::string& unit, const std::string& name,
                      const std::function<double(const load::moment&)>& a, const std::function<double(const load::moment&)>& b) {
    double most = 0;
    for (const auto& each : found.moments)
        most = std::max({most, a(each), b(each)});
    const double end = found.moments.back().second;
    plot drawn;
    for (int i = 0; i <= 4; ++i) {
        drawn.grid_y(i / 4.0, short_number(most * 1.1 * i / 4) + unit);
        drawn.grid_x(i / 4.0, decimal(end * i / 4, end < 8 ? 1 : 0) + " s");
    }
    for (const auto& [kind, value] : {std::pair{"a", &a}, std::pair{"b", &b}}) {
        std::vector<point> points;
        for (const auto& each : found.moments)
            points.push_back({each.second / end, most > 0 ? (*value)(each) / (most * 1.1) : 0});
        drawn.line(kind, points);
    }
    return drawn.render(name);
}

std::string latency_row(const char* name, const load::histogram& of) {
    std::string row = std::string("<tr><td>") + name;
    for (const double share : {0.5, 0.9, 0.99, 0.999})
        row += "<td>" + decimal(milliseconds_of(of.quantile(share)), 2);
    return row + "<td>" + decimal(milliseconds_of(of.max()), 2) + "</tr>";
}

} // namespace

std::string render_page(const load::shape& wanted, const load::figures& found, const std::string& url) {
    std::string page = std::string("<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport "
                                   "content=\"width=device-width\"><title>fenliu bench</title><style>") +
                       style + "</style><h1>fenliu bench</h1><p><code>" + escaped(url) + "</code></p>";
    page +=
        "<p>" + std::to_string(wanted.publishers) + " frontends, " + std::to_string(wanted.consumers) + " agents in " +
        std::to_string(wanted.shops) + " shops, " + std::to_string(wanted.channels) + " open conversations, " +
        std::to_string(wanted.text_bytes) + "-byte texts; " +
        (wanted.rate ? "open loop, " + decimal(*wanted.rate, 0) + " messages a second, each timed from when it was due"
                     : "closed loop, " + std::to_string(wanted.window) + " unanswered a frontend, timed from when it was sent") +
        ".</p>";
    page += "<table><tr><th><th>a second<th>in " + decimal(found.seconds, 1) + " s</tr>";
    page += "<tr><td>stored<td>" + decimal(found.acked_per_s(), 0) + "<td>" + std::to_string(found.acked) + "</tr>";
    page += "<tr><td>delivered<td>" + decimal(found.delivered_per_s(), 0) + "<td>" + std::to_string(found.delivered) + "</tr>";
    page += "<tr><td>refused<td><td>" + std::to_string(found.refused) + "</tr>";
    page += "<tr><td>missing<td><td>" + std::to_string(found.missing) + "</tr>";
    if (wanted.rate) page += "<tr><td>not sent in time<td><td>" + std::to_string(found.behind) + "</tr>";
    page += "</table><h2>Latency, ms</h2><table><tr><th><th>p50<th>p90<th>p99<th>p99.9<th>max</tr>" +
            latency_row("<span class=key-a>until stored</span>", found.ack) +
            latency_row("<span class=key-b>until delivered</span>", found.delivery) + "</table>" + latency_plot(found);
    if (!found.moments.empty()) {
        page += "<h2>Messages a second, over time</h2>" +
                time_plot(
                    found, "", "messages a second", [](const auto& each) { return static_cast<double>(each.acked); },
                    [](const auto& each) { return static_cast<double>(each.delivered); });
        page += "<h2>99th percentile of each second</h2>" +
                time_plot(
                    found, " ms", "99th percentile", [](const auto& each) { return milliseconds_of(each.ack_p99); },
                    [](const auto& each) { return milliseconds_of(each.delivery_p99); });
    }
    return page + "<p class=soft><span class=key-a>— until stored</span> &nbsp; <span class=key-b>— until delivered to an "
                  "agent</span></p></html>\n";
}

} // namespace fenliu::apps::fenliu
