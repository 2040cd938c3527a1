// One reader a kind: the fields after the kind number into a message. `fields` keeps the first broken rule. Internal to the
// decoder.
#pragma once

#include <string_view>
#include <vector>

#include "protocol/field.hpp"
#include "protocol/message.hpp"

namespace fenliu::protocol {

void read(field_list& fields, hello& value);
void read(field_list& fields, welcome& value);
void read(field_list& fields, heartbeat& value);
void read(field_list& fields, ack& value);
void read(field_list& fields, bye& value);
void read(field_list& fields, error& value);
void read(field_list& fields, credit& value);
void read(field_list& fields, publish& value);
void read(field_list& fields, buyer_left& value);
void read(field_list& fields, rating& value);
void read(field_list& fields, order_event& value);
void read(field_list& fields, attach& value);
void read(field_list& fields, stored& value);
void read(field_list& fields, routed& value);
void read(field_list& fields, reply& value);
void read(field_list& fields, prompt& value);
void read(field_list& fields, queue_moved& value);
void read(field_list& fields, presence_change& value);
void read(field_list& fields, say& value);
void read(field_list& fields, forward& value);
void read(field_list& fields, close& value);
void read(field_list& fields, history_request& value);
void read(field_list& fields, pick& value);
void read(field_list& fields, note& value);
void read(field_list& fields, assigned& value);
void read(field_list& fields, unassigned& value);
void read(field_list& fields, buyer_line& value);
void read(field_list& fields, history_page& value);
void read(field_list& fields, result& value);
void read(field_list& fields, said& value);
void read(field_list& fields, alert& value);
/// Leaves the body to the decoder, which knows the frame's bytes; so does admin_reply.
void read(field_list& fields, admin_request& value);
void read(field_list& fields, admin_reply& value);

/// A list of short texts, at most `limit`.
[[nodiscard]] std::vector<std::string_view> read_labels(const field& list, const char* what,
                                                        std::size_t limit = limits::array_items);

} // namespace fenliu::protocol
