// Reads the fields of one JSON object of a routing case. A field that is absent or null leaves its value as it was; the first one
// that is wrong is told. Used by one thread.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <nlohmann/json.hpp>

#include "apps/policy/policy_words.hpp"
#include "routing/record.hpp"

namespace fenliu::apps::policy {

class case_fields {
public:
    /// `path` names the object, e.g. `policy.queue`, and is empty for the case itself. Object and fault must outlive the fields;
    /// `fault` stays empty as long as everything is right.
    case_fields(const nlohmann::json& object, std::string path, std::string& fault);

    void read(std::string_view key, bool& out);
    void read(std::string_view key, std::string& out);
    void read(std::string_view key, double& out);
    template <class Number>
    requires std::is_unsigned_v<Number>
    void read(std::string_view key, Number& out) {
        std::uint64_t value = out;
        if (read_count(key, value, std::numeric_limits<Number>::max())) out = static_cast<Number>(value);
    }
    void read(std::string_view key, std::vector<std::string>& out);
    /// RFC 3339.
    void read_time(std::string_view key, routing::timestamp_ms& out);
    template <class Value>
    void read(std::string_view key, Value& out, const choices<Value>& words) {
        std::string text;
        read(key, text);
        if (text.empty()) return;
        for (const auto& [word, value] : words)
            if (text == word) return void(out = value);
        fail(key, "is no word known here: " + text);
    }

    /// Whether the field is there and not null.
    [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }
    /// The fields of an object; without fields if it is absent.
    [[nodiscard]] case_fields object(std::string_view key);
    [[nodiscard]] std::vector<case_fields> objects(std::string_view key);
    /// Reports the field as missing if it is absent.
    void require(std::string_view key);
    void fail(std::string_view key, std::string_view what);

private:
    [[nodiscard]] const nlohmann::json* find(std::string_view key) const;
    [[nodiscard]] bool read_count(std::string_view key, std::uint64_t& out, std::uint64_t most);
    [[nodiscard]] std::string path_of(std::string_view key) const;

    const nlohmann::json* object_;
    std::string path_;
    std::string* fault_;
};

} // namespace fenliu::apps::policy
