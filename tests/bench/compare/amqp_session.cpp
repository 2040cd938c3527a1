#include "tests/bench/compare/amqp_session.hpp"

#include <algorithm>

#include "tests/bench/compare/big_endian.hpp"

namespace fenliu::bench {

struct amqp_session::method {
    std::uint16_t of, number;

    bool operator==(const method&) const = default;
};

namespace {

constexpr std::uint8_t method_frame = 1, header_frame = 2, body_frame = 3;
constexpr std::size_t head_bytes = 7;
constexpr char frame_end = '\xce';
constexpr std::uint16_t connection_class = 10, channel_class = 20, queue_class = 50, basic_class = 60, confirm_class = 85;
constexpr std::uint16_t our_channel = 1;
/// Of one method and its arguments, as the broker writes them.
constexpr std::size_t method_bytes = 4;

void append_short(std::string& to, std::string_view text) {
    to += static_cast<char>(std::min<std::size_t>(text.size(), 255));
    to += text.substr(0, 255);
}

void append_long(std::string& to, std::string_view text) {
    append_big_endian(to, static_cast<std::uint32_t>(text.size()));
    to += text;
}

} // namespace

amqp_session::amqp_session(wire& over, const endpoint& to)
    : over_(over) {
    using namespace std::string_literals;
    using namespace std::string_view_literals;
    auto& out = over_.out;
    out += "AMQP\0\0\x09\x01"sv;
    await({connection_class, 10}); // start
    begin({connection_class, 11});
    append_long(out, ""); // properties
    append_short(out, "PLAIN");
    append_long(out, "\0"s + to.user + "\0"s + to.password);
    append_short(out, "en_US");
    end();
    const auto tune = await({connection_class, 30});
    const std::string limits{tune.substr(0, 6)}; // channels 2, bytes of a frame 4
    body_at_most_ = read_big_endian<std::uint32_t>(std::string_view{limits}.substr(2)) - head_bytes - 1;
    begin({connection_class, 31});
    out += limits;
    append_big_endian<std::uint16_t>(out, 0); // no heartbeats
    end();
    begin({connection_class, 40});
    append_short(out, "/");
    append_short(out, "");
    out += '\0';
    end();
    await({connection_class, 41});
    begin({channel_class, 10});
    append_short(out, "");
    end();
    await({channel_class, 11});
}

void amqp_session::declare_quorum_queue(std::string_view queue) {
    auto& out = over_.out;
    begin({queue_class, 10});
    append_big_endian<std::uint16_t>(out, 0);
    append_short(out, queue);
    out += '\x02'; // durable
    std::string arguments;
    append_short(arguments, "x-queue-type");
    arguments += 'S';
    append_long(arguments, "quorum");
    append_long(out, arguments);
    end();
    await({queue_class, 11});
}

void amqp_session::delete_queue(std::string_view queue) {
    begin({queue_class, 40});
    append_big_endian<std::uint16_t>(over_.out, 0);
    append_short(over_.out, queue);
    over_.out += '\0';
    end();
    await({queue_class, 41});
}

void amqp_session::confirm_publishes() {
    begin({confirm_class, 10});
    over_.out += '\0';
    end();
    await({confirm_class, 11});
}

void amqp_session::prefetch(std::uint16_t messages) {
    begin({basic_class, 10});
    append_big_endian<std::uint32_t>(over_.out, 0);
    append_big_endian(over_.out, messages);
    over_.out += '\0';
    end();
    await({basic_class, 11});
}

void amqp_session::consume(std::string_view queue) {
    begin({basic_class, 20});
    append_big_endian<std::uint16_t>(over_.out, 0);
    append_short(over_.out, queue);
    append_short(over_.out, "c");
    over_.out += '\0'; // acks are wanted
    append_long(over_.out, "");
    end();
    await({basic_class, 21});
}

void amqp_session::publish(std::string_view queue, std::string_view payload) {
    auto& out = over_.out;
    begin({basic_class, 40});
    append_big_endian<std::uint16_t>(out, 0);
    append_short(out, ""); // the default exchange
    append_short(out, queue);
    out += '\0';
    end();
    begin(header_frame, our_channel);
    append_big_endian(out, basic_class);
    append_big_endian<std::uint16_t>(out, 0);
    append_big_endian<std::uint64_t>(out, payload.size());
    append_big_endian<std::uint16_t>(out, 0x1000); // the delivery mode and nothing else
    out += '\x02';                                 // persistent
    end();
    for (; !payload.empty(); payload.remove_prefix(std::min(payload.size(), body_at_most_))) {
        begin(body_frame, our_channel);
        out += payload.substr(0, body_at_most_);
        end();
    }
}

void amqp_session::acknowledge_up_to(std::uint64_t tag) {
    begin({basic_class, 80});
    append_big_endian(over_.out, tag);
    over_.out += '\1';
    end();
}

void amqp_session::begin(std::uint8_t type, std::uint16_t channel) {
    over_.out += static_cast<char>(type);
    append_big_endian(over_.out, channel);
    append_big_endian<std::uint32_t>(over_.out, 0); // its length, when it has one
    frame_ = over_.out.size();
}

void amqp_session::begin(const method& which) {
    begin(method_frame, which.of == connection_class ? 0 : our_channel);
    append_big_endian(over_.out, which.of);
    append_big_endian(over_.out, which.number);
}

void amqp_session::end() {
    auto& out = over_.out;
    auto bytes = out.size() - frame_;
    for (std::size_t i = 1; i <= 4; ++i, bytes >>= 8)
        out[frame_ - i] = static_cast<char>(bytes & 0xff);
    out += frame_end;
}

bool amqp_session::next(frame& found) {
    const auto unread = over_.unread();
    if (unread.size() < head_bytes) return false;
    const auto bytes = read_big_endian<std::uint32_t>(unread.substr(3));
    if (unread.size() < head_bytes + bytes + 1) return false;
    found = {static_cast<std::uint8_t>(unread[0]), unread.substr(head_bytes, bytes)};
    over_.consume(head_bytes + bytes + 1);
    return true;
}

bool amqp_session::next(amqp_event& found) {
    for (frame got; next(got);) {
        if (got.type == method_frame && got.body.size() >= method_bytes) {
            if (take_method(got.body, found)) return true;
        } else if (got.type == header_frame && got.body.size() >= 12) {
            missing_ = read_big_endian<std::uint64_t>(got.body.substr(4));
            body_.clear();
        } else if (got.type == body_frame && got.body.size() <= missing_) {
            missing_ -= got.body.size();
            found = {amqp_event::kind::delivery, tag_, false, got.body};
            if (missing_ == 0 && body_.empty()) return true;
            body_ += got.body;
            found.payload = body_;
            if (missing_ == 0) return true;
        }
    }
    return false;
}

bool amqp_session::take_method(std::string_view body, amqp_event& found) {
    const method which{read_big_endian<std::uint16_t>(body), read_big_endian<std::uint16_t>(body.substr(2))};
    body.remove_prefix(method_bytes);
    const auto closed = [&] {
        over_.fail("closed by the broker: " + std::string{body.substr(3, static_cast<unsigned char>(body[2]))});
    };
    if (which == method{connection_class, 50} || which == method{channel_class, 40}) closed();
    if (which == method{basic_class, 60}) { // a delivery: consumer, tag, …
        body.remove_prefix(1 + static_cast<std::size_t>(static_cast<unsigned char>(body[0])));
        tag_ = read_big_endian<std::uint64_t>(body);
    }
    const bool ack = which == method{basic_class, 80}, nack = which == method{basic_class, 120};
    if (!ack && !nack) return false;
    found = {ack ? amqp_event::kind::ack : amqp_event::kind::nack, read_big_endian<std::uint64_t>(body), (body[8] & 1) != 0, {}};
    return true;
}

/// The arguments of the answer, valid until the next reading.
std::string_view amqp_session::await(const method& wanted) {
    amqp_event none;
    while (true) {
        for (frame got; next(got);) {
            if (got.type != method_frame || got.body.size() < method_bytes) continue;
            const method which{read_big_endian<std::uint16_t>(got.body), read_big_endian<std::uint16_t>(got.body.substr(2))};
            if (which == wanted) return got.body.substr(method_bytes);
            static_cast<void>(take_method(got.body, none)); // says why it was closed
        }
        over_.await();
    }
}

} // namespace fenliu::bench
