// Two ends of a session joined by a link that delays, cuts and resumes at any moment. Each run is one seed; a failure prints it.
#include <deque>
#include <random>

#include <gtest/gtest.h>

#include "transport/channel.hpp"

namespace fenliu::transport {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t window = 20;

/// One end, its owner, and what is on the way to it.
struct end {
    explicit end(instant now)
        : line({.window = window, .heartbeat = 50ms}, now) {}

    channel line;
    std::deque<std::string> coming;
    std::uint32_t sent = 0;                 ///< positions 1…sent were given to the channel
    std::vector<std::uint32_t> got;         ///< positions, in the order they came
    std::vector<std::uint64_t> unprocessed; ///< numbers that the owner has not finished
    std::uint64_t last_ack = 0;             ///< the highest the peer said
    std::size_t overrun = 0;
};

class hostile_link {
public:
    explicit hostile_link(unsigned seed)
        : random_(seed)
        , left_(now_)
        , right_(now_) {}

    void run(std::size_t steps) {
        for (std::size_t step = 0; step < steps; ++step) {
            now_ += std::chrono::milliseconds(chance(20));
            end& one = chance(2) == 0 ? left_ : right_;
            end& other = &one == &left_ ? right_ : left_;
            switch (chance(8)) {
            case 0:
            case 1:
                publish(one);
                break;
            case 2:
            case 3:
                send(one, other);
                break;
            case 4:
            case 5:
                receive(one);
                break;
            case 6:
                process_one(one);
                break;
            default:
                if (chance(8) == 0) cut_and_resume();
            }
        }
    }
    void settle() {
        for (int round = 0; round < 2000; ++round) {
            for (end* each : {&left_, &right_}) {
                end& other = each == &left_ ? right_ : left_;
                send(*each, other);
                while (!other.coming.empty())
                    receive(other);
                while (!other.unprocessed.empty())
                    process_one(other);
            }
        }
    }
    void check(const end& from, const end& to) const {
        ASSERT_EQ(to.got.size(), from.sent) << "lost or doubled";
        for (std::uint32_t index = 0; index < from.sent; ++index)
            ASSERT_EQ(to.got[index], index + 1) << "out of order";
        EXPECT_EQ(from.line.outgoing().acked(), from.sent);
        EXPECT_EQ(from.line.outgoing().bytes(), 0u);
        EXPECT_EQ(to.overrun, 0u) << "credit was exceeded";
    }
    void check() const {
        check(left_, right_);
        check(right_, left_);
    }
    [[nodiscard]] std::size_t cuts() const { return cuts_; }
    [[nodiscard]] std::size_t replayed() const { return replayed_; }

private:
    unsigned chance(unsigned below) { return std::uniform_int_distribution<unsigned>(0, below - 1)(random_); }

    void publish(end& from) {
        for (unsigned count = chance(10); count > 0; --count)
            ASSERT_TRUE(from.line.send_message(protocol::queue_moved{"acme", "bob", ++from.sent, 0}));
    }
    void send(end& from, end& to) {
        std::string frame;
        const composed what = from.line.compose(frame, now_);
        if (what.messages() == 0 || chance(10) == 0) return; // nothing, or the socket is busy
        from.line.sent(what, now_);
        to.coming.push_back(std::move(frame));
    }
    void receive(end& at) {
        if (at.coming.empty()) return;
        const std::string frame = std::move(at.coming.front());
        at.coming.pop_front();
        std::vector<protocol::message> messages;
        ASSERT_TRUE(decoder_.decode(frame, messages).whole);
        at.line.heard(now_, frame.size());
        for (const auto& message : messages) {
            if (const auto* ack = std::get_if<protocol::ack>(&message)) {
                EXPECT_GE(ack->rx, at.last_ack) << "an ack went back";
                at.last_ack = ack->rx;
                EXPECT_TRUE(at.line.acknowledge(ack->rx));
            } else if (const auto* data = std::get_if<protocol::queue_moved>(&message)) {
                if (at.line.count() != standing::within) ++at.overrun;
                at.got.push_back(data->position);
                at.unprocessed.push_back(at.line.incoming().received());
            }
        }
    }
    /// The owner finishes any one of what it has.
    void process_one(end& at) {
        if (at.unprocessed.empty()) return;
        const auto which = at.unprocessed.begin() + chance(static_cast<unsigned>(at.unprocessed.size()));
        const std::uint64_t before = at.line.incoming().contiguous();
        at.line.processed(*which, *which);
        EXPECT_GE(at.line.incoming().contiguous(), before);
        at.unprocessed.erase(which);
    }
    void cut_and_resume() {
        ++cuts_;
        left_.coming.clear();
        right_.coming.clear();
        for (end* each : {&left_, &right_})
            while (!each->unprocessed.empty())
                process_one(*each);
        const std::uint64_t left_rx = left_.line.incoming().contiguous();
        const std::uint64_t right_rx = right_.line.incoming().contiguous();
        ASSERT_TRUE(left_.line.covers(right_rx));
        ASSERT_TRUE(right_.line.covers(left_rx));
        const std::uint64_t sent = left_.line.outgoing().sent() + right_.line.outgoing().sent();
        left_.line.resume(right_rx, now_);
        right_.line.resume(left_rx, now_);
        replayed_ += sent - left_.line.outgoing().sent() - right_.line.outgoing().sent();
        left_.last_ack = std::max(left_.last_ack, right_rx);
        right_.last_ack = std::max(right_.last_ack, left_rx);
    }

    std::mt19937 random_;
    instant now_{};
    end left_;
    end right_;
    protocol::decoder decoder_;
    std::size_t cuts_ = 0;
    std::size_t replayed_ = 0;
};

TEST(a_session_over_a_hostile_link, loses_doubles_and_reorders_nothing) {
    std::size_t cuts = 0;
    std::size_t replayed = 0;
    for (unsigned seed = 1; seed <= 200; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        hostile_link link(seed);
        link.run(1500);
        link.settle();
        link.check();
        cuts += link.cuts();
        replayed += link.replayed();
        if (HasFailure()) return;
    }
    // A run that never cut in the middle of something would be no evidence.
    EXPECT_GT(cuts, 1000u);
    EXPECT_GT(replayed, 1000u);
}

} // namespace
} // namespace fenliu::transport
