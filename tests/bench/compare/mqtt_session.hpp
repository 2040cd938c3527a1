// The part of MQTT 3.1.1 that a load needs, over one wire: QoS 1 both ways. One thread, the wire's.
#pragma once

#include <cstdint>
#include <string_view>

#include "tests/bench/compare/wire.hpp"

namespace fenliu::bench {

constexpr std::uint16_t mqtt_port = 1883;

/// A publish or a puback; views into what was read, valid until the next reading.
struct mqtt_packet {
    bool publish = false;
    std::uint16_t id = 0;
    std::string_view payload; ///< of a publish
};

class mqtt_session {
public:
    /// Greets; waits for the answer. A session that is not `clean` outlives its connection at the broker.
    mqtt_session(wire& over, const endpoint& to, std::string_view client, bool clean);

    /// Waits until it is granted.
    void subscribe(std::string_view filter);
    void publish(std::string_view topic, std::uint16_t id, std::string_view payload);
    void acknowledge(std::uint16_t id);
    void disconnect();

    /// Calls `take(mqtt_packet)` for each publish and puback that is read in full.
    template <class Take>
    void read(Take&& take) {
        for (mqtt_packet found; next(found);)
            take(found);
    }

private:
    struct frame {
        unsigned char head; ///< type and flags
        std::string_view body;
    };
    [[nodiscard]] bool next(mqtt_packet& found);
    [[nodiscard]] bool next(frame& found);
    [[nodiscard]] frame await(unsigned char head);
    void append_head(unsigned char head, std::size_t body_bytes);
    void append_text(std::string_view text);

    wire& over_;
};

} // namespace fenliu::bench
