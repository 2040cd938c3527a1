#include "apps/fenliu/admin.hpp"

#include <algorithm>

#include "apps/fenliu/fresh_id.hpp"
#include "protocol/limits.hpp"

namespace fenliu::apps::fenliu {

history_part part_of(const protocol::history_page& page) {
    history_part out;
    out.cursor = page.cursor;
    if (const auto* lines = std::get_if<std::vector<protocol::history_line>>(&page.rows))
        for (const auto& line : *lines)
            out.lines.push_back(
                {std::string(line.conversation), line.seq, std::string(line.from), std::string(line.text), line.ts});
    return out;
}

json body_of(std::string_view bytes) {
    auto out = json::from_msgpack(bytes.begin(), bytes.end(), true, false);
    return out.is_object() ? out : json();
}

std::string bytes_of(const json& body) {
    std::string out;
    json::to_msgpack(body, nlohmann::detail::output_adapter<char>(out));
    return out;
}

namespace {

transport::client_options options_for(const common_options& options, std::string shop) {
    auto out = client_options_for(options, protocol::role::admin);
    out.shop = std::move(shop);
    return out;
}

} // namespace

admin::admin(const common_options& options, std::string shop, std::chrono::milliseconds patience)
    : patience_(std::max(options.timeout, patience))
    , connection_(
          options, options_for(options, std::move(shop)),
          {.on_message = [this](const protocol::message& value) { received(value); }, .on_open = {}, .on_lost = {}, .seen = {}}) {
}

void admin::received(const protocol::message& value) {
    if (protocol::ref_of(value) != awaited_) return;
    if (const auto* reply = std::get_if<protocol::admin_reply>(&value)) {
        auto body = body_of(reply->body);
        if (reply->code == protocol::name(protocol::errc::ok)) {
            answer_ = std::move(body);
        } else {
            refusal_ = answered_with(reply->code, cell(body, "text"));
            refusal_body_ = std::move(body);
        }
    } else if (const auto* page = std::get_if<protocol::history_page>(&value)) {
        answer_ = part_of(*page);
    } else if (const auto* result = std::get_if<protocol::result>(&value)) {
        refusal_ = answered_with(result->code, result->detail);
    } else if (const auto* error = std::get_if<protocol::error>(&value)) {
        refusal_ = answered_with(error->code, error->text);
    }
}

std::optional<problem> admin::exchange(const protocol::message& request, const std::string& request_id) {
    awaited_ = request_id;
    refusal_.reset();
    refusal_body_ = json();
    answer_.reset();
    connection_.client().send(request);
    if (auto bad = connection_.wait([this] { return refusal_ || answer_; }, patience_)) return bad;
    return refusal_;
}

std::variant<json, problem> admin::ask(std::string_view verb, const json& body) {
    const auto id = fresh_id();
    const auto bytes = bytes_of(body);
    if (auto bad = exchange(protocol::admin_request{id, verb, bytes}, id)) return *bad;
    if (auto* answer = std::get_if<json>(&*answer_)) return std::move(*answer);
    return problem{exit_status::failed, "the broker answered " + std::string(verb) + " with a history page"};
}

std::variant<json, problem> admin::ask_all(std::string_view verb, json body, std::string_view rows, std::size_t most) {
    const std::string key(rows);
    json whole;
    for (std::size_t have = 0;;) {
        if (most - have < limits::page_lines) body["limit"] = most - have;
        auto asked = ask(verb, body);
        auto* page = std::get_if<json>(&asked);
        if (!page) return asked;
        const auto cursor = field(*page, "cursor");
        have += field(*page, key).size();
        const bool more = !cursor.is_null() && !field(*page, key).empty() && have < most;
        if (whole.is_null())
            whole = std::move(*page);
        else
            for (auto& row : (*page)[key])
                whole[key].push_back(std::move(row));
        if (!more) break;
        body["cursor"] = cursor;
    }
    whole.erase("cursor");
    return whole;
}

std::variant<history_part, problem> admin::history(std::string_view buyer, std::string_view cursor, std::uint32_t limit) {
    const auto id = fresh_id();
    const protocol::history_request request{id, buyer, cursor, limit, protocol::history_scope::all};
    if (auto bad = exchange(request, id)) return *bad;
    if (auto* part = std::get_if<history_part>(&*answer_)) return std::move(*part);
    return problem{exit_status::failed, "the broker answered a history request with something else"};
}

} // namespace fenliu::apps::fenliu
