// Links between clients and the broker: whole frames, in order in each direction, each on its way for a while. A link may be cut,
// with what is in flight lost from some point on, or go dead without anybody being told. What the broker sees of it is
// transport's wire. One thread.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chance.hpp"
#include "transport/wire.hpp"
#include "virtual_time.hpp"

namespace fenliu::simulation {

using transport::connection_id;

struct timed_frame {
    timestamp_ms due = 0;
    std::string bytes;
};

struct connection {
    std::size_t device = 0;
    std::deque<timed_frame> up, down;        ///< to the broker, to the client
    bool at_client = true, at_broker = true; ///< who still holds its end
    bool broken = false;                     ///< each end learns of it once it has read what arrived
    bool dead = false;                       ///< half open: nothing passes any more, and nobody is told
    bool stalled = false;                    ///< the client doesn't read
};

class network final : public transport::wire {
public:
    network(chance& dice, const virtual_time& time, timestamp_ms delay_max)
        : dice_{dice}
        , time_{time}
        , delay_max_{delay_max} {}

    // The client's end.
    [[nodiscard]] connection_id connect(std::size_t device);
    void send_up(connection_id id, std::string frame);
    /// The next frame that has arrived at the client.
    [[nodiscard]] std::optional<std::string> take_down(connection_id id);
    [[nodiscard]] bool readable(connection_id id) const;
    /// Whether the client can know that the link has ended.
    [[nodiscard]] bool ended_for_client(connection_id id) const;
    void leave(connection_id id);

    // The broker's end.
    transport::sent send(connection_id id, std::string_view frame) noexcept override;
    void set_serving(connection_id, bool) noexcept override {}
    void cut(connection_id id) noexcept override;
    /// The next frame that has arrived at the broker.
    [[nodiscard]] std::optional<std::string> take_up(connection_id id);
    /// Connections that have brought something, and those whose end the broker can know.
    [[nodiscard]] std::vector<connection_id> arrived() const;
    [[nodiscard]] std::vector<connection_id> ended_for_broker() const;
    void forget_at_broker(connection_id id);
    /// The broker's process is gone.
    void broker_died();

    // Faults.
    /// The link breaks; of what is in flight a part may still arrive.
    void break_link(connection_id id);
    void make_half_open(connection_id id);
    void stall(connection_id id, bool stalled);
    /// Everything works from now on.
    void heal();

    [[nodiscard]] std::vector<connection_id> whole() const; ///< held by both ends, neither broken nor dead
    [[nodiscard]] bool quiet() const;                       ///< nothing in flight that will arrive
    [[nodiscard]] std::optional<timestamp_ms> next_due() const;

    std::function<void(connection_id, std::string_view)> on_sent; ///< a frame of the broker goes

private:
    [[nodiscard]] timestamp_ms due_after(const std::deque<timed_frame>& queue);
    void drop_if_gone(connection_id id);

    chance& dice_;
    const virtual_time& time_;
    timestamp_ms delay_max_;
    connection_id last_ = 0;
    std::map<connection_id, connection> all_;
};

} // namespace fenliu::simulation
