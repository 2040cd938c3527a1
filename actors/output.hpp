// What one drain of a lane produces: records for the log and, to be released when they are durable, everything that leaves the
// process. Filled by the actors of the lane through `record`, `send` and the rest, handed to the store in one piece. One
// thread; nothing here blocks.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "protocol/codec.hpp"
#include "storage/store.hpp"
#include "transport/outbound.hpp"

namespace fenliu::actors {

/// Where released output goes: the broker's socket, or a test. Any thread.
class egress {
public:
    virtual ~egress() = default;
    virtual void post(transport::outbound_batch&& batch) noexcept = 0;
    [[nodiscard]] virtual bool feed_wanted() const noexcept = 0;
};

class output {
public:
    /// Journals a fact. The caller applies it to its state right after; from here on the step can't be taken back.
    template <class Record>
    void record(const Record& fact) {
        records_.add(fact);
        committed_to_ = true;
    }
    /// Sends one data message; nothing happens for link 0.
    template <class Message>
    void send(transport::link_id link, const Message& message) {
        if (link == 0) return;
        const std::size_t start = batch_.bytes.size();
        protocol::encode(batch_.bytes, message);
        batch_.sends.push_back({link, static_cast<std::uint32_t>(batch_.bytes.size() - start)});
    }
    /// What is sent to the link until the next flush may go beyond its outbox's bound: it is what the link missed or was slow to
    /// read.
    void owes(transport::link_id link) { batch_.arrears.push_back(link); }
    /// The link's message number `rx` is dealt with.
    void processed(transport::link_id link, std::uint64_t rx);
    void admit(transport::link_id link, protocol::errc code, std::string text);
    /// The token is of no use any more: its sessions end.
    void revoke(std::string token_id, routing::timestamp_ms expires_at) {
        batch_.revocations.push_back({std::move(token_id), expires_at});
    }
    void feed(std::string topic, std::string body) { batch_.feed.push_back({std::move(topic), std::move(body)}); }

    /// Marks the begin of a step, so that one that failed in deciding can be undone.
    void begin_step() noexcept;
    /// Takes back what the step sent; false if it journaled something already.
    [[nodiscard]] bool undo_step() noexcept;

    /// Hands everything to the store; what was sent appears once it is durable, in order.
    void flush(storage::store& store, std::shared_ptr<egress> to);

private:
    storage::record_batch records_;
    transport::outbound_batch batch_;
    std::size_t step_bytes_ = 0, step_sends_ = 0, step_feed_ = 0;
    bool committed_to_ = false;
};

} // namespace fenliu::actors
