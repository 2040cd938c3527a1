// Bytes ↔ messages. The only place that knows msgpack for the wire; messages are arrays `[kind, …]`, several to a frame.
// Decoding copies nothing: the views of the messages point into the frame. Encoding appends to a string the caller reuses.
// A codec object belongs to one thread; the encode functions are free of state.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/message.hpp"

namespace fenliu::protocol {

/// Appends one message. The values must respect the contract's limits (assert); encoding cannot fail otherwise.
/// `rejected` cannot be encoded.
void encode(std::string& out, const message& value);

// One overload a kind that the hot path or a client sends, so that no variant has to be made.
void encode(std::string& out, const hello& value);
void encode(std::string& out, const welcome& value);
void encode(std::string& out, const heartbeat& value);
void encode(std::string& out, const ack& value);
void encode(std::string& out, const bye& value);
void encode(std::string& out, const error& value);
void encode(std::string& out, const credit& value);
void encode(std::string& out, const publish& value);
void encode(std::string& out, const buyer_left& value);
void encode(std::string& out, const rating& value);
void encode(std::string& out, const order_event& value);
void encode(std::string& out, const attach& value);
void encode(std::string& out, const stored& value);
void encode(std::string& out, const routed& value);
void encode(std::string& out, const reply& value);
void encode(std::string& out, const prompt& value);
void encode(std::string& out, const queue_moved& value);
void encode(std::string& out, const presence_change& value);
void encode(std::string& out, const say& value);
void encode(std::string& out, const forward& value);
void encode(std::string& out, const close& value);
void encode(std::string& out, const history_request& value);
void encode(std::string& out, const pick& value);
void encode(std::string& out, const note& value);
void encode(std::string& out, const assigned& value);
void encode(std::string& out, const unassigned& value);
void encode(std::string& out, const buyer_line& value);
void encode(std::string& out, const history_page& value);
void encode(std::string& out, const result& value);
void encode(std::string& out, const said& value);
void encode(std::string& out, const alert& value);
void encode(std::string& out, const admin_request& value);
void encode(std::string& out, const admin_reply& value);

/// How a frame ended.
struct frame_outcome {
    bool whole = true;      ///< false: undecodable from `offset` on; the messages before it stand
    std::size_t offset = 0; ///< bytes of the messages that stand
    const char* what = "";  ///< why not, e.g. "nesting deeper than 8"
};

/// Reads frames. Keeps its working memory between calls; one thread at a time.
class decoder {
public:
    decoder();
    decoder(decoder&&) noexcept;
    decoder& operator=(decoder&&) noexcept;
    ~decoder();

    /// Appends the messages of `frame` to `out`; their views live as long as the frame's bytes. Bad bytes, a broken limit of
    /// the decoder (depth, array, map, ext type, more than 256 messages) or UTF-8 errors make the rest undecodable; a whole
    /// object that breaks the contract becomes `rejected` and reading goes on. Never throws on any input.
    [[nodiscard]] frame_outcome decode(std::string_view frame, std::vector<message>& out);

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace fenliu::protocol
