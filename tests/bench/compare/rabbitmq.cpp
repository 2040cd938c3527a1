// RabbitMQ: a quorum queue to each consuming connection, published to by the default exchange. Messages are persistent; the
// broker confirms many at once, and so do the consumers, all of one reading with one ack.
#include <deque>

#include "tests/bench/compare/amqp_session.hpp"
#include "tests/bench/compare/targets.hpp"
#include "tests/bench/compare/wires.hpp"

namespace fenliu::bench {

namespace {

/// Messages of one consumer that are delivered and not acknowledged.
constexpr std::uint16_t prefetched = 2'000;

std::string queue_of(const std::string& run, std::size_t consumer) { return run + "." + std::to_string(consumer); }

/// Publishes of one channel that are not confirmed. Tags count from 1, ids from 0.
class unconfirmed {
public:
    void add(std::uint64_t id) { open_.push_back({id, true}); }

    /// Calls `settle(id)` for those the tag speaks of.
    template <class Settle>
    void confirm(std::uint64_t tag, bool multiple, Settle&& settle) {
        if (tag < first_) return;
        for (auto each = multiple ? first_ : tag; each <= tag && each - first_ < open_.size(); ++each) {
            auto& [id, open] = open_[static_cast<std::size_t>(each - first_)];
            if (open) settle(id);
            open = false;
        }
        for (; !open_.empty() && !open_.front().open; ++first_)
            open_.pop_front();
    }

private:
    struct publish {
        std::uint64_t id;
        bool open;
    };
    std::deque<publish> open_;
    std::uint64_t first_ = 1; ///< tag of the front
};

class queue_publishers : public load::publishers {
public:
    queue_publishers(const endpoint& to, const std::string& run, const load::shape& wanted, load::part part, load::acked tell)
        : part_(part)
        , tell_(std::move(tell)) {
        for (std::size_t consumer = 0; consumer < wanted.consumers; ++consumer)
            queues_.push_back(queue_of(run, consumer));
        for (auto number = part.first; number < wanted.publishers; number += part.step) {
            connections_.push_back({amqp_session{wires_.add(to), to}, number, {}});
            connections_.back().session.confirm_publishes();
        }
    }

    bool ready() override { return true; }
    void publish(std::size_t number, std::size_t channel, std::uint64_t id, std::string_view text) override {
        auto& from = connections_[(number - part_.first) / part_.step];
        from.session.publish(queues_[channel % queues_.size()], text);
        from.open.add(id);
    }
    void poll(std::chrono::nanoseconds wait) override {
        wires_.flush();
        wires_.wait(wait, [&](std::size_t place) {
            auto& from = connections_[place];
            from.session.read([&](const amqp_event& event) {
                const bool ok = event.what == amqp_event::kind::ack;
                from.open.confirm(event.tag, event.multiple, [&](std::uint64_t id) { tell_(from.number, id, ok); });
            });
        });
    }

private:
    struct connection {
        amqp_session session;
        std::size_t number;
        unconfirmed open;
    };

    load::part part_;
    load::acked tell_;
    std::vector<std::string> queues_; ///< by consumer
    wires wires_;
    std::vector<connection> connections_;
};

class queue_consumers : public load::consumers {
public:
    queue_consumers(const endpoint& to, const std::string& run, const load::shape& wanted, load::part part, load::delivered tell)
        : tell_(std::move(tell)) {
        for (auto number = part.first; number < wanted.consumers; number += part.step) {
            auto& session = sessions_.emplace_back(wires_.add(to), to);
            session.prefetch(prefetched);
            session.consume(queue_of(run, number));
        }
    }

    bool ready() override { return true; }
    void poll(std::chrono::nanoseconds wait) override {
        wires_.wait(wait, [&](std::size_t place) {
            std::uint64_t last = 0;
            sessions_[place].read([&](const amqp_event& event) {
                tell_(event.payload);
                last = event.tag;
            });
            if (last != 0) sessions_[place].acknowledge_up_to(last);
        });
        wires_.flush();
    }

private:
    load::delivered tell_;
    wires wires_;
    std::vector<amqp_session> sessions_;
};

class rabbitmq_target : public load::target {
public:
    explicit rabbitmq_target(const access& to)
        : to_(parse_endpoint(to.url, {.user = "guest", .password = "guest", .port = amqp_port}))
        , run_(to.run) {}
    ~rabbitmq_target() override {
        try {
            wire over{to_};
            amqp_session session{over, to_};
            for (; queues_ > 0; --queues_)
                session.delete_queue(queue_of(run_, queues_ - 1));
        } catch (const std::runtime_error&) { // the broker is gone
        }
    }

    void prepare(const load::shape& wanted) override {
        wire over{to_};
        amqp_session session{over, to_};
        for (; queues_ < wanted.consumers; ++queues_)
            session.declare_quorum_queue(queue_of(run_, queues_));
    }
    std::unique_ptr<load::publishers> publish(const load::shape& wanted, load::part part, load::acked tell) override {
        return std::make_unique<queue_publishers>(to_, run_, wanted, part, std::move(tell));
    }
    std::unique_ptr<load::consumers> consume(const load::shape& wanted, load::part part, load::delivered tell) override {
        return std::make_unique<queue_consumers>(to_, run_, wanted, part, std::move(tell));
    }

private:
    endpoint to_;
    std::string run_;
    std::size_t queues_ = 0; ///< made
};

} // namespace

std::unique_ptr<load::target> rabbitmq(const access& to) { return std::make_unique<rabbitmq_target>(to); }

} // namespace fenliu::bench
