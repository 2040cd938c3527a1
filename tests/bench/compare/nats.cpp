// Core NATS: `<run>.<consumer>.<channel>`, and a consumer takes all below its number. The server has no acks, and cuts off a
// subscriber for whom more than 64 MiB wait: so this load publishes no more than its consumers may have unread.
#include <deque>

#include "tests/bench/compare/digits.hpp"
#include "tests/bench/compare/nats_session.hpp"
#include "tests/bench/compare/targets.hpp"
#include "tests/bench/compare/undelivered.hpp"
#include "tests/bench/compare/wires.hpp"

namespace fenliu::bench {

namespace {

class subject_publishers : public load::publishers {
public:
    subject_publishers(const endpoint& to, std::string run, const load::shape& wanted, load::part part, load::acked tell,
                       undelivered& between)
        : wanted_(wanted)
        , part_(part)
        , tell_(std::move(tell))
        , between_(between)
        , run_(std::move(run)) {
        wires_.wake_by(between.fd());
        for (auto number = part.first; number < wanted.publishers; number += part.step) {
            auto& over = wires_.add(to);
            connections_.push_back({nats_session{over, to}, number, {}, {}, {}});
        }
    }

    bool ready() override { return true; }
    void publish(std::size_t number, std::size_t channel, std::uint64_t id, std::string_view text) override {
        const auto place = (number - part_.first) / part_.step;
        subject_ = run_;
        subject_ += '.';
        append_number(subject_, channel % wanted_.consumers);
        subject_ += '.';
        append_number(subject_, channel);
        auto& from = connections_[place];
        if (from.held.empty() && between_.take()) {
            from.session.publish(subject_, {}, text);
            from.appended.push_back({id, wires_[place].appended()});
        } else {
            const auto before = from.held_text.size();
            append_publish(from.held_text, subject_, {}, text);
            from.held.push_back({id, from.held_text.size() - before});
        }
    }
    void poll(std::chrono::nanoseconds wait) override {
        if (!append_all_held()) {
            between_.want();
            append_all_held();
        }
        wires_.flush();
        if (tell_taken()) wait = {};
        wires_.wait(wait, [&](std::size_t place) { connections_[place].session.read([](const nats_message&) {}); });
    }

private:
    struct held_message {
        std::uint64_t id;
        std::size_t bytes;
    };
    struct appended_message {
        std::uint64_t id, end; ///< where on the wire
    };
    struct connection {
        nats_session session;
        std::size_t number;
        std::deque<held_message> held; ///< while too many are undelivered
        std::string held_text;         ///< theirs, as it will be written
        std::deque<appended_message> appended;
    };

    /// As far as it may be published.
    void append_held(std::size_t place) {
        auto& from = connections_[place];
        auto& over = wires_[place];
        const auto begin = over.appended();
        std::size_t bytes = 0;
        for (; !from.held.empty() && between_.take(); from.held.pop_front()) {
            bytes += from.held.front().bytes;
            from.appended.push_back({from.held.front().id, begin + bytes});
        }
        over.out.append(from.held_text, 0, bytes);
        from.held_text.erase(0, bytes);
    }
    /// Whether nothing is held any longer. Begins with another connection each time, as room may end before the last.
    bool append_all_held() {
        for (std::size_t i = 0; i < connections_.size(); ++i) {
            const auto place = (first_ + i) % connections_.size();
            append_held(place);
            if (connections_[place].held.empty()) continue;
            first_ = place + 1;
            return false;
        }
        return true;
    }
    bool tell_taken() {
        bool any = false;
        for (std::size_t place = 0; place < connections_.size(); ++place) {
            auto& from = connections_[place];
            for (const auto taken = wires_[place].taken(); !from.appended.empty() && from.appended.front().end <= taken;
                 any = true) {
                tell_(from.number, from.appended.front().id, true);
                from.appended.pop_front();
            }
        }
        return any;
    }

    load::shape wanted_;
    load::part part_;
    load::acked tell_;
    undelivered& between_;
    std::string run_, subject_;
    std::size_t first_ = 0;
    wires wires_;
    std::vector<connection> connections_;
};

class subject_consumers : public load::consumers {
public:
    subject_consumers(const endpoint& to, const std::string& run, const load::shape& wanted, load::part part,
                      load::delivered tell, undelivered& between)
        : tell_(std::move(tell))
        , between_(between) {
        for (auto number = part.first; number < wanted.consumers; number += part.step) {
            auto& session = sessions_.emplace_back(wires_.add(to), to);
            session.subscribe(run + "." + std::to_string(number) + ".>");
            session.settle();
        }
    }

    bool ready() override { return true; }
    void poll(std::chrono::nanoseconds wait) override {
        std::size_t came = 0;
        wires_.wait(wait, [&](std::size_t place) {
            sessions_[place].read([&](const nats_message& message) {
                tell_(message.payload);
                ++came;
            });
        });
        if (came > 0) between_.give_back(came);
        wires_.flush();
    }

private:
    load::delivered tell_;
    undelivered& between_;
    wires wires_;
    std::vector<nats_session> sessions_;
};

class nats_target : public load::target {
public:
    explicit nats_target(const access& to)
        : to_(parse_endpoint(to.url, {.user = {}, .password = {}, .port = nats_port}))
        , run_(to.run) {}

    void prepare(const load::shape& wanted) override { between_.limit(wanted); }
    std::unique_ptr<load::publishers> publish(const load::shape& wanted, load::part part, load::acked tell) override {
        return std::make_unique<subject_publishers>(to_, run_, wanted, part, std::move(tell), between_);
    }
    std::unique_ptr<load::consumers> consume(const load::shape& wanted, load::part part, load::delivered tell) override {
        return std::make_unique<subject_consumers>(to_, run_, wanted, part, std::move(tell), between_);
    }

private:
    endpoint to_;
    std::string run_;
    undelivered between_;
};

} // namespace

std::unique_ptr<load::target> nats(const access& to) { return std::make_unique<nats_target>(to); }

} // namespace fenliu::bench
