// MQTT: `<run>/<consumer>/<channel>`, and a consumer takes all below its number. QoS 1 both ways: the broker acknowledges each
// publish, and each delivery is acknowledged, those of one reading in one write. Consumers' sessions are durable, so that the
// broker may store what it has for them; the target ends them.
#include <deque>

#include "tests/bench/compare/digits.hpp"
#include "tests/bench/compare/mqtt_session.hpp"
#include "tests/bench/compare/targets.hpp"
#include "tests/bench/compare/wires.hpp"

namespace fenliu::bench {

namespace {

/// Packet ids have 16 bits, and 0 is none.
constexpr std::size_t ids = 65'535;

class topic_publishers : public load::publishers {
public:
    topic_publishers(const endpoint& to, std::string run, const load::shape& wanted, load::part part, load::acked tell)
        : wanted_(wanted)
        , part_(part)
        , tell_(std::move(tell))
        , run_(std::move(run)) {
        for (auto number = part.first; number < wanted.publishers; number += part.step) {
            const auto name = run_ + "-p" + std::to_string(number);
            connections_.push_back(
                {mqtt_session{wires_.add(to), to, name, true}, number, 0, std::vector<std::uint64_t>(ids), {}});
        }
    }

    bool ready() override { return true; }
    void publish(std::size_t number, std::size_t channel, std::uint64_t id, std::string_view text) override {
        auto& from = connections_[(number - part_.first) / part_.step];
        if (from.open == ids)
            from.held.push_back({channel, id, std::string{text}});
        else
            append(from, channel, id, text);
    }
    void poll(std::chrono::nanoseconds wait) override {
        wires_.flush();
        wires_.wait(wait, [&](std::size_t place) {
            auto& from = connections_[place];
            from.session.read([&](const mqtt_packet& packet) {
                if (packet.publish || packet.id == 0) return;
                --from.open;
                tell_(from.number, from.id_of[packet.id - 1U], true);
            });
            for (; !from.held.empty() && from.open < ids; from.held.pop_front())
                append(from, from.held.front().channel, from.held.front().id, from.held.front().text);
        });
    }

private:
    struct held_message {
        std::size_t channel;
        std::uint64_t id;
        std::string text;
    };
    struct connection {
        mqtt_session session;
        std::size_t number, open;         ///< published and not acknowledged
        std::vector<std::uint64_t> id_of; ///< by packet id, from 1
        std::deque<held_message> held;    ///< while all packet ids are in use
    };

    /// The broker acknowledges in order: a packet id comes round when it is free.
    void append(connection& from, std::size_t channel, std::uint64_t id, std::string_view text) {
        topic_ = run_;
        topic_ += '/';
        append_number(topic_, channel % wanted_.consumers);
        topic_ += '/';
        append_number(topic_, channel);
        const auto place = static_cast<std::size_t>(id % ids);
        from.id_of[place] = id;
        ++from.open;
        from.session.publish(topic_, static_cast<std::uint16_t>(place + 1), text);
    }

    load::shape wanted_;
    load::part part_;
    load::acked tell_;
    std::string run_, topic_;
    wires wires_;
    std::vector<connection> connections_;
};

std::string consumer_name(const std::string& run, std::size_t number) { return run + "-c" + std::to_string(number); }

class topic_consumers : public load::consumers {
public:
    topic_consumers(const endpoint& to, const std::string& run, const load::shape& wanted, load::part part, load::delivered tell)
        : tell_(std::move(tell)) {
        for (auto number = part.first; number < wanted.consumers; number += part.step) {
            auto& session = sessions_.emplace_back(wires_.add(to), to, consumer_name(run, number), false);
            session.subscribe(run + "/" + std::to_string(number) + "/+");
        }
    }

    bool ready() override { return true; }
    void poll(std::chrono::nanoseconds wait) override {
        wires_.wait(wait, [&](std::size_t place) {
            auto& session = sessions_[place];
            session.read([&](const mqtt_packet& packet) {
                if (!packet.publish) return;
                tell_(packet.payload);
                session.acknowledge(packet.id);
            });
        });
        wires_.flush();
    }

private:
    load::delivered tell_;
    wires wires_;
    std::vector<mqtt_session> sessions_;
};

class mosquitto_target : public load::target {
public:
    explicit mosquitto_target(const access& to)
        : to_(parse_endpoint(to.url, {.user = {}, .password = {}, .port = mqtt_port}))
        , run_(to.run) {}
    ~mosquitto_target() override {
        try {
            for (; consumers_ > 0; --consumers_) {
                wire over{to_};
                mqtt_session{over, to_, consumer_name(run_, consumers_ - 1), true}.disconnect();
            }
        } catch (const std::runtime_error&) { // the broker is gone
        }
    }

    void prepare(const load::shape& wanted) override { consumers_ = wanted.consumers; }
    std::unique_ptr<load::publishers> publish(const load::shape& wanted, load::part part, load::acked tell) override {
        return std::make_unique<topic_publishers>(to_, run_, wanted, part, std::move(tell));
    }
    std::unique_ptr<load::consumers> consume(const load::shape& wanted, load::part part, load::delivered tell) override {
        return std::make_unique<topic_consumers>(to_, run_, wanted, part, std::move(tell));
    }

private:
    endpoint to_;
    std::string run_;
    std::size_t consumers_ = 0; ///< whose sessions are to be ended
};

} // namespace

std::unique_ptr<load::target> mosquitto(const access& to) { return std::make_unique<mosquitto_target>(to); }

} // namespace fenliu::bench
