#include "protocol/codec.hpp"
#include "protocol/writer.hpp"

namespace fenliu::protocol {

void encode(std::string& out, const hello& value) {
    writer to(out, kind::hello, 4);
    to.number(value.version);
    to.text(name(value.role));
    to.text(value.token);
    const bool resumes = !value.resume_session.empty();
    to.map(entry_count()
               .of(!value.shop.empty())
               .of(!value.account.empty())
               .of(!value.device.empty())
               .of(value.robot)
               .of(resumes)
               .of(!value.seen.empty()));
    to.entry("shop", value.shop, limits::shop_bytes);
    to.entry("account", value.account, limits::account_bytes);
    to.entry("device", value.device);
    to.flag_entry("robot", value.robot);
    if (resumes) {
        to.text("resume");
        to.map(2);
        to.text("session");
        to.label(value.resume_session);
        to.text("rx");
        to.number(value.resume_rx);
    }
    if (!value.seen.empty()) {
        to.text("seen");
        to.array(value.seen.size());
        for (const position& place : value.seen) {
            to.array(2);
            to.id(place.conversation);
            to.number(place.seq);
        }
    }
}

void encode(std::string& out, const welcome& value) {
    writer to(out, kind::welcome, 4);
    to.label(value.session);
    to.number(value.rx);
    to.flag(value.resumed);
    to.map(entry_count()
               .of(value.heartbeat_ms != 0)
               .of(value.window != 0)
               .of(value.max_frame != 0)
               .of(value.expiry_ms != 0)
               .of(!value.server.empty()));
    to.number_entry("heartbeat_ms", value.heartbeat_ms);
    to.number_entry("window", value.window);
    to.number_entry("max_frame", value.max_frame);
    to.number_entry("expiry_ms", value.expiry_ms);
    to.entry("server", value.server);
}

void encode(std::string& out, const heartbeat&) { writer(out, kind::heartbeat, 0); }

void encode(std::string& out, const ack& value) {
    writer to(out, kind::ack, 1);
    to.number(value.rx);
}

void encode(std::string& out, const bye& value) {
    writer to(out, kind::bye, 1);
    to.label(value.code);
}

void encode(std::string& out, const error& value) {
    writer to(out, kind::error, 5);
    to.label(value.code);
    to.flag(value.retryable);
    to.number(value.retry_after_ms);
    if (value.ref)
        to.id(*value.ref);
    else
        to.nil();
    to.text(value.text);
}

void encode(std::string& out, const credit& value) {
    writer to(out, kind::credit, 1);
    to.number(value.window);
}

void encode(std::string& out, const admin_request& value) {
    writer to(out, kind::admin_request, 3);
    to.id(value.request_id);
    to.label(value.verb);
    to.raw_map(value.body);
}

void encode(std::string& out, const admin_reply& value) {
    writer to(out, kind::admin_reply, 3);
    to.id(value.request_id);
    to.label(value.code);
    to.raw_map(value.body);
}

} // namespace fenliu::protocol
