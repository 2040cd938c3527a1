// What a peer has sent and not heard the end of: the messages it sends again when a session could not be resumed. Commands and
// lines wait for the answer that names their id; a message that has no answer waits for its ack. Owned by one client.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "protocol/message.hpp"

namespace fenliu::transport {

class unanswered {
public:
    /// The message was queued as the session's data message `number`.
    void add(const protocol::message& message, std::string_view encoded, std::uint64_t number);
    /// A message of the broker; what it answers is done.
    void answered(const protocol::message& answer);
    /// Everything up to this number was processed by the broker.
    void acked(std::uint64_t number);
    /// A session without memory begins: calls `send(encoded)` for each message in order, which gives its new number. With
    /// `drop_presence` a presence is left out instead: its owner says it anew.
    template <class Send>
    void send_again(bool drop_presence, Send send) {
        for (std::uint64_t place = first_; place < first_ + entries_.size(); ++place) {
            entry& each = at(place);
            if (each.done) continue;
            if (drop_presence && each.presence)
                finish(place);
            else
                each.number = send(std::string_view(each.encoded));
        }
        drop_done();
    }
    [[nodiscard]] std::size_t size() const noexcept { return open_; }

private:
    struct entry {
        std::string encoded;
        std::string ref; ///< empty: done by its ack
        std::uint64_t number = 0;
        bool presence = false;
        bool done = false;
    };
    struct text_hash {
        using is_transparent = void;
        [[nodiscard]] std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
    };
    // Several messages may wait with the same id: a client may repeat one on purpose.
    using places = std::unordered_multimap<std::string, std::uint64_t, text_hash, std::equal_to<>>;

    [[nodiscard]] entry& at(std::uint64_t place) { return entries_[place - first_]; }
    void finish(std::uint64_t place);
    void drop_done();

    std::deque<entry> entries_; // in the order they were sent; those done stay until the ones before are
    std::uint64_t first_ = 0;   // place of entries_.front()
    std::size_t open_ = 0;
    places by_ref_;
    std::deque<std::uint64_t> without_ref_;
};

} // namespace fenliu::transport
