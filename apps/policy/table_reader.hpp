// Reads one table of a TOML file key by key: takes what is there, checks type and range, and reports at the end the
// keys that nobody asked for. A key that is absent or wrong leaves its value as it was. Used by one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <toml++/toml.h>

#include "apps/policy/finding.hpp"
#include "protocol/limits.hpp"

namespace fenliu::apps::policy {

/// A text with the place where it stands.
struct placed_text {
    std::string text;
    toml::source_position at;
};

class table_reader {
public:
    /// `title` names the table in errors, e.g. `[bus]`. Table and errors must outlive the reader.
    table_reader(const toml::table& table, std::string title, findings& errors);

    void read(std::string_view key, bool& out);
    void read(std::string_view key, std::string& out);
    template <class Number>
    requires std::is_integral_v<Number>
    void read(std::string_view key, Number& out, limits::range allowed) {
        if (std::int64_t value = 0; read_integer(key, value, allowed)) out = static_cast<Number>(value);
    }
    void read(std::string_view key, std::chrono::milliseconds& out, limits::range allowed);
    /// A number, with or without a fraction, from 0 to `most`.
    void read(std::string_view key, double& out, double most) { (void)read_number(key, out, most); }
    void read(std::string_view key, std::optional<double>& out, double most) {
        if (double value = 0; read_number(key, value, most)) out = value;
    }
    /// One of several words.
    template <class Value>
    void read(std::string_view key, Value& out, const std::vector<std::pair<std::string_view, Value>>& choices) {
        (void)read_choice(key, out, choices);
    }
    template <class Value>
    void read(std::string_view key, std::optional<Value>& out, const std::vector<std::pair<std::string_view, Value>>& choices) {
        if (Value value{}; read_choice(key, value, choices)) out = value;
    }
    /// A text or an array of texts; false if the key is absent.
    bool read_texts(std::string_view key, std::vector<placed_text>& out);
    /// A text that has to be there and not be empty; reported otherwise.
    [[nodiscard]] bool require_text(std::string_view key, placed_text& out);

    /// The items of an array, empty if it is absent or no array.
    [[nodiscard]] std::vector<const toml::node*> read_array(std::string_view key, std::string_view items);
    /// Tables of an array (`[[key]]`); items that are no tables are reported.
    [[nodiscard]] std::vector<const toml::table*> read_tables(std::string_view key);
    /// A table; an empty one if it is absent or no table.
    [[nodiscard]] const toml::table& read_table(std::string_view key);

    /// The key's value, or null. From now on the key is a known one.
    [[nodiscard]] const toml::node* find(std::string_view key);
    void fail(const toml::node& where, std::string text);
    void fail(toml::source_position where, std::string text);
    /// Where the key's value stands, or the table if the key is absent.
    [[nodiscard]] toml::source_position place_of(std::string_view key) const;

    /// Reports keys that were not asked for.
    void finish();

private:
    template <class Value>
    [[nodiscard]] bool read_choice(std::string_view key, Value& out,
                                   const std::vector<std::pair<std::string_view, Value>>& choices) {
        const toml::node* node = find(key);
        const std::string* word = node != nullptr ? text_of(key, *node) : nullptr;
        if (word == nullptr) return false;
        std::vector<std::string_view> words;
        for (const auto& [name, value] : choices) {
            if (*word == name) {
                out = value;
                return true;
            }
            words.push_back(name);
        }
        fail(*node, unknown(key, *word, "", words));
        return false;
    }
    [[nodiscard]] bool read_integer(std::string_view key, std::int64_t& out, limits::range allowed);
    [[nodiscard]] bool read_number(std::string_view key, double& out, double most);
    /// The node as a text, or null after reporting that it is none.
    [[nodiscard]] const std::string* text_of(std::string_view key, const toml::node& node);

    const toml::table& table_;
    std::string title_;
    findings& errors_;
    std::vector<std::string_view> known_;
};

/// What stands there, for errors: `a text`, `an integer`, …
[[nodiscard]] std::string_view type_text(const toml::node& node) noexcept;

} // namespace fenliu::apps::policy
