// Lanes for tests: keeps what transport hands over and lets a test wait for it, and answers at once if the test says how. Used by
// the ROUTER thread and by the test's.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "protocol/codec.hpp"
#include "transport/broker_socket.hpp"
#include "transport/inbound_sink.hpp"

namespace fenliu::transport::testing {

/// An event, copied out of its batch.
struct noted {
    enum class what { opened, lost, resumed, full, roomy, closed, data, admin };
    what kind = what::data;
    unsigned lane = 0;
    link_id link = 0;
    std::uint64_t rx = 0;
    std::uint32_t message_kind = 0;
    std::string ref;
    std::string account;
    std::vector<seen_position> seen;
    bool seen_given = false;

    friend bool operator==(const noted& left, what right) { return left.kind == right; }
};

inline noted note_of(const event& of, unsigned lane, bool admin) {
    noted note;
    note.lane = lane;
    constexpr std::array kinds{noted::what::data, noted::what::opened, noted::what::lost,  noted::what::resumed,
                               noted::what::full, noted::what::roomy,  noted::what::closed};
    static_assert(kinds.size() == std::variant_size_v<event>);
    note.kind = admin ? noted::what::admin : kinds[of.index()];
    note.link = std::visit([](const auto& each) { return each.link; }, of);
    if (const auto* data = std::get_if<received>(&of)) {
        note.rx = data->rx;
        note.message_kind = protocol::kind_of(data->message);
        note.ref = protocol::ref_of(data->message).value_or("");
        note.account = data->who->account;
    } else if (const auto* opened = std::get_if<link_opened>(&of)) {
        note.account = opened->who->account;
        note.seen = opened->seen;
        note.seen_given = opened->seen_given;
    }
    return note;
}

class recording_sink final : public inbound_sink {
public:
    /// What to post for an event; called on the ROUTER thread.
    using answer = std::function<void(const event&, outbound_batch&)>;

    [[nodiscard]] unsigned lane_count() const noexcept override { return 2; }
    /// Shops that begin with a letter before `n` live on lane 0.
    [[nodiscard]] unsigned lane_of(std::string_view shop) const noexcept override { return shop < "n" ? 0 : 1; }
    void deliver(unsigned lane, inbound_batch batch) noexcept override {
        keep(batch, lane, false);
        const std::scoped_lock lock(mutex_);
        if (busy_) in_hand_.push_back(std::move(batch));
    }
    void deliver_admin(inbound_batch batch) noexcept override { keep(batch, 0, true); }
    [[nodiscard]] pressure held_up() const noexcept override { return held_up_; }
    void set_held_up(pressure held_up) { held_up_ = held_up; }

    void answer_with(answer how, std::function<void(outbound_batch&&)> post) {
        const std::scoped_lock lock(mutex_);
        answer_ = std::move(how);
        post_ = std::move(post);
    }
    /// Busy lanes are not done with any batch; what they had in hand is done when they aren't any more.
    void set_busy(bool busy) {
        const std::scoped_lock lock(mutex_);
        busy_ = busy;
        if (!busy) in_hand_.clear();
    }
    [[nodiscard]] std::vector<noted> notes() const {
        const std::scoped_lock lock(mutex_);
        return notes_;
    }
    [[nodiscard]] std::size_t count(noted::what kind) const {
        const std::scoped_lock lock(mutex_);
        return static_cast<std::size_t>(std::count(notes_.begin(), notes_.end(), kind));
    }
    /// Waits until `holds(notes)`; false when it does not within ten seconds.
    template <class Holds>
    [[nodiscard]] bool eventually(Holds holds) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return holds(notes_); });
    }
    [[nodiscard]] bool eventually(noted::what kind, std::size_t times = 1) {
        return eventually(
            [&](const auto& notes) { return std::count(notes.begin(), notes.end(), kind) >= std::ptrdiff_t(times); });
    }

private:
    void keep(const inbound_batch& batch, unsigned lane, bool admin) {
        outbound_batch out;
        answer how;
        std::function<void(outbound_batch &&)> post;
        {
            const std::scoped_lock lock(mutex_);
            for (const auto* each : batch.events)
                notes_.push_back(note_of(*each, lane, admin));
            how = answer_;
            post = post_;
        }
        changed_.notify_all();
        if (!how) return;
        for (const auto* each : batch.events)
            how(*each, out);
        if (!out.empty()) post(std::move(out));
    }

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<noted> notes_;
    answer answer_;
    std::function<void(outbound_batch&&)> post_;
    bool busy_ = false;
    std::atomic<pressure> held_up_ = pressure::none;
    std::vector<inbound_batch> in_hand_;
};

template <class Message>
void add_send(outbound_batch& out, link_id link, const Message& message) {
    const std::size_t before = out.bytes.size();
    protocol::encode(out.bytes, message);
    out.sends.push_back({link, static_cast<std::uint32_t>(out.bytes.size() - before)});
}

/// Admits every agent and answers every message with `stored` (10), `said` (31) or `result`, as a broker without rules would.
inline void answer_everything(const event& of, outbound_batch& out) {
    if (const auto* opened = std::get_if<link_opened>(&of)) {
        if (opened->who->role == protocol::role::agent) out.admissions.push_back({opened->link, protocol::errc::ok, {}});
        return;
    }
    const auto* data = std::get_if<received>(&of);
    if (data == nullptr) return;
    if (const auto* publish = std::get_if<protocol::publish>(&data->message))
        add_send(out, data->link, protocol::stored{publish->msg_id, "c1", data->rx, false});
    else if (const auto* say = std::get_if<protocol::say>(&data->message))
        add_send(out, data->link, protocol::said{say->msg_id, "c1", data->rx, false});
    else if (const auto ref = protocol::ref_of(data->message))
        add_send(out, data->link, protocol::result{*ref, "OK", {}});
    out.processed.push_back({data->link, data->rx, data->rx});
}

} // namespace fenliu::transport::testing
