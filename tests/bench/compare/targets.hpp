// The brokers that fenliu is compared with, as targets of a load. Each speaks its protocol over nonblocking sockets, many
// connections to a thread, and writes what it has in one go: no client library costs one broker more of the machine than another.
// A channel is always consumed by connection `channel % consumers`.
#pragma once

#include <memory>
#include <string>

#include "apps/load/target.hpp"

namespace fenliu::bench {

/// Where the broker is and, but for `bare`, in the names of all that the load makes there, so that no run meets another's.
struct access {
    std::string url, run;
};

/// `bare_relay`, by its two ports: `PORT_IN:PORT_OUT`. No acks: a message counts as acknowledged when libzmq took it.
[[nodiscard]] std::unique_ptr<load::target> bare(const access& to);
/// A subject to each channel. No acks: a message counts as acknowledged when the kernel took it.
[[nodiscard]] std::unique_ptr<load::target> nats(const access& to);
/// A file stream with one durable push consumer to each connection.
[[nodiscard]] std::unique_ptr<load::target> jetstream(const access& to);
/// A stream with one consumer group to each connection.
[[nodiscard]] std::unique_ptr<load::target> redis(const access& to);
/// A quorum queue to each connection, publisher confirms.
[[nodiscard]] std::unique_ptr<load::target> rabbitmq(const access& to);
/// MQTT 3.1.1 with QoS 1 both ways and durable sessions: a topic to each channel.
[[nodiscard]] std::unique_ptr<load::target> mosquitto(const access& to);

} // namespace fenliu::bench
