#include "apps/policy/case_fields.hpp"

#include "apps/policy/timestamp.hpp"

namespace fenliu::apps::policy {

using nlohmann::json;

case_fields::case_fields(const json& object, std::string path, std::string& fault)
    : object_(&object)
    , path_(std::move(path))
    , fault_(&fault) {
    if (!object.is_object() && fault.empty()) fault = (path_.empty() ? "the case" : path_) + " is no object";
}

std::string case_fields::path_of(std::string_view key) const {
    return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

void case_fields::fail(std::string_view key, std::string_view what) {
    if (fault_->empty()) fault_->append(path_of(key)).append(" ").append(what);
}

const json* case_fields::find(std::string_view key) const {
    if (!object_->is_object()) return nullptr;
    const auto found = object_->find(std::string(key));
    return found == object_->end() || found->is_null() ? nullptr : &*found;
}

void case_fields::require(std::string_view key) {
    if (!has(key)) fail(key, "is missing");
}

void case_fields::read(std::string_view key, bool& out) {
    const json* value = find(key);
    if (value == nullptr) return;
    if (!value->is_boolean()) return fail(key, "is neither true nor false");
    out = value->get<bool>();
}

void case_fields::read(std::string_view key, std::string& out) {
    const json* value = find(key);
    if (value == nullptr) return;
    if (!value->is_string()) return fail(key, "is no text");
    out = value->get<std::string>();
}

void case_fields::read(std::string_view key, double& out) {
    const json* value = find(key);
    if (value == nullptr) return;
    if (!value->is_number()) return fail(key, "is no number");
    out = value->get<double>();
}

bool case_fields::read_count(std::string_view key, std::uint64_t& out, std::uint64_t most) {
    const json* value = find(key);
    if (value == nullptr) return false;
    if (value->is_number_unsigned() && value->get<std::uint64_t>() <= most) {
        out = value->get<std::uint64_t>();
        return true;
    }
    fail(key, "is no number of 0…" + std::to_string(most));
    return false;
}

void case_fields::read(std::string_view key, std::vector<std::string>& out) {
    const json* value = find(key);
    if (value == nullptr) return;
    if (!value->is_array()) return fail(key, "is no array of texts");
    out.clear();
    for (const auto& each : *value) {
        if (!each.is_string()) return fail(key, "is no array of texts");
        out.push_back(each.get<std::string>());
    }
}

void case_fields::read_time(std::string_view key, routing::timestamp_ms& out) {
    std::string text;
    read(key, text);
    if (text.empty()) return;
    const auto time = read_timestamp(text);
    if (!time) return fail(key, "is no time such as 2026-03-01T10:05:00+08:00");
    out = *time;
}

case_fields case_fields::object(std::string_view key) {
    static const json none = json::object();
    const json* value = find(key);
    return {value != nullptr ? *value : none, path_of(key), *fault_};
}

std::vector<case_fields> case_fields::objects(std::string_view key) {
    std::vector<case_fields> all;
    const json* value = find(key);
    if (value == nullptr) return all;
    if (!value->is_array()) {
        fail(key, "is no array");
        return all;
    }
    for (const auto& each : *value)
        all.emplace_back(each, path_of(key) + "[" + std::to_string(all.size()) + "]", *fault_);
    return all;
}

} // namespace fenliu::apps::policy
