#include "protocol/codec.hpp"
#include "protocol/writer.hpp"

namespace fenliu::protocol {

void encode(std::string& out, const publish& value) {
    writer to(out, kind::publish, 5);
    to.id(value.msg_id);
    to.text(value.shop, limits::shop_bytes);
    to.text(value.buyer, limits::buyer_bytes);
    to.text(value.text);
    to.map(entry_count()
               .of(!value.to.empty())
               .of(!value.entry.empty())
               .of(!value.page.empty())
               .of(!value.group.empty())
               .of(!value.product.empty())
               .of(!value.order.empty())
               .of(!value.tags.empty())
               .of(!value.region.empty())
               .of(!value.level.empty())
               .of(value.crowds.has_value())
               .of(!value.lang.empty()));
    to.entry("to", value.to, limits::account_bytes);
    to.entry("entry", value.entry);
    to.entry("page", value.page);
    to.entry("group", value.group);
    to.entry("product", value.product);
    to.entry("order", value.order);
    to.labels_entry("tags", value.tags);
    to.entry("region", value.region);
    to.entry("level", value.level);
    if (value.crowds) {
        // An empty set is not the default: the buyer is in no crowd any more.
        to.text("crowds");
        to.labels(*value.crowds);
    }
    to.entry("lang", value.lang);
}

void encode(std::string& out, const buyer_left& value) {
    writer to(out, kind::buyer_left, 3);
    to.text(value.shop, limits::shop_bytes);
    to.text(value.buyer, limits::buyer_bytes);
    to.id(value.request_id);
}

void encode(std::string& out, const rating& value) {
    writer to(out, kind::rating, 4);
    to.text(value.shop, limits::shop_bytes);
    to.text(value.buyer, limits::buyer_bytes);
    to.number(value.score);
    to.id(value.request_id);
}

void encode(std::string& out, const order_event& value) {
    writer to(out, kind::order_event, 6);
    to.text(value.shop, limits::shop_bytes);
    to.text(value.buyer, limits::buyer_bytes);
    to.label(value.order_id);
    to.text(name(value.status));
    to.integer(value.amount_cents);
    to.id(value.request_id);
}

void encode(std::string& out, const attach& value) {
    writer to(out, kind::attach, 4);
    to.text(value.shop, limits::shop_bytes);
    to.text(value.buyer, limits::buyer_bytes);
    to.text_or_nil(value.conversation, limits::id_bytes);
    to.number(value.seq);
}

void encode(std::string& out, const stored& value) {
    writer to(out, kind::stored, 4);
    to.id(value.msg_id);
    to.id(value.conversation);
    to.number(value.seq);
    to.flag(value.duplicate);
}

void encode(std::string& out, const routed& value) {
    writer to(out, kind::routed, 6);
    to.text(value.shop, limits::shop_bytes);
    to.text(value.buyer, limits::buyer_bytes);
    to.id(value.conversation);
    to.label(value.reason);
    to.text_or_nil(value.agent, limits::account_bytes);
    to.map(entry_count().of(!value.causes.empty()).of(value.position != 0).of(value.eta_s != 0));
    to.labels_entry("causes", value.causes);
    to.number_entry("position", value.position);
    to.number_entry("eta_s", value.eta_s);
}

void encode(std::string& out, const reply& value) {
    writer to(out, kind::reply, 7);
    to.text(value.shop, limits::shop_bytes);
    to.text(value.buyer, limits::buyer_bytes);
    to.id(value.conversation);
    to.number(value.seq);
    to.text(value.from, limits::account_bytes);
    to.text(value.text);
    to.integer(value.ts);
}

void encode(std::string& out, const prompt& value) {
    writer to(out, kind::prompt, 4);
    to.text(value.shop, limits::shop_bytes);
    to.text(value.buyer, limits::buyer_bytes);
    to.text(value.title);
    to.text(value.body);
}

void encode(std::string& out, const queue_moved& value) {
    writer to(out, kind::queue_moved, 4);
    to.text(value.shop, limits::shop_bytes);
    to.text(value.buyer, limits::buyer_bytes);
    to.number(value.position);
    to.number(value.eta_s);
}

} // namespace fenliu::protocol
