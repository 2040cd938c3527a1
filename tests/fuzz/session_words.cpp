#include "session_words.hpp"

#include <array>
#include <string_view>

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

namespace fenliu::fuzz {

namespace {

using std::string_view;
constexpr std::array<string_view, 5> tokens{"", "front", "amy", "all", "wrong"};
constexpr std::array<string_view, 4> shops{"", "acme", "zeta", "bad shop"};
constexpr std::array<string_view, 6> accounts{"acme:amy", "acme:bob", "zeta:amy", "acme", "", "acme:1"};
constexpr std::array<protocol::role, 3> roles{protocol::role::frontend, protocol::role::agent, protocol::role::admin};
/// One whole msgpack map.
constexpr string_view empty_map = "\x80";

string_view default_token(protocol::role role) {
    switch (role) {
    case protocol::role::frontend:
        return "front";
    case protocol::role::agent:
        return "amy";
    case protocol::role::admin:
        return "all";
    }
    return "";
}

protocol::hello make_hello(script& from, const speaker& who) {
    protocol::hello hello{.version = limits::protocol_version, .role = from.of(roles)};
    hello.token = from.chance() ? default_token(hello.role) : from.of(tokens);
    hello.account = hello.role == protocol::role::agent ? from.of(accounts) : string_view();
    if (from.chance()) hello.shop = from.of(shops);
    if (from.below(16) == 1) hello.version = 2;
    hello.robot = from.below(8) == 1;
    if (!who.sessions.empty() && from.chance()) {
        // Somebody else's, more often than not.
        hello.resume_session = who.sessions[from.below(static_cast<std::uint32_t>(who.sessions.size()))];
        hello.resume_rx = from.number();
    }
    if (from.below(4) == 1) hello.seen = {{"c1", from.number()}, {"c2", 1}};
    return hello;
}

void append_frontend(std::string& out, script& from, string_view id) {
    const string_view shop = from.chance() ? "acme" : "zeta";
    switch (from.below(6)) {
    case 0:
    case 1:
        return protocol::encode(out, protocol::publish{.msg_id = id, .shop = shop, .buyer = "bo", .text = "hi"});
    case 2:
        return protocol::encode(out, protocol::buyer_left{shop, "bo", id});
    case 3:
        return protocol::encode(out, protocol::rating{shop, "bo", 1 + from.below(5), id});
    case 4:
        return protocol::encode(out, protocol::order_event{shop, "bo", "o-1", protocol::order_status::paid, 5, id});
    default:
        return protocol::encode(out, protocol::attach{shop, "bo", "c1", from.number()});
    }
}

void append_agent(std::string& out, script& from, string_view id) {
    switch (from.below(8)) {
    case 0:
        return protocol::encode(out, protocol::presence_change{protocol::presence::online, id});
    case 1:
        return protocol::encode(out, protocol::say{id, "c1", from.number(), "yes"});
    case 2:
        return protocol::encode(out, protocol::forward{id, "c1", 1, "acme:bob", ""});
    case 3:
        return protocol::encode(out, protocol::close{id, "c1", 1});
    case 4:
        return protocol::encode(out, protocol::history_request{id, "bo", "", 10, protocol::history_scope::own});
    case 5:
        return protocol::encode(out, protocol::pick{id, "c1"});
    case 6:
        return protocol::encode(out, protocol::note{id, "c1", "flag", "text"});
    default:
        return protocol::encode(out, protocol::admin_request{id, "status", empty_map});
    }
}

/// What a broker sends.
void append_foreign(std::string& out, script& from, string_view id) {
    switch (from.below(4)) {
    case 0:
        return protocol::encode(out, protocol::stored{id, "c1", 1, false});
    case 1:
        return protocol::encode(out, protocol::welcome{.session = "x"});
    case 2:
        return protocol::encode(out, protocol::error{.code = "INTERNAL", .ref = id});
    default:
        return protocol::encode(out, protocol::error{.code = "INTERNAL"});
    }
}

void append_session(std::string& out, script& from, const speaker& who) {
    switch (from.below(8)) {
    case 0:
    case 1:
    case 2: {
        const std::uint64_t back = from.number();
        return protocol::encode(out, protocol::ack{back < 0x80 ? who.received - std::min(back, who.received) : back});
    }
    case 3:
        return protocol::encode(out, protocol::credit{static_cast<std::uint32_t>(from.number())});
    case 4:
        return protocol::encode(out, protocol::heartbeat{});
    case 5:
        if (from.below(4) == 1) protocol::encode(out, protocol::bye{"DRAINED"});
        return;
    case 6:
        if (from.below(4) == 1) protocol::encode(out, make_hello(from, who));
        return;
    default:
        return append_foreign(out, from, "x");
    }
}

void append_message(std::string& out, script& from, speaker& who) {
    const std::string id = "m" + std::to_string(++who.spoken);
    switch (from.below(8)) {
    case 0:
    case 1:
    case 2:
        return append_frontend(out, from, id);
    case 3:
    case 4:
        return append_agent(out, from, id);
    case 5:
    case 6:
        return append_session(out, from, who);
    default:
        out.append(from.bytes());
    }
}

} // namespace

std::string hello_of(script& from, const speaker& who) {
    std::string frame;
    protocol::encode(frame, make_hello(from, who));
    return frame;
}

std::string frame_of(script& from, speaker& who) {
    std::string frame;
    for (std::uint32_t left = 1 + from.below(8); left > 0; --left)
        append_message(frame, from, who);
    return frame;
}

} // namespace fenliu::fuzz
