// What a peer has sent and not heard the end of: the messages it sends again when a session could not be resumed. Commands and
// lines wait for the answer that names their id; a message that has no answer waits for its ack. Owned by one client.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/message.hpp"

namespace fenliu::transport {

class unanswered {
public:
    /// The message was queued as the session's data message `number`.
    void add(const protocol::message& message, std::string_view encoded, std::uint64_t number);
    /// A message of the broker; what it answers is done. Takes longer with what was sent and is not answered yet (0.1 us for a
    /// window of 1,024 messages).
    void answered(const protocol::message& answer);
    /// Everything up to this number was processed by the broker.
    void acked(std::uint64_t number);
    /// A session without memory begins: calls `send(encoded)` for each message in order, which gives its new number. With
    /// `drop_presence` a presence is left out instead: its owner says it anew.
    template <class Send>
    void send_again(bool drop_presence, Send send) {
        for (std::size_t place = head_; place < entries_.size(); ++place) {
            entry& each = entries_[place];
            if (each.done) continue;
            if (drop_presence && each.presence)
                finish(place);
            else
                each.number = send(messages_.at(each.begin, each.size));
        }
        drop_done();
    }
    [[nodiscard]] std::size_t size() const noexcept { return open_; }

private:
    struct entry {
        std::uint64_t begin = 0, ref_begin = 0; ///< of its bytes and its ref, counted from the first ever added
        std::uint64_t number = 0;
        std::uint32_t size = 0, ref_size = 0; ///< without a ref it is done by its ack
        bool presence = false;
        bool done = false;
    };
    /// What was added, one after another, until it is dropped from the front.
    struct kept_bytes {
        std::string bytes;
        std::uint64_t dropped = 0; ///< added before bytes begins

        std::uint64_t add(std::string_view added) {
            bytes.append(added);
            return end() - added.size();
        }
        void drop_below(std::uint64_t begin) {
            bytes.erase(0, begin - dropped);
            dropped = begin;
        }
        [[nodiscard]] std::string_view at(std::uint64_t begin, std::size_t size) const noexcept {
            return std::string_view(bytes).substr(begin - dropped, size);
        }
        [[nodiscard]] std::uint64_t end() const noexcept { return dropped + bytes.size(); }
    };

    [[nodiscard]] std::string_view ref_of(const entry& of) const noexcept { return refs_.at(of.ref_begin, of.ref_size); }
    [[nodiscard]] std::size_t find(std::string_view ref) const noexcept;
    void finish(std::size_t place) noexcept;
    void drop_done();

    // In the order they were sent; those done stay until the ones before are. By place, from head_ on.
    std::vector<entry> entries_;
    std::vector<std::uint32_t> ref_hashes_; ///< 0: waits for no answer
    kept_bytes messages_, refs_;            ///< apart: refs are looked for while they are in the cache, messages hardly ever
    std::size_t head_ = 0;
    std::size_t open_ = 0;
    std::size_t without_ref_ = 0; ///< of those open
};

} // namespace fenliu::transport
