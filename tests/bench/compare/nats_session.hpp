// The NATS client protocol over one wire: lines of text, INFO, CONNECT, SUB, PUB, MSG, PING, PONG. One thread, the wire's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/bench/compare/wire.hpp"

namespace fenliu::bench {

constexpr std::uint16_t nats_port = 4222;

/// Views into what was read, valid until the next reading.
struct nats_message {
    std::string_view subject, reply, payload;
};

void append_publish(std::string& to, std::string_view subject, std::string_view reply, std::string_view payload);

class nats_session {
public:
    /// Greets; waits for the answer.
    nats_session(wire& over, const endpoint& to);

    /// Once to a session: the server knows a subscription by its number, which is always 1 here.
    void subscribe(std::string_view subject);
    void publish(std::string_view subject, std::string_view reply, std::string_view payload) {
        append_publish(over_.out, subject, reply, payload);
    }
    /// Waits until the server has seen all that was written. Nothing may be under way to us.
    void settle();
    /// Publishes with a reply subject and waits for the answer. Only where nothing else is subscribed to.
    [[nodiscard]] std::string request(std::string_view subject, std::string_view payload);

    /// Calls `take(nats_message)` for each message that is read in full, and answers pings.
    template <class Take>
    void read(Take&& take) {
        for (nats_message found; next(found);)
            take(found);
    }

private:
    [[nodiscard]] bool next(nats_message& found);
    [[nodiscard]] bool payload_of(std::string_view line, nats_message& found);

    wire& over_;
    std::uint64_t pongs_ = 0;
    bool asked_ = false; ///< requests' answers are subscribed to
};

} // namespace fenliu::bench
