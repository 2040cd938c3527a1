// Requests of an admin session, one at a time: verbs with JSON bodies (msgpack maps on the wire) and history pages. Owned by
// one command.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "apps/fenliu/connection.hpp"
#include "apps/fenliu/output.hpp"
#include "protocol/message.hpp"

namespace fenliu::apps::fenliu {

/// A line of history that owns its text.
struct history_entry {
    std::string conversation;
    std::uint64_t seq = 0;
    std::string from, text;
    protocol::timestamp_ms ts = 0;
};

/// Some lines, oldest first, and the way to the page before them.
struct history_part {
    std::vector<history_entry> lines;
    std::string cursor; ///< empty: no older page
};

/// The lines of a page; a page of colleagues has none.
[[nodiscard]] history_part part_of(const protocol::history_page& page);

/// A msgpack map as JSON, or null for bytes that are none.
[[nodiscard]] json body_of(std::string_view bytes);
/// The bytes of a JSON object as a msgpack map.
[[nodiscard]] std::string bytes_of(const json& body);

class admin {
public:
    /// `shop` empty: any shop. An answer may take as long as --timeout says, or `patience` if that is longer.
    admin(const common_options& options, std::string shop, std::chrono::milliseconds patience = {});

    [[nodiscard]] std::optional<problem> open() { return connection_.open(); }
    /// One verb, one answer.
    [[nodiscard]] std::variant<json, problem> ask(std::string_view verb, const json& body);
    /// What the broker said besides the text when it refused the last request; null if it didn't.
    [[nodiscard]] const json& refusal_body() const noexcept { return refusal_body_; }
    /// The pages of a verb, their rows under `rows` put together: all, or the first `most` rows.
    [[nodiscard]] std::variant<json, problem> ask_all(std::string_view verb, json body, std::string_view rows,
                                                      std::size_t most = std::numeric_limits<std::size_t>::max());
    /// One page of everything a buyer and the shop said; `cursor` empty: the newest.
    [[nodiscard]] std::variant<history_part, problem> history(std::string_view buyer, std::string_view cursor,
                                                              std::uint32_t limit);

private:
    [[nodiscard]] std::optional<problem> exchange(const protocol::message& request, const std::string& request_id);
    void received(const protocol::message& value);

    std::chrono::milliseconds patience_;
    std::string awaited_;            ///< request_id in the air
    std::optional<problem> refusal_; ///< the broker's error for it
    json refusal_body_;
    std::optional<std::variant<json, history_part>> answer_;
    connection connection_;
};

} // namespace fenliu::apps::fenliu
