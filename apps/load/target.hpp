// What a load speaks to. A target makes connections in groups, one group to a thread; nothing of a group is called from another
// thread. Errors that end the load are thrown as std::runtime_error, saying what and where.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "apps/load/shape.hpp"

namespace fenliu::load {

/// Connections or channels `first`, `first + step`, … below the number of all.
struct part {
    std::size_t first = 0, step = 1;
};

class publishers {
public:
    virtual ~publishers() = default;
    /// Whether all its connections can publish.
    [[nodiscard]] virtual bool ready() = 0;
    /// Queues one message. `id` counts the connection's messages from 0; `text` is copied.
    virtual void publish(std::size_t connection, std::size_t channel, std::uint64_t id, std::string_view text) = 0;
    /// Writes what was published, reads what came and calls `acked`. Waits for at most `wait` if nothing came.
    virtual void poll(std::chrono::nanoseconds wait) = 0;
};

class consumers {
public:
    virtual ~consumers() = default;
    /// Whether all its connections get what is published from now on.
    [[nodiscard]] virtual bool ready() = 0;
    /// Reads what came, calls `delivered` for each message, and acknowledges as the protocol wants it. Waits for at most `wait`
    /// if nothing came.
    virtual void poll(std::chrono::nanoseconds wait) = 0;
};

/// Told from inside `publishers::poll`; where the target has no acks, once the message is on its way. `ok` false: refused.
using acked = std::function<void(std::size_t connection, std::uint64_t id, bool ok)>;
/// Told from inside `consumers::poll`; the text is valid during the call.
using delivered = std::function<void(std::string_view text)>;

class target {
public:
    virtual ~target() = default;
    /// Once, before anything else: makes queues, raises caps.
    virtual void prepare(const shape&) {}
    /// Called in the group's own thread. Every channel is published to by connection `channel % publishers` and consumed by one
    /// of the consumers.
    [[nodiscard]] virtual std::unique_ptr<publishers> publish(const shape& wanted, part connections, acked tell) = 0;
    [[nodiscard]] virtual std::unique_ptr<consumers> consume(const shape& wanted, part connections, delivered tell) = 0;
};

} // namespace fenliu::load
