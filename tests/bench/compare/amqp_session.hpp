// The part of AMQP 0-9-1 that a load needs, over one wire and one channel. One thread, the wire's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/bench/compare/wire.hpp"

namespace fenliu::bench {

constexpr std::uint16_t amqp_port = 5672;

/// What comes unasked; views are valid until the next reading.
struct amqp_event {
    enum class kind : std::uint8_t { delivery, ack, nack } what = kind::delivery;
    std::uint64_t tag = 0;
    bool multiple = false;    ///< ack, nack: of all up to `tag`
    std::string_view payload; ///< of a delivery
};

class amqp_session {
public:
    /// Greets, logs in and opens the channel; waits for the answers, as do the next five.
    amqp_session(wire& over, const endpoint& to);
    void declare_quorum_queue(std::string_view queue);
    void delete_queue(std::string_view queue);
    void confirm_publishes();
    void prefetch(std::uint16_t messages);
    /// Of a queue that is empty.
    void consume(std::string_view queue);

    /// Persistent, to the queue.
    void publish(std::string_view queue, std::string_view payload);
    void acknowledge_up_to(std::uint64_t tag);

    /// Calls `take(amqp_event)` for each that is read in full.
    template <class Take>
    void read(Take&& take) {
        for (amqp_event found; next(found);)
            take(found);
    }

private:
    struct frame {
        std::uint8_t type = 0;
        std::string_view body;
    };
    struct method;

    [[nodiscard]] bool next(amqp_event& found);
    [[nodiscard]] bool next(frame& found);
    [[nodiscard]] bool take_method(std::string_view body, amqp_event& found);
    std::string_view await(const method& wanted);
    /// Appends the head of a frame, and what `end` needs to complete it.
    void begin(std::uint8_t type, std::uint16_t channel);
    void begin(const method& which);
    void end();

    wire& over_;
    std::size_t frame_ = 0;        ///< where in the wire's `out` the body begins that is being appended
    std::size_t body_at_most_ = 0; ///< of one frame
    // A delivery of which not all frames have come.
    std::uint64_t tag_ = 0, missing_ = 0;
    std::string body_;
};

} // namespace fenliu::bench
