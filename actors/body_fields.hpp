// The fields of an admin request's body, read without trusting their types: what is absent or of another type counts as not
// said. And of an answer: texts that may be empty, and how much a page holds. Nothing is shared; any thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "protocol/limits.hpp"

namespace fenliu::actors {

/// A text; empty if it is absent.
[[nodiscard]] inline std::string text_in(const nlohmann::json& body, const char* key) {
    const auto found = body.find(key);
    return found != body.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// A whole number from 0.
[[nodiscard]] inline std::uint64_t number_in(const nlohmann::json& body, const char* key, std::uint64_t otherwise) {
    const auto found = body.find(key);
    return found != body.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : otherwise;
}

[[nodiscard]] inline bool flag_in(const nlohmann::json& body, const char* key, bool otherwise) {
    const auto found = body.find(key);
    return found != body.end() && found->is_boolean() ? found->get<bool>() : otherwise;
}

/// Rows of a page: `limit`, 1 to 256, usually 100.
[[nodiscard]] inline std::size_t page_limit(const nlohmann::json& body) {
    constexpr std::size_t usual = 100, most = 256;
    return std::clamp<std::uint64_t>(number_in(body, "limit", usual), 1, most);
}

/// What a page of an answer still takes: `page_limit` rows, and limits::page_bytes of them, but always the first.
class page_room {
public:
    explicit page_room(const nlohmann::json& body)
        : limit_{page_limit(body)} {}
    /// Whether the row goes onto the page; if not, the next page begins with it.
    [[nodiscard]] bool take(const nlohmann::json& row) {
        bytes_ += nlohmann::json::to_msgpack(row).size();
        if (rows_ == limit_ || (rows_ > 0 && bytes_ > limits::page_bytes)) return false;
        ++rows_;
        return true;
    }

private:
    std::size_t limit_, rows_ = 0, bytes_ = 0;
};

/// An empty text is nil to the one who asked.
[[nodiscard]] inline nlohmann::json or_nil(std::string_view text) {
    return text.empty() ? nlohmann::json(nullptr) : nlohmann::json(text);
}

/// JSON in which bytes that are no UTF-8 are replaced, never an exception.
[[nodiscard]] inline std::string to_text(const nlohmann::json& value) {
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace fenliu::actors
