#include <array>
#include <exception>
#include <new>

#include "protocol/codec.hpp"
#include "protocol/kind.hpp"
#include "protocol/limits.hpp"
#include "protocol/read.hpp"
#include "protocol/tape.hpp"

namespace fenliu::protocol {

namespace {

/// The msg_id or request_id of a message whose array is known but whose rest may be anything.
std::optional<std::string_view> ref_in(const token& array, std::uint32_t number) {
    std::size_t index = 1;
    switch (static_cast<kind>(number)) {
    case kind::publish:
    case kind::stored:
    case kind::say:
    case kind::forward:
    case kind::close:
    case kind::history_request:
    case kind::pick:
    case kind::note:
    case kind::history_page:
    case kind::result:
    case kind::said:
    case kind::admin_request:
    case kind::admin_reply:
        break;
    case kind::presence_change:
        index = 2;
        break;
    case kind::buyer_left:
        index = 3;
        break;
    case kind::error:
    case kind::rating:
        index = 4;
        break;
    case kind::order_event:
        index = 6;
        break;
    default:
        return std::nullopt;
    }
    if (index >= array.size) return std::nullopt;
    const token* value = &array + 1;
    for (; index > 0; --index)
        value = value->next();
    if (value->type != token_type::text || value->size == 0 || value->size > limits::id_bytes) return std::nullopt;
    return value->text();
}

/// The body of kinds 50 and 51: the map behind the text `before` it, as bytes of the frame; an empty map where it is missing.
std::string_view read_body(field_list& fields, std::string_view frame, std::string_view before, const char* what) {
    static constexpr std::string_view empty_map("\x80", 1);
    const field body = fields.next();
    if (body.is(token_type::nil)) return empty_map;
    if (!body.is(token_type::map)) body.reject(what);
    if (fields.why().code != errc::ok) return empty_map;
    const std::string_view rest = frame.substr(static_cast<std::size_t>(before.data() + before.size() - frame.data()));
    return rest.substr(0, object_bytes(rest));
}

template <class Kind>
void read_into(std::vector<message>& out, field_list& fields, std::string_view frame) {
    auto& value = std::get<Kind>(out.emplace_back(std::in_place_type<Kind>));
    read(fields, value);
    if constexpr (std::is_same_v<Kind, admin_request>)
        value.body = read_body(fields, frame, value.verb, "admin_request.body");
    else if constexpr (std::is_same_v<Kind, admin_reply>)
        value.body = read_body(fields, frame, value.code, "admin_reply.body");
}

using reader = void (*)(std::vector<message>&, field_list&, std::string_view);

reader reader_of(std::uint32_t number) noexcept {
    switch (static_cast<kind>(number)) {
    case kind::hello:
        return read_into<hello>;
    case kind::welcome:
        return read_into<welcome>;
    case kind::heartbeat:
        return read_into<heartbeat>;
    case kind::ack:
        return read_into<ack>;
    case kind::bye:
        return read_into<bye>;
    case kind::error:
        return read_into<error>;
    case kind::credit:
        return read_into<credit>;
    case kind::publish:
        return read_into<publish>;
    case kind::buyer_left:
        return read_into<buyer_left>;
    case kind::rating:
        return read_into<rating>;
    case kind::order_event:
        return read_into<order_event>;
    case kind::attach:
        return read_into<attach>;
    case kind::stored:
        return read_into<stored>;
    case kind::routed:
        return read_into<routed>;
    case kind::reply:
        return read_into<reply>;
    case kind::prompt:
        return read_into<prompt>;
    case kind::queue_moved:
        return read_into<queue_moved>;
    case kind::presence_change:
        return read_into<presence_change>;
    case kind::say:
        return read_into<say>;
    case kind::forward:
        return read_into<forward>;
    case kind::close:
        return read_into<close>;
    case kind::history_request:
        return read_into<history_request>;
    case kind::pick:
        return read_into<pick>;
    case kind::note:
        return read_into<note>;
    case kind::assigned:
        return read_into<assigned>;
    case kind::unassigned:
        return read_into<unassigned>;
    case kind::buyer_line:
        return read_into<buyer_line>;
    case kind::history_page:
        return read_into<history_page>;
    case kind::result:
        return read_into<result>;
    case kind::said:
        return read_into<said>;
    case kind::alert:
        return read_into<alert>;
    case kind::admin_request:
        return read_into<admin_request>;
    case kind::admin_reply:
        return read_into<admin_reply>;
    }
    return nullptr;
}

/// Appends the message that the object on the tape is, or its rejection.
void read_object(const tape& object, std::string_view frame, std::vector<message>& out) {
    rejection why;
    const token& array = object.root();
    if (array.type != token_type::array) {
        out.emplace_back(rejected{.what = "the message is no array"});
        return;
    }
    field_list fields(&array + 1, array.size, why);
    const auto number = fields.next().number<std::uint32_t>("kind");
    if (number == 0) {
        out.emplace_back(rejected{.what = "kind"});
        return;
    }
    const reader read_kind = reader_of(number);
    if (read_kind == nullptr) {
        out.emplace_back(rejected{.kind = number, .code = errc::unsupported_version, .what = "kind"});
        return;
    }
    read_kind(out, fields, frame);
    if (object.has_too_large_text()) why.set(errc::too_large, "a field this version doesn't know");
    if (why.code != errc::ok) out.back() = rejected{number, why.code, ref_in(array, number), why.what};
}

} // namespace

std::vector<std::string_view> read_labels(const field& list, const char* what, std::size_t limit) {
    field_list items = list.items(what, limit);
    std::vector<std::string_view> labels;
    labels.reserve(items.left());
    while (items.left() > 0)
        labels.push_back(items.next().text(what, limits::label_bytes));
    return labels;
}

struct decoder::state {
    tape object;
};

decoder::decoder()
    : state_(std::make_unique<state>()) {}
decoder::decoder(decoder&&) noexcept = default;
decoder& decoder::operator=(decoder&&) noexcept = default;
decoder::~decoder() = default;

frame_outcome decoder::decode(std::string_view frame, std::vector<message>& out) {
    if (frame.empty()) return {false, 0, "an empty frame"};
    if (frame.size() > limits::frame_bytes) return {false, 0, "a frame of more than 256 KiB"};
    std::size_t offset = 0;
    std::size_t whole = out.size();
    const std::size_t most = whole + limits::frame_messages;
    try {
        while (offset < frame.size()) {
            if (whole == most) return {false, offset, "more than 256 messages in a frame"};
            std::size_t end = offset;
            if (const char* fault = state_->object.read(frame, end)) return {false, offset, fault};
            read_object(state_->object, frame, out);
            offset = end;
            ++whole;
        }
    } catch (const std::exception&) {
        // Only memory can fail here; a message half read is no message.
        while (out.size() > whole)
            out.pop_back();
        return {false, offset, "out of memory"};
    }
    return {true, offset, ""};
}

} // namespace fenliu::protocol
