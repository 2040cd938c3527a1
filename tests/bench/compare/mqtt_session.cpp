#include "tests/bench/compare/mqtt_session.hpp"

#include "tests/bench/compare/big_endian.hpp"

namespace fenliu::bench {

namespace {

// The first byte of a packet: its type, and the flags it has here.
constexpr unsigned char connect = 0x10, connack = 0x20, publish_qos_1 = 0x32, puback = 0x40, subscribe_head = 0x82, suback = 0x90,
                        disconnect_head = 0xe0;
constexpr unsigned char type_bits = 0xf0, qos_bits = 0x06;
// Flags of connect.
constexpr unsigned char clean_session = 0x02, has_password = 0x40, has_user = 0x80;
constexpr unsigned char refused = 0x80; // of suback

constexpr std::string_view protocol{"MQTT\x04", 5}; // and its level

} // namespace

mqtt_session::mqtt_session(wire& over, const endpoint& to, std::string_view client, bool clean)
    : over_(over) {
    const bool user = !to.user.empty();
    const auto flags = (clean ? clean_session : 0) | (user ? has_user | has_password : 0);
    std::size_t bytes = 2 + protocol.size() + 1 + 2 + 2 + client.size();
    if (user) bytes += 2 + to.user.size() + 2 + to.password.size();
    append_head(connect, bytes);
    append_big_endian<std::uint16_t>(over_.out, protocol.size() - 1);
    over_.out += protocol;
    over_.out += static_cast<char>(flags);
    append_big_endian<std::uint16_t>(over_.out, 0); // no pings
    append_text(client);
    if (user) {
        append_text(to.user);
        append_text(to.password);
    }
    if (const auto answer = await(connack); answer.body.size() != 2 || answer.body[1] != 0)
        over_.fail("refused to connect " + std::string{client});
}

void mqtt_session::subscribe(std::string_view filter) {
    append_head(subscribe_head, 2 + 2 + filter.size() + 1);
    append_big_endian<std::uint16_t>(over_.out, 1);
    append_text(filter);
    over_.out += '\1'; // QoS
    if (const auto answer = await(suback); answer.body.size() != 3 || (static_cast<unsigned char>(answer.body[2]) & refused) != 0)
        over_.fail("refused to subscribe to " + std::string{filter});
}

void mqtt_session::publish(std::string_view topic, std::uint16_t id, std::string_view payload) {
    append_head(publish_qos_1, 2 + topic.size() + 2 + payload.size());
    append_text(topic);
    append_big_endian(over_.out, id);
    over_.out += payload;
}

void mqtt_session::acknowledge(std::uint16_t id) {
    append_head(puback, 2);
    append_big_endian(over_.out, id);
}

void mqtt_session::disconnect() {
    append_head(disconnect_head, 0);
    over_.flush();
}

bool mqtt_session::next(mqtt_packet& found) {
    for (frame got; next(got);) {
        const auto type = got.head & type_bits;
        if (type == puback && got.body.size() >= 2) {
            found = {false, read_big_endian<std::uint16_t>(got.body), {}};
            return true;
        }
        if (type != (publish_qos_1 & type_bits) || got.body.size() < 4) continue;
        if ((got.head & qos_bits) == 0) over_.fail("delivered without QoS 1");
        const auto topic = read_big_endian<std::uint16_t>(got.body);
        const auto rest = got.body.substr(2 + topic);
        found = {true, read_big_endian<std::uint16_t>(rest), rest.substr(2)};
        return true;
    }
    return false;
}

/// The first byte, the body's length in 1 to 4 bytes of 7 bits, the lowest first, then the body.
bool mqtt_session::next(frame& found) {
    const auto unread = over_.unread();
    std::size_t length = 0, begin = 1;
    for (int shift = 0;; shift += 7) {
        if (begin >= unread.size()) return false;
        const auto byte = static_cast<unsigned char>(unread[begin++]);
        length |= static_cast<std::size_t>(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) break;
    }
    if (unread.size() < begin + length) return false;
    found = {static_cast<unsigned char>(unread[0]), unread.substr(begin, length)};
    over_.consume(begin + length);
    return true;
}

mqtt_session::frame mqtt_session::await(unsigned char head) {
    while (true) {
        over_.await();
        for (frame got{}; next(got);)
            if (got.head == head) return got;
    }
}

void mqtt_session::append_head(unsigned char head, std::size_t body_bytes) {
    over_.out += static_cast<char>(head);
    do {
        const auto more = body_bytes > 0x7f;
        over_.out += static_cast<char>((body_bytes & 0x7f) | (more ? 0x80 : 0));
        body_bytes >>= 7;
    } while (body_bytes > 0);
}

void mqtt_session::append_text(std::string_view text) {
    append_big_endian(over_.out, static_cast<std::uint16_t>(text.size()));
    over_.out += text;
}

} // namespace fenliu::bench
