#include "routing/dialogue.hpp"

#include "protocol/limits.hpp"

namespace fenliu::routing {

using protocol::errc;

std::variant<std::monostate, repeated_line, errc> check_repeat(const conversation& value, std::string_view from,
                                                               std::string_view msg_id, std::string_view text) {
    const auto earlier = value.transcript.find(from, msg_id);
    if (!earlier) return std::monostate{};
    if (earlier->text != text) return errc::id_reused;
    return repeated_line{earlier->seq};
}

line_decision add_buyer_line(const conversation& value, std::string_view msg_id, std::string_view text, timestamp_ms now) {
    const auto repeat = check_repeat(value, value.buyer, msg_id, text);
    if (const auto* line = std::get_if<repeated_line>(&repeat)) return *line;
    if (const auto* code = std::get_if<errc>(&repeat)) return *code;
    if (!value.open()) return errc::expired;
    return line_added{value.number, value.transcript.last_seq() + 1, now, side::buyer, value.buyer, msg_id, text};
}

line_decision add_agent_line(const conversation& value, std::string_view account, std::uint64_t epoch, std::string_view msg_id,
                             std::string_view text, timestamp_ms now) {
    const auto repeat = check_repeat(value, account, msg_id, text);
    if (const auto* line = std::get_if<repeated_line>(&repeat)) return *line;
    if (const auto* code = std::get_if<errc>(&repeat)) return *code;
    if (const errc code = check_command(value, account, epoch); code != errc::ok) return code;
    const auto speaks = value.state == conversation_state::robot ? side::robot : side::agent;
    return line_added{value.number, value.transcript.last_seq() + 1, now, speaks, account, msg_id, text};
}

errc check_command(const conversation& value, std::string_view account, std::uint64_t epoch) {
    if (!value.open()) return errc::expired;
    if (epoch != value.epoch) return errc::stale_epoch;
    return value.owner == account ? errc::ok : errc::forbidden;
}

errc check_forward_chain(const conversation& value, std::string_view to) {
    std::size_t length = 0;
    for (auto each = value.places.rbegin(); each != value.places.rend() && each->forwarded; ++each) {
        if (value.last_agent_seq != 0 && value.last_agent_at >= each->at) break;
        const auto before = std::next(each);
        if (++length >= limits::forward_chain || (before != value.places.rend() && before->owner == to))
            return errc::forward_rejected;
    }
    return errc::ok;
}

} // namespace fenliu::routing
