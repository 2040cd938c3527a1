#include "protocol/read.hpp"

namespace fenliu::protocol {

namespace {

void read_option(std::string_view key, const field& entry, publish& value) {
    if (key == "to")
        value.to = entry.text("publish.to", limits::account_bytes);
    else if (key == "entry")
        value.entry = entry.text("publish.entry", limits::label_bytes);
    else if (key == "page")
        value.page = entry.text("publish.page", limits::label_bytes);
    else if (key == "group")
        value.group = entry.text("publish.group", limits::label_bytes);
    else if (key == "product")
        value.product = entry.text("publish.product", limits::label_bytes);
    else if (key == "order")
        value.order = entry.text("publish.order", limits::label_bytes);
    else if (key == "tags")
        value.tags = read_labels(entry, "publish.tags", limits::tags);
    else if (key == "region")
        value.region = entry.text("publish.region", limits::label_bytes);
    else if (key == "level")
        value.level = entry.text("publish.level", limits::label_bytes);
    else if (key == "lang")
        value.lang = entry.text("publish.lang", limits::label_bytes);
    else if (key == "crowds" && !entry.is(token_type::nil))
        value.crowds = read_labels(entry, "publish.crowds", limits::crowds);
}

} // namespace

void read(field_list& fields, publish& value) {
    value.msg_id = fields.next().id("publish.msg_id");
    value.shop = fields.next().shop("publish.shop");
    value.buyer = fields.next().buyer("publish.buyer");
    value.text = fields.next().text("publish.text");
    field_list pairs = fields.next().pairs("publish.options");
    while (pairs.left() > 0) {
        const std::string_view key = pairs.next().key();
        read_option(key, pairs.next(), value);
    }
}

void read(field_list& fields, buyer_left& value) {
    value.shop = fields.next().shop("buyer_left.shop");
    value.buyer = fields.next().buyer("buyer_left.buyer");
    value.request_id = fields.next().id("buyer_left.request_id");
}

void read(field_list& fields, rating& value) {
    value.shop = fields.next().shop("rating.shop");
    value.buyer = fields.next().buyer("rating.buyer");
    const field score = fields.next();
    value.score = score.number<std::uint32_t>("rating.score");
    if (value.score < 1 || value.score > 5) score.reject("rating.score");
    value.request_id = fields.next().id("rating.request_id");
}

void read(field_list& fields, order_event& value) {
    value.shop = fields.next().shop("order_event.shop");
    value.buyer = fields.next().buyer("order_event.buyer");
    value.order_id = fields.next().required("order_event.order_id", limits::label_bytes);
    value.status = fields.next().one_of(order_status_of, "order_event.status");
    value.amount_cents = fields.next().integer("order_event.amount_cents");
    value.request_id = fields.next().id("order_event.request_id");
}

void read(field_list& fields, attach& value) {
    value.shop = fields.next().shop("attach.shop");
    value.buyer = fields.next().buyer("attach.buyer");
    value.conversation = fields.next().text("attach.conversation", limits::id_bytes);
    value.seq = fields.next().number<std::uint64_t>("attach.seq");
}

void read(field_list& fields, stored& value) {
    value.msg_id = fields.next().id("stored.msg_id");
    value.conversation = fields.next().text("stored.conversation", limits::id_bytes);
    value.seq = fields.next().number<std::uint64_t>("stored.seq");
    value.duplicate = fields.next().flag("stored.duplicate");
}

void read(field_list& fields, routed& value) {
    value.shop = fields.next().shop("routed.shop");
    value.buyer = fields.next().buyer("routed.buyer");
    value.conversation = fields.next().text("routed.conversation", limits::id_bytes);
    value.reason = fields.next().text("routed.reason", limits::label_bytes);
    value.agent = fields.next().text("routed.agent", limits::account_bytes);
    field_list pairs = fields.next().pairs("routed.options");
    while (pairs.left() > 0) {
        const std::string_view key = pairs.next().key();
        const field entry = pairs.next();
        if (key == "causes")
            value.causes = read_labels(entry, "routed.causes");
        else if (key == "position")
            value.position = entry.number<std::uint32_t>("routed.position");
        else if (key == "eta_s")
            value.eta_s = entry.number<std::uint32_t>("routed.eta_s");
    }
}

void read(field_list& fields, reply& value) {
    value.shop = fields.next().shop("reply.shop");
    value.buyer = fields.next().buyer("reply.buyer");
    value.conversation = fields.next().id("reply.conversation");
    value.seq = fields.next().number<std::uint64_t>("reply.seq");
    value.from = fields.next().text("reply.from", limits::account_bytes);
    value.text = fields.next().text("reply.text");
    value.ts = fields.next().integer("reply.ts");
}

void read(field_list& fields, prompt& value) {
    value.shop = fields.next().shop("prompt.shop");
    value.buyer = fields.next().buyer("prompt.buyer");
    value.title = fields.next().text("prompt.title");
    value.body = fields.next().text("prompt.body");
}

void read(field_list& fields, queue_moved& value) {
    value.shop = fields.next().shop("queue_moved.shop");
    value.buyer = fields.next().buyer("queue_moved.buyer");
    value.position = fields.next().number<std::uint32_t>("queue_moved.position");
    value.eta_s = fields.next().number<std::uint32_t>("queue_moved.eta_s");
}

} // namespace fenliu::protocol
