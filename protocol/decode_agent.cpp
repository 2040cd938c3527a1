#include "protocol/read.hpp"

namespace fenliu::protocol {

namespace {

std::vector<tail_line> read_tail(const field& list) {
    field_list items = list.items("assigned.tail");
    std::vector<tail_line> tail;
    tail.reserve(items.left());
    while (items.left() > 0) {
        field_list fields = items.next().items("assigned.tail");
        tail_line& line = tail.emplace_back();
        line.seq = fields.next().number<std::uint64_t>("assigned.tail");
        line.from = fields.next().text("assigned.tail", limits::account_bytes);
        line.text = fields.next().text("assigned.tail");
        line.ts = fields.next().integer("assigned.tail");
    }
    return tail;
}

/// A line's third field says who wrote it; a colleague's row has a time there.
bool holds_colleagues(field_list rows) {
    if (rows.left() == 0) return false;
    field_list fields = rows.next().items("history_page.rows");
    static_cast<void>(fields.next());
    static_cast<void>(fields.next());
    const field third = fields.next();
    return third.is(token_type::positive) || third.is(token_type::negative);
}

std::vector<history_line> read_lines(field_list rows) {
    std::vector<history_line> lines;
    lines.reserve(rows.left());
    while (rows.left() > 0) {
        field_list fields = rows.next().items("history_page.rows");
        history_line& line = lines.emplace_back();
        line.conversation = fields.next().id("history_page.rows");
        line.seq = fields.next().number<std::uint64_t>("history_page.rows");
        line.from = fields.next().text("history_page.rows", limits::account_bytes);
        line.text = fields.next().text("history_page.rows");
        line.ts = fields.next().integer("history_page.rows");
    }
    return lines;
}

std::vector<colleague_record> read_colleagues(field_list rows) {
    std::vector<colleague_record> colleagues;
    colleagues.reserve(rows.left());
    while (rows.left() > 0) {
        field_list fields = rows.next().items("history_page.rows");
        colleague_record& record = colleagues.emplace_back();
        record.account = fields.next().required("history_page.rows", limits::account_bytes);
        record.conversations = fields.next().number<std::uint64_t>("history_page.rows");
        record.last_ts = fields.next().integer("history_page.rows");
    }
    return colleagues;
}

} // namespace

void read(field_list& fields, presence_change& value) {
    value.state = fields.next().one_of(presence_of, "presence_change.state");
    value.request_id = fields.next().id("presence_change.request_id");
}

void read(field_list& fields, say& value) {
    value.msg_id = fields.next().id("say.msg_id");
    value.conversation = fields.next().id("say.conversation");
    value.epoch = fields.next().number<std::uint64_t>("say.epoch");
    value.text = fields.next().text("say.text");
}

void read(field_list& fields, forward& value) {
    value.request_id = fields.next().id("forward.request_id");
    value.conversation = fields.next().id("forward.conversation");
    value.epoch = fields.next().number<std::uint64_t>("forward.epoch");
    value.to = fields.next().required("forward.to", limits::forward_target_bytes);
    value.note = fields.next().text("forward.note");
}

void read(field_list& fields, close& value) {
    value.request_id = fields.next().id("close.request_id");
    value.conversation = fields.next().id("close.conversation");
    value.epoch = fields.next().number<std::uint64_t>("close.epoch");
}

void read(field_list& fields, history_request& value) {
    value.request_id = fields.next().id("history_request.request_id");
    value.buyer = fields.next().buyer("history_request.buyer");
    value.cursor = fields.next().text("history_request.cursor", limits::label_bytes);
    value.limit = fields.next().number<std::uint32_t>("history_request.limit");
    value.scope = fields.next().one_of(history_scope_of, "history_request.scope", std::optional(history_scope::own));
}

void read(field_list& fields, pick& value) {
    value.request_id = fields.next().id("pick.request_id");
    value.conversation = fields.next().id("pick.conversation");
}

void read(field_list& fields, note& value) {
    value.request_id = fields.next().id("note.request_id");
    value.conversation = fields.next().id("note.conversation");
    value.flag = fields.next().text("note.flag", limits::label_bytes);
    value.text = fields.next().text("note.text");
}

void read(field_list& fields, assigned& value) {
    value.conversation = fields.next().id("assigned.conversation");
    value.epoch = fields.next().number<std::uint64_t>("assigned.epoch");
    value.buyer = fields.next().buyer("assigned.buyer");
    value.reason = fields.next().text("assigned.reason", limits::label_bytes);
    field_list pairs = fields.next().pairs("assigned.options");
    while (pairs.left() > 0) {
        const std::string_view key = pairs.next().key();
        const field entry = pairs.next();
        if (key == "causes")
            value.causes = read_labels(entry, "assigned.causes");
        else if (key == "tags")
            value.tags = read_labels(entry, "assigned.tags");
        else if (key == "returning")
            value.returning = entry.flag("assigned.returning");
        else if (key == "waited_ms")
            value.waited_ms = entry.number<std::uint64_t>("assigned.waited_ms");
        else if (key == "tail")
            value.tail = read_tail(entry);
    }
}

void read(field_list& fields, unassigned& value) {
    value.conversation = fields.next().id("unassigned.conversation");
    value.epoch = fields.next().number<std::uint64_t>("unassigned.epoch");
    value.cause = fields.next().text("unassigned.cause", limits::label_bytes);
}

void read(field_list& fields, buyer_line& value) {
    value.conversation = fields.next().id("buyer_line.conversation");
    value.seq = fields.next().number<std::uint64_t>("buyer_line.seq");
    value.buyer = fields.next().buyer("buyer_line.buyer");
    value.text = fields.next().text("buyer_line.text");
    value.ts = fields.next().integer("buyer_line.ts");
}

void read(field_list& fields, history_page& value) {
    value.request_id = fields.next().id("history_page.request_id");
    const field_list rows = fields.next().items("history_page.rows");
    if (holds_colleagues(rows))
        value.rows = read_colleagues(rows);
    else
        value.rows = read_lines(rows);
    value.cursor = fields.next().text("history_page.cursor", limits::label_bytes);
}

void read(field_list& fields, result& value) {
    value.request_id = fields.next().id("result.request_id");
    value.code = fields.next().required("result.code", limits::label_bytes);
    value.detail = fields.next().text("result.detail");
}

void read(field_list& fields, said& value) {
    value.msg_id = fields.next().id("said.msg_id");
    value.conversation = fields.next().id("said.conversation");
    value.seq = fields.next().number<std::uint64_t>("said.seq");
    value.duplicate = fields.next().flag("said.duplicate");
}

void read(field_list& fields, alert& value) {
    value.conversation = fields.next().id("alert.conversation");
    value.kind = fields.next().text("alert.kind", limits::label_bytes);
    value.since = fields.next().integer("alert.since");
}

} // namespace fenliu::protocol
