#include "apps/fenliu/replay_file.hpp"

#include <array>
#include <variant>

#include <nlohmann/json.hpp>

#include "apps/policy/timestamp.hpp"
#include "protocol/account.hpp"
#include "protocol/limits.hpp"

namespace fenliu::apps::fenliu {

namespace {

using nlohmann::json;

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
    const auto read = found->is_string() ? policy::read_timestamp(found->get_ref<const std::string&>()) : std::nullopt;
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
