#include "protocol/read.hpp"

namespace fenliu::protocol {

namespace {

std::vector<position> read_seen(const field& list) {
    field_list items = list.items("hello.seen");
    std::vector<position> seen;
    seen.reserve(items.left());
    while (items.left() > 0) {
        field_list fields = items.next().items("hello.seen");
        position& value = seen.emplace_back();
        value.conversation = fields.next().id("hello.seen");
        value.seq = fields.next().number<std::uint64_t>("hello.seen");
    }
    return seen;
}

void read_resume(const field& map, hello& value) {
    field_list pairs = map.pairs("hello.resume");
    while (pairs.left() > 0) {
        const std::string_view key = pairs.next().key();
        const field entry = pairs.next();
        if (key == "session")
            value.resume_session = entry.text("hello.resume.session", limits::label_bytes);
        else if (key == "rx")
            value.resume_rx = entry.number<std::uint64_t>("hello.resume.rx");
    }
}

void read_options(const field& map, hello& value) {
    field_list pairs = map.pairs("hello.options");
    while (pairs.left() > 0) {
        const std::string_view key = pairs.next().key();
        const field entry = pairs.next();
        if (key == "shop")
            value.shop = entry.text("hello.shop", limits::shop_bytes);
        else if (key == "account")
            value.account = entry.text("hello.account", limits::account_bytes);
        else if (key == "device")
            value.device = entry.text("hello.device", limits::label_bytes);
        else if (key == "robot")
            value.robot = entry.flag("hello.robot");
        else if (key == "resume")
            read_resume(entry, value);
        else if (key == "seen")
            value.seen = read_seen(entry);
    }
}

} // namespace

void read(field_list& fields, hello& value) {
    value.version = fields.next().number<std::uint32_t>("hello.version");
    // What follows may mean something else in another version; its sender needs to hear UNSUPPORTED_VERSION, not MALFORMED.
    if (value.version != limits::protocol_version) return;
    value.role = fields.next().one_of(role_of, "hello.role");
    value.token = fields.next().text("hello.token");
    read_options(fields.next(), value);
}

void read(field_list& fields, welcome& value) {
    value.session = fields.next().text("welcome.session", limits::label_bytes);
    value.rx = fields.next().number<std::uint64_t>("welcome.rx");
    value.resumed = fields.next().flag("welcome.resumed");
    field_list pairs = fields.next().pairs("welcome.options");
    while (pairs.left() > 0) {
        const std::string_view key = pairs.next().key();
        const field entry = pairs.next();
        if (key == "heartbeat_ms")
            value.heartbeat_ms = entry.number<std::uint32_t>("welcome.heartbeat_ms");
        else if (key == "window")
            value.window = entry.number<std::uint32_t>("welcome.window");
        else if (key == "max_frame")
            value.max_frame = entry.number<std::uint32_t>("welcome.max_frame");
        else if (key == "expiry_ms")
            value.expiry_ms = entry.number<std::uint32_t>("welcome.expiry_ms");
        else if (key == "server")
            value.server = entry.text("welcome.server", limits::label_bytes);
    }
}

void read(field_list&, heartbeat&) {}

void read(field_list& fields, ack& value) { value.rx = fields.next().number<std::uint64_t>("ack.rx"); }

void read(field_list& fields, bye& value) { value.code = fields.next().text("bye.code", limits::label_bytes); }

void read(field_list& fields, error& value) {
    value.code = fields.next().required("error.code", limits::label_bytes);
    value.retryable = fields.next().flag("error.retryable");
    value.retry_after_ms = fields.next().number<std::uint32_t>("error.retry_after_ms");
    if (const field ref = fields.next(); !ref.is(token_type::nil)) value.ref = ref.id("error.ref");
    value.text = fields.next().text("error.text");
}

void read(field_list& fields, credit& value) { value.window = fields.next().number<std::uint32_t>("credit.window"); }

void read(field_list& fields, admin_request& value) {
    value.request_id = fields.next().id("admin_request.request_id");
    value.verb = fields.next().required("admin_request.verb", limits::label_bytes);
}

void read(field_list& fields, admin_reply& value) {
    value.request_id = fields.next().id("admin_reply.request_id");
    value.code = fields.next().required("admin_reply.code", limits::label_bytes);
}

} // namespace fenliu::protocol
