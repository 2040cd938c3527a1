#include "protocol/codec.hpp"
#include "protocol/writer.hpp"

namespace fenliu::protocol {

void encode(std::string& out, const presence_change& value) {
    writer to(out, kind::presence_change, 2);
    to.text(name(value.state));
    to.id(value.request_id);
}

void encode(std::string& out, const say& value) {
    writer to(out, kind::say, 4);
    to.id(value.msg_id);
    to.id(value.conversation);
    to.number(value.epoch);
    to.text(value.text);
}

void encode(std::string& out, const forward& value) {
    writer to(out, kind::forward, 5);
    to.id(value.request_id);
    to.id(value.conversation);
    to.number(value.epoch);
    to.text(value.to, limits::forward_target_bytes);
    to.text(value.note);
}

void encode(std::string& out, const close& value) {
    writer to(out, kind::close, 3);
    to.id(value.request_id);
    to.id(value.conversation);
    to.number(value.epoch);
}

void encode(std::string& out, const history_request& value) {
    writer to(out, kind::history_request, 5);
    to.id(value.request_id);
    to.text(value.buyer, limits::buyer_bytes);
    to.text_or_nil(value.cursor, limits::label_bytes);
    to.number(value.limit);
    to.text(name(value.scope));
}

void encode(std::string& out, const pick& value) {
    writer to(out, kind::pick, 2);
    to.id(value.request_id);
    to.id(value.conversation);
}

void encode(std::string& out, const note& value) {
    writer to(out, kind::note, 4);
    to.id(value.request_id);
    to.id(value.conversation);
    to.label(value.flag);
    to.text(value.text);
}

void encode(std::string& out, const assigned& value) {
    writer to(out, kind::assigned, 5);
    to.id(value.conversation);
    to.number(value.epoch);
    to.text(value.buyer, limits::buyer_bytes);
    to.label(value.reason);
    to.map(entry_count()
               .of(!value.causes.empty())
               .of(!value.tags.empty())
               .of(value.returning)
               .of(value.waited_ms != 0)
               .of(!value.tail.empty()));
    to.labels_entry("causes", value.causes);
    to.labels_entry("tags", value.tags);
    to.flag_entry("returning", value.returning);
    to.number_entry("waited_ms", value.waited_ms);
    if (!value.tail.empty()) {
        to.text("tail");
        to.array(value.tail.size());
        for (const tail_line& line : value.tail) {
            to.array(4);
            to.number(line.seq);
            to.text(line.from, limits::account_bytes);
            to.text(line.text);
            to.integer(line.ts);
        }
    }
}

void encode(std::string& out, const unassigned& value) {
    writer to(out, kind::unassigned, 3);
    to.id(value.conversation);
    to.number(value.epoch);
    to.label(value.cause);
}

void encode(std::string& out, const buyer_line& value) {
    writer to(out, kind::buyer_line, 5);
    to.id(value.conversation);
    to.number(value.seq);
    to.text(value.buyer, limits::buyer_bytes);
    to.text(value.text);
    to.integer(value.ts);
}

namespace {

void write_row(writer& to, const history_line& line) {
    to.array(5);
    to.id(line.conversation);
    to.number(line.seq);
    to.text(line.from, limits::account_bytes);
    to.text(line.text);
    to.integer(line.ts);
}

void write_row(writer& to, const colleague_record& record) {
    to.array(3);
    to.text(record.account, limits::account_bytes);
    to.number(record.conversations);
    to.integer(record.last_ts);
}

} // namespace

void encode(std::string& out, const history_page& value) {
    writer to(out, kind::history_page, 3);
    to.id(value.request_id);
    std::visit(
        [&to](const auto& rows) {
            to.array(rows.size());
            for (const auto& row : rows)
                write_row(to, row);
        },
        value.rows);
    to.text_or_nil(value.cursor, limits::label_bytes);
}

void encode(std::string& out, const result& value) {
    writer to(out, kind::result, 3);
    to.id(value.request_id);
    to.label(value.code);
    to.text(value.detail);
}

void encode(std::string& out, const said& value) {
    writer to(out, kind::said, 4);
    to.id(value.msg_id);
    to.id(value.conversation);
    to.number(value.seq);
    to.flag(value.duplicate);
}

void encode(std::string& out, const alert& value) {
    writer to(out, kind::alert, 3);
    to.id(value.conversation);
    to.label(value.kind);
    to.integer(value.since);
}

} // namespace fenliu::protocol
