#include "apps/fenliu/replay_file.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <variant>

#include <nlohmann/json.hpp>

#include "protocol/account.hpp"
#include "protocol/limits.hpp"

namespace fenliu::apps::fenliu {

namespace {

using nlohmann::json;

/// Takes fixed parts off the front of a timestamp.
struct scanner {
    std::string_view rest;
    bool good = true;

    int digits(std::size_t count) {
        int value = 0;
        const auto part = rest.substr(0, count);
        const auto [end, code] = std::from_chars(part.data(), part.data() + part.size(), value);
        good = good && part.size() == count && code == std::errc() && end == part.data() + count && part.front() != '-';
        rest.remove_prefix(part.size());
        return value;
    }
    bool take(char wanted) {
        if (!rest.starts_with(wanted)) return false;
        rest.remove_prefix(1);
        return true;
    }
    void expect(char wanted) { good = take(wanted) && good; }
};

std::chrono::milliseconds read_fraction(scanner& text) {
    int value = 0;
    int scale = 100;
    while (!text.rest.empty() && text.rest.front() >= '0' && text.rest.front() <= '9') {
        value += (text.rest.front() - '0') * scale;
        scale /= 10;
        text.rest.remove_prefix(1);
    }
    return std::chrono::milliseconds(value);
}

/// Reads one field of text; gives what is wrong with it.
std::string read_text(const json& object, const char* field, std::string& out) {
    const auto found = object.find(field);
    if (found == object.end()) return std::string(field) + " is missing";
    if (!found->is_string()) return std::string(field) + " is no text";
    out = found->get<std::string>();
    return {};
}

std::string read_role(const json& object, bool& agent) {
    std::string role;
    if (auto wrong = read_text(object, "role", role); !wrong.empty()) return wrong;
    agent = role == "agent";
    return agent || role == "buyer" ? std::string() : "role is neither buyer nor agent";
}

std::string read_ts(const json& object, protocol::timestamp_ms& out) {
    const auto found = object.find("ts");
    if (found == object.end()) return "ts is missing";
    if (found->is_number_integer()) {
        out = found->get<protocol::timestamp_ms>();
        return {};
    }
    const auto read = found->is_string() ? read_timestamp(found->get_ref<const std::string&>()) : std::nullopt;
    if (!read) return "ts is no time such as 2026-03-01T10:05:00Z, nor milliseconds";
    out = *read;
    return {};
}

std::string check(const recorded_line& line) {
    if (line.conversation.empty()) return "conversation is empty";
    if (line.text.empty()) return "text is empty";
    if (line.text.size() > limits::string_bytes) return "text is longer than 16 KiB";
    if (line.agent) return {};
    if (const auto bad = protocol::check_buyer(line.from)) return "from: " + bad->text;
    return {};
}

/// The line, or what is wrong with it.
std::variant<recorded_line, std::string> read_line(std::string_view text) {
    const auto object = json::parse(text, nullptr, false);
    if (object.is_discarded()) return "is no JSON";
    if (!object.is_object()) return "is no JSON object";
    recorded_line out;
    const std::array<std::pair<const char*, std::string*>, 4> texts{
        {{"conversation", &out.conversation}, {"shop", &out.shop}, {"from", &out.from}, {"text", &out.text}}};
    for (const auto& [field, value] : texts)
        if (auto wrong = read_text(object, field, *value); !wrong.empty()) return wrong;
    if (auto wrong = read_role(object, out.agent); !wrong.empty()) return wrong;
    if (auto wrong = read_ts(object, out.ts); !wrong.empty()) return wrong;
    if (auto wrong = check(out); !wrong.empty()) return wrong;
    return out;
}

} // namespace

std::optional<protocol::timestamp_ms> read_timestamp(std::string_view text) {
    using namespace std::chrono;
    scanner scan{text};
    const year year_read{scan.digits(4)};
    scan.expect('-');
    const month month_read{static_cast<unsigned>(scan.digits(2))};
    scan.expect('-');
    const year_month_day date{year_read, month_read, day{static_cast<unsigned>(scan.digits(2))}};
    scan.expect('T');
    const auto hour = scan.digits(2);
    scan.expect(':');
    const auto minute = scan.digits(2);
    scan.expect(':');
    const auto second = scan.digits(2);
    milliseconds at = sys_days{date}.time_since_epoch() + hours{hour} + minutes{minute} + seconds{second};
    if (scan.take('.')) at += read_fraction(scan);
    if (!scan.take('Z')) {
        const bool east = scan.take('+');
        if (!east) scan.expect('-');
        const auto offset_hours = scan.digits(2);
        scan.expect(':');
        const minutes offset = hours{offset_hours} + minutes{scan.digits(2)};
        at -= east ? offset : -offset;
    }
    if (!scan.good || !scan.rest.empty() || !date.ok() || hour > 23 || minute > 59 || second > 60) return {};
    return at.count();
}

replay_file read_replay_file(std::istream& input) {
    replay_file out;
    std::string text;
    for (std::size_t number = 1; std::getline(input, text); ++number) {
        if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
        auto read = read_line(text);
        if (auto* line = std::get_if<recorded_line>(&read)) {
            line->number = number;
            out.lines.push_back(std::move(*line));
        } else {
            out.bad.push_back({number, std::get<std::string>(read)});
        }
    }
    return out;
}

} // namespace fenliu::apps::fenliu
