#include "storage/archive_rows.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "protocol/utf8.hpp"

namespace fenliu::storage {
namespace {

using nlohmann::json;
using routing::conversation_state;
using routing::side;

constexpr const char* empty_list = "[]"; // what most rows have, spared the library

// Text comes in as UTF-8, checked at the edge; whatever else got in is kept readable instead of stopping the archive.
std::string dump(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

bool is_plain(char each) { return static_cast<unsigned char>(each) >= 0x20 && each != '"' && each != '\\'; }

/// How much of the text, from its beginning, JSON has as it is.
std::size_t plain_bytes(std::string_view text) {
    constexpr std::size_t block = 32;
    std::size_t at = 0;
    for (; at + block <= text.size(); at += block) {
        // Without a way out of the loop, so that it is compiled to a comparison of several at once.
        unsigned special = 0;
        for (std::size_t i = 0; i < block; ++i)
            special |= is_plain(text[at + i]) ? 0U : 1U;
        if (special != 0) break;
    }
    while (at < text.size() && is_plain(text[at]))
        ++at;
    return at;
}

/// As `dump` writes a string.
void append_string(std::string& to, std::string_view text) {
    if (!protocol::is_utf8(text)) {
        to += dump(text);
        return;
    }
    to += '"';
    while (!text.empty()) {
        const auto plain = plain_bytes(text);
        to += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        const auto escaped = dump(text.substr(0, 1));
        to += std::string_view{escaped}.substr(1, escaped.size() - 2);
        text.remove_prefix(1);
    }
    to += '"';
}

/// A list as `dump` writes it. Every conversation has some, and a tree of JSON takes as long as the rest of its row.
template <class Values, class Append>
std::string list_text(const Values& values, Append append) {
    std::string text = "[";
    for (const auto& each : values) {
        if (text.size() > 1) text += ',';
        append(text, each);
    }
    return text += ']';
}

template <class Enum, std::size_t Size>
Enum value_of(std::string_view text, const std::array<Enum, Size>& values) {
    const auto found = std::find_if(values.begin(), values.end(), [&](Enum each) { return routing::name(each) == text; });
    if (found == values.end()) throw std::runtime_error{"unknown value '" + std::string{text} + "'"};
    return *found;
}

conversation_state state_of(std::string_view text) {
    using enum conversation_state;
    return value_of(text, std::array{fresh, robot, queued, pooled, assigned, closed});
}

side side_of(std::string_view text) { return value_of(text, std::array{side::buyer, side::agent, side::robot, side::system}); }

routing::reason reason_of(const std::string& text) {
    if (text.empty()) return routing::reason::none;
    if (const auto found = routing::reason_of(text)) return *found;
    throw std::runtime_error{"unknown reason '" + text + "'"};
}

std::vector<routing::place> read_places(std::string_view text) {
    std::vector<routing::place> places;
    if (text == empty_list) return places;
    for (const auto& each : json::parse(text)) {
        auto& made = places.emplace_back();
        made.epoch = each.at("epoch");
        made.at = each.at("at");
        made.state = state_of(each.at("state").get_ref<const std::string&>());
        made.owner = each.at("owner");
        made.reason = reason_of(each.at("reason").get_ref<const std::string&>());
        for (const auto& cause : each.at("causes"))
            made.causes.push_back(reason_of(cause.get_ref<const std::string&>()));
        made.forwarded = each.at("forwarded");
        made.by = each.at("by");
        made.note = each.at("note");
    }
    return places;
}

std::vector<routing::annotation> read_notes(std::string_view text) {
    std::vector<routing::annotation> notes;
    if (text == empty_list) return notes;
    for (const auto& each : json::parse(text))
        notes.push_back({each.at("at"), each.at("by"), each.at("request_id"), each.at("flag"), each.at("text")});
    return notes;
}

std::unique_ptr<routing::buyer_traits> read_traits(std::string_view text) {
    const auto value = json::parse(text);
    auto traits = std::make_unique<routing::buyer_traits>();
    traits->member = value.at("member");
    traits->private_contact = value.at("private");
    traits->dedicated = value.at("dedicated");
    traits->tags = value.at("tags").get<std::vector<std::string>>();
    for (const auto& each : value.at("crowds"))
        traits->crowds.push_back({each.at("id"), each.at("since"), each.at("until")});
    if (const auto order = value.find("order"); order != value.end()) {
        traits->order = order->at("id");
        traits->order_status = protocol::order_status_of(order->at("status").get<std::string>());
    }
    return traits;
}

std::unique_ptr<routing::asked_for> read_asked(std::string_view text) {
    const auto value = json::parse(text);
    return std::make_unique<routing::asked_for>(
        routing::asked_for{value.at("clicked_group"), value.at("product"), value.at("group"), value.at("emergency")});
}

/// Reads the lines of a JSON array without making a document of it: most of what start-up reads is lines.
class line_parser {
public:
    line_parser(std::uint64_t first_seq, const std::function<void(const routing::line&)>& each)
        : seq_{first_seq}
        , each_{each} {}

    bool number_integer(std::int64_t value) { return time(value); }
    bool number_unsigned(std::uint64_t value) { return time(static_cast<std::int64_t>(value)); }
    bool string(std::string& value) {
        if (depth_ != 2 || field_ < 1 || field_ > texts_.size()) return false;
        texts_[field_++ - 1].swap(value);
        return true;
    }
    bool start_array(std::size_t) {
        field_ = 0;
        return ++depth_ <= 2;
    }
    bool end_array() {
        if (depth_-- == 1) return true;
        if (field_ != 1 + texts_.size()) return false;
        each_({seq_++, at_, side_of(texts_[0]), texts_[1], texts_[2], texts_[3]});
        return true;
    }
    bool null() { return false; }
    bool boolean(bool) { return false; }
    bool number_float(double, const std::string&) { return false; }
    bool binary(json::binary_t&) { return false; }
    bool start_object(std::size_t) { return false; }
    bool end_object() { return false; }
    bool key(std::string&) { return false; }
    bool parse_error(std::size_t, const std::string&, const json::exception&) { return false; }

private:
    bool time(std::int64_t value) {
        if (depth_ != 2 || field_++ != 0) return false;
        at_ = value;
        return true;
    }

    std::uint64_t seq_;
    const std::function<void(const routing::line&)>& each_;
    unsigned depth_ = 0;
    std::size_t field_ = 0; // of the line being read
    routing::timestamp_ms at_ = 0;
    std::array<std::string, 4> texts_; // side, from, msg_id, text
};

} // namespace

shop_facts read_shop(SQLite::Statement& row) {
    const auto rating = [&](int column) {
        return routing::shop_rating::step{static_cast<routing::service_rating>(row.getColumn(column).getInt()),
                                          row.getColumn(column + 1).getInt64()};
    };
    return {row.getColumn(1).getInt64(), row.getColumn(2).getDouble(), {rating(3), rating(5)}};
}

routing::account read_account(SQLite::Statement& row) {
    return {.name = row.getColumn(0).getString(),
            .cap = row.getColumn(1).getUInt(),
            .participating = row.getColumn(2).getInt() != 0,
            .suspended = row.getColumn(3).getInt() != 0,
            .robot = row.getColumn(4).getInt() != 0,
            .credit = row.getColumn(5).getDouble(),
            .changed_at = row.getColumn(6).getInt64()};
}

routing::buyer read_buyer(SQLite::Statement& row) {
    routing::buyer value;
    value.recent_account = row.getColumn(0).getString();
    value.recent_at = row.getColumn(1).getInt64();
    value.recent_by_forward = row.getColumn(2).getInt() != 0;
    value.last_prompt = row.getColumn(3).getInt64();
    value.last_session_end = row.getColumn(4).getInt64();
    value.last_counted = row.getColumn(5).getInt64();
    value.conversations = row.getColumn(6).getUInt();
    value.last_conversation = unsigned_of(row.getColumn(7));
    if (const auto traits = row.getColumn(8); !traits.isNull()) value.traits = read_traits(text_of(traits));
    return value;
}

std::unique_ptr<routing::conversation> read_conversation(SQLite::Statement& row) {
    auto value = std::make_unique<routing::conversation>();
    value->number = unsigned_of(row.getColumn(0));
    value->shop = row.getColumn(1).getString();
    value->buyer = row.getColumn(2).getString();
    value->opened_at = row.getColumn(3).getInt64();
    value->closed_at = row.getColumn(4).getInt64();
    value->close_cause = row.getColumn(5).getString();
    value->state = state_of(text_of(row.getColumn(6)));
    value->epoch = unsigned_of(row.getColumn(7));
    value->owner = row.getColumn(8).getString();
    value->places = read_places(text_of(row.getColumn(9)));
    value->notes = read_notes(text_of(row.getColumn(10)));
    value->tags = read_strings(text_of(row.getColumn(11)));
    value->lang = row.getColumn(12).getString();
    value->returning = row.getColumn(13).getInt() != 0;
    value->owner_spoke = row.getColumn(14).getInt() != 0;
    value->wait_class = static_cast<std::uint8_t>(row.getColumn(15).getInt());
    value->waiting_since = row.getColumn(16).getInt64();
    value->last_line_at = row.getColumn(17).getInt64();
    value->last_agent_seq = unsigned_of(row.getColumn(18));
    value->score = static_cast<std::uint8_t>(row.getColumn(19).getInt());
    if (const auto asked = row.getColumn(23); !asked.isNull()) value->asked = read_asked(text_of(asked));
    value->transcript.start_after(unsigned_of(row.getColumn(20)));
    return value;
}

std::string places_text(const std::vector<routing::place>& places) {
    return list_text(places, [](std::string& to, const routing::place& each) {
        to += R"({"at":)" + std::to_string(each.at) + R"(,"by":)";
        append_string(to, each.by);
        to += R"(,"causes":)" + list_text(each.causes, [](std::string& causes, routing::reason cause) {
                  append_string(causes, routing::name(cause));
              });
        to += R"(,"epoch":)" + std::to_string(each.epoch) + R"(,"forwarded":)" + (each.forwarded ? "true" : "false");
        to += R"(,"note":)";
        append_string(to, each.note);
        to += R"(,"owner":)";
        append_string(to, each.owner);
        to += R"(,"reason":)";
        append_string(to, routing::name(each.reason));
        to += R"(,"state":)";
        append_string(to, routing::name(each.state));
        to += '}';
    });
}

std::string notes_text(const std::vector<routing::annotation>& notes) {
    if (notes.empty()) return empty_list;
    json all = json::array();
    for (const auto& each : notes)
        all.push_back(
            {{"at", each.at}, {"by", each.by}, {"request_id", each.request_id}, {"flag", each.flag}, {"text", each.text}});
    return dump(all);
}

std::string strings_text(const std::vector<std::string>& values) { return list_text(values, append_string); }

std::optional<std::string> asked_text(const routing::conversation& value) {
    if (!value.asked) return std::nullopt;
    return dump({{"clicked_group", value.asked->clicked_group},
                 {"product", value.asked->product},
                 {"group", value.asked->group},
                 {"emergency", value.asked->emergency}});
}

std::string traits_text(const routing::buyer_traits& traits) {
    json crowds = json::array();
    for (const auto& each : traits.crowds)
        crowds.push_back({{"id", each.id}, {"since", each.since}, {"until", each.until}});
    json text{{"member", traits.member},
              {"private", traits.private_contact},
              {"dedicated", traits.dedicated},
              {"tags", traits.tags},
              {"crowds", std::move(crowds)}};
    if (traits.order_status) text["order"] = {{"id", traits.order}, {"status", protocol::name(*traits.order_status)}};
    return dump(text);
}

std::vector<std::string> owners_of(const routing::conversation& value) {
    std::vector<std::string> owners;
    for (const auto& each : value.places)
        if (!each.owner.empty() && std::find(owners.begin(), owners.end(), each.owner) == owners.end())
            owners.push_back(each.owner);
    return owners;
}

std::vector<std::string> read_strings(std::string_view text) {
    if (text == empty_list) return {};
    return json::parse(text).get<std::vector<std::string>>();
}

// By hand, since this is most of what the archive's thread does: the library makes a document of each line first.
void append_line(std::string& messages, const routing::line_added& line) {
    messages += '[';
    messages += std::to_string(line.at);
    for (const std::string_view each : {routing::name(line.side), line.from, line.msg_id, line.text}) {
        messages += ',';
        append_string(messages, each);
    }
    messages += ']';
}

void read_lines(std::string_view messages, std::uint64_t first_seq, const std::function<void(const routing::line&)>& each) {
    line_parser parser{first_seq, each};
    if (!json::sax_parse(messages, &parser)) throw std::runtime_error{"lines that are not as they were written"};
}

} // namespace fenliu::storage
