// What a lane gets next when more comes in than it handles: what agents say goes first, then the shops take turns, so that a
// shop that floods the bus waits for itself alone. As long as the lane keeps up, everything passes at once, in order. Owned by
// the lane batches; ROUTER thread.
#pragma once

#include <cstddef>
#include <deque>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "transport/inbound_sink.hpp"
#include "transport/lane_gate.hpp"
#include "transport/link.hpp"

namespace fenliu::transport {

class lane_turns {
public:
    explicit lane_turns(std::shared_ptr<lane_gate> gate)
        : gate_(std::move(gate)) {}

    /// News of a link, or a message; `who` is kept alive with it.
    void add(event&& what, const std::shared_ptr<const identity>& who);
    /// What the lane may have now, maybe nothing; `frames` are those of all events added since the last call. Order is kept
    /// within a session and shop, but that the end of a frontend's may be told before its last messages.
    [[nodiscard]] inbound_batch take(const frame_list& frames, pressure held_up);
    [[nodiscard]] bool waits() const noexcept { return !first_.empty() || !shops_.empty(); }
    /// Bytes in frames of what this shop's frontends sent and is held back.
    [[nodiscard]] std::size_t held_bytes(std::string_view shop) const;

private:
    /// A drain of which something is held back.
    struct waiting_drain {
        std::shared_ptr<drain> of;
        std::size_t events = 0; ///< held back
    };
    struct held {
        event* what;
        std::list<waiting_drain>::iterator from;
    };
    struct shop_queue {
        std::string shop;
        std::deque<held> events;
        std::size_t bytes = 0;
    };

    void hold_back();
    void hold_back(const held& one);
    void pass(inbound_batch& to, std::deque<held>& from);
    void take_turns(inbound_batch& batch, std::size_t room, pressure held_up);

    std::shared_ptr<lane_gate> gate_;
    std::shared_ptr<drain> fresh_; ///< since the last call of `take`; null: nothing
    std::list<waiting_drain> drains_;
    std::deque<held> first_;      ///< agents' and news, in order
    std::list<shop_queue> shops_; // the next one's turn at the front
    std::unordered_map<std::string_view, std::list<shop_queue>::iterator> by_shop_;
};

} // namespace fenliu::transport
