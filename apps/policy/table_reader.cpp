#include "apps/policy/table_reader.hpp"

#include <algorithm>
#include <sstream>

namespace fenliu::apps::policy {

namespace {

std::string wrong_type(std::string_view key, std::string_view wanted, const toml::node& node) {
    return std::string(key) + " must be " + std::string(wanted) + ", not " + std::string(type_text(node));
}

} // namespace

std::string_view type_text(const toml::node& node) noexcept {
    switch (node.type()) {
    case toml::node_type::table:
        return "a table";
    case toml::node_type::array:
        return "an array";
    case toml::node_type::string:
        return "a text";
    case toml::node_type::integer:
        return "an integer";
    case toml::node_type::floating_point:
        return "a number with a fraction";
    case toml::node_type::boolean:
        return "true or false";
    default:
        return "a date or time";
    }
}

table_reader::table_reader(const toml::table& table, std::string title, findings& errors)
    : table_(table)
    , title_(std::move(title))
    , errors_(errors) {}

const toml::node* table_reader::find(std::string_view key) {
    known_.push_back(key);
    return table_.get(key);
}

void table_reader::fail(const toml::node& where, std::string text) { fail(where.source().begin, std::move(text)); }

void table_reader::fail(toml::source_position where, std::string text) {
    errors_.push_back({where.line, where.column, std::move(text)});
}

toml::source_position table_reader::place_of(std::string_view key) const {
    const toml::node* node = table_.get(key);
    return (node != nullptr ? *node : table_).source().begin;
}

void table_reader::read(std::string_view key, bool& out) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    if (const auto* value = node->as_boolean())
        out = value->get();
    else
        fail(*node, wrong_type(key, "true or false", *node));
}

const std::string* table_reader::text_of(std::string_view key, const toml::node& node) {
    if (const auto* value = node.as_string()) return &value->get();
    fail(node, wrong_type(key, "a text", node));
    return nullptr;
}

void table_reader::read(std::string_view key, std::string& out) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    if (const std::string* text = text_of(key, *node)) out = *text;
}

bool table_reader::read_integer(std::string_view key, std::int64_t& out, limits::range allowed) {
    const toml::node* node = find(key);
    if (node == nullptr) return false;
    const auto* value = node->as_integer();
    if (value == nullptr) {
        fail(*node, wrong_type(key, "an integer", *node));
        return false;
    }
    out = value->get();
    if (out >= allowed.from && out <= allowed.to) return true;
    fail(*node, std::string(key) + " is " + std::to_string(out) + ", outside " + std::to_string(allowed.from) + "…" +
                    std::to_string(allowed.to));
    return false;
}

void table_reader::read(std::string_view key, std::chrono::milliseconds& out, limits::range allowed) {
    if (std::int64_t value = 0; read_integer(key, value, allowed)) out = std::chrono::milliseconds(value);
}

bool table_reader::read_number(std::string_view key, double& out, double most) {
    const toml::node* node = find(key);
    if (node == nullptr) return false;
    const auto value = node->is_number() ? node->value<double>() : std::nullopt;
    if (!value) {
        fail(*node, wrong_type(key, "a number", *node));
        return false;
    }
    if (*value >= 0 && *value <= most) { // false for nan
        out = *value;
        return true;
    }
    std::ostringstream text;
    text << key << " is " << *value << ", outside 0…" << most;
    fail(*node, text.str());
    return false;
}

bool table_reader::read_texts(std::string_view key, std::vector<placed_text>& out) {
    const toml::node* node = find(key);
    if (node == nullptr) return false;
    if (const auto* text = node->as_string()) {
        out.push_back({text->get(), node->source().begin});
        return true;
    }
    const auto* items = node->as_array();
    if (items == nullptr) {
        fail(*node, wrong_type(key, "a text or an array of texts", *node));
        return true;
    }
    for (const auto& item : *items)
        if (const std::string* text = text_of("an item of " + std::string(key), item))
            out.push_back({*text, item.source().begin});
    return true;
}

bool table_reader::require_text(std::string_view key, placed_text& out) {
    const toml::node* node = find(key);
    if (node == nullptr) {
        fail(table_, title_ + " needs " + std::string(key));
        return false;
    }
    const std::string* text = text_of(key, *node);
    if (text == nullptr) return false;
    out = {*text, node->source().begin};
    if (text->empty()) fail(*node, std::string(key) + " is empty");
    return !text->empty();
}

std::vector<const toml::node*> table_reader::read_array(std::string_view key, std::string_view items) {
    std::vector<const toml::node*> found;
    const toml::node* node = find(key);
    if (node == nullptr) return found;
    const auto* array = node->as_array();
    if (array == nullptr)
        fail(*node, wrong_type(key, "an array of " + std::string(items), *node));
    else
        for (const auto& item : *array)
            found.push_back(&item);
    return found;
}

std::vector<const toml::table*> table_reader::read_tables(std::string_view key) {
    std::vector<const toml::table*> tables;
    for (const toml::node* item : read_array(key, "tables: write [[" + std::string(key) + "]]")) {
        if (const auto* table = item->as_table())
            tables.push_back(table);
        else
            fail(*item, wrong_type("an item of " + std::string(key), "a table", *item));
    }
    return tables;
}

const toml::table& table_reader::read_table(std::string_view key) {
    static const toml::table none;
    const toml::node* node = find(key);
    if (node == nullptr) return none;
    if (const auto* table = node->as_table()) return *table;
    fail(*node, wrong_type(key, "a table: write [" + std::string(key) + "]", *node));
    return none;
}

void table_reader::finish() {
    for (const auto& [key, node] : table_) {
        if (std::find(known_.begin(), known_.end(), key.str()) != known_.end()) continue;
        fail(key.source().begin, unknown("key", key.str(), " in " + title_, known_));
    }
}

} // namespace fenliu::apps::policy
