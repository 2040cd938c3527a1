// JetStream: a file stream to each consuming connection, published to with a reply subject, so that every message is acknowledged
// without waiting for the one before. A durable push consumer delivers, and all that one reading brought gets one ack. One stream
// for all with a filter to each consumer is a third as fast with 64 of them: each looks through the others' messages. Pulling in
// large batches is as fast as pushing.
#include <nlohmann/json.hpp>

#include "tests/bench/compare/digits.hpp"
#include "tests/bench/compare/nats_session.hpp"
#include "tests/bench/compare/targets.hpp"
#include "tests/bench/compare/wires.hpp"

namespace fenliu::bench {

namespace {

/// Messages of one consumer that are delivered and not acknowledged.
constexpr int ack_pending_at_most = 16'384;
/// Then it delivers again: longer than a load that is late.
constexpr std::int64_t ack_wait_ns = 60'000'000'000;

/// What is made at the server for one run, all named after it.
struct names {
    std::string run;

    [[nodiscard]] std::string stream(std::size_t number) const { return run + "-" + std::to_string(number); }
    [[nodiscard]] std::string subjects(std::size_t consumer) const { return run + "." + std::to_string(consumer) + ".*"; }
    [[nodiscard]] std::string inbox(std::size_t publisher) const { return "_INBOX." + run + "." + std::to_string(publisher); }
    [[nodiscard]] std::string deliveries(std::size_t consumer) const { return run + "-deliver." + std::to_string(consumer); }
};

class stream_publishers : public load::publishers {
public:
    stream_publishers(const endpoint& to, const names& named, const load::shape& wanted, load::part part, load::acked tell)
        : named_(named)
        , wanted_(wanted)
        , part_(part)
        , tell_(std::move(tell)) {
        for (auto number = part.first; number < wanted.publishers; number += part.step) {
            auto& from =
                connections_.emplace_back(connection{nats_session{wires_.add(to), to}, number, named.inbox(number) + "."});
            from.session.subscribe(from.inbox + "*");
            from.session.settle();
        }
    }

    bool ready() override { return true; }
    void publish(std::size_t number, std::size_t channel, std::uint64_t id, std::string_view text) override {
        auto& from = connections_[(number - part_.first) / part_.step];
        subject_ = named_.run;
        subject_ += '.';
        append_number(subject_, channel % wanted_.consumers);
        subject_ += '.';
        append_number(subject_, channel);
        reply_ = from.inbox;
        append_number(reply_, id);
        from.session.publish(subject_, reply_, text);
    }
    void poll(std::chrono::nanoseconds wait) override {
        wires_.flush();
        wires_.wait(wait, [&](std::size_t place) {
            auto& from = connections_[place];
            from.session.read([&](const nats_message& message) {
                const bool ok = message.payload.find("\"error\"") == std::string_view::npos;
                tell_(from.number, read_number(message.subject.substr(from.inbox.size())), ok);
            });
        });
    }

private:
    struct connection {
        nats_session session;
        std::size_t number;
        std::string inbox; ///< with the dot
    };

    const names& named_;
    load::shape wanted_;
    load::part part_;
    load::acked tell_;
    std::string subject_, reply_;
    wires wires_;
    std::vector<connection> connections_;
};

class stream_consumers : public load::consumers {
public:
    stream_consumers(const endpoint& to, const names& named, const load::shape& wanted, load::part part, load::delivered tell)
        : tell_(std::move(tell)) {
        for (auto number = part.first; number < wanted.consumers; number += part.step) {
            auto& session = sessions_.emplace_back(wires_.add(to), to);
            session.subscribe(named.deliveries(number));
            session.settle();
        }
    }

    bool ready() override { return true; }
    void poll(std::chrono::nanoseconds wait) override {
        wires_.wait(wait, [&](std::size_t place) {
            last_.clear();
            sessions_[place].read([&](const nats_message& message) {
                tell_(message.payload);
                last_ = message.reply;
            });
            if (!last_.empty()) sessions_[place].publish(last_, {}, "+ACK");
        });
        wires_.flush();
    }

private:
    load::delivered tell_;
    std::string last_;
    wires wires_;
    std::vector<nats_session> sessions_;
};

class jetstream_target : public load::target {
public:
    explicit jetstream_target(const access& to)
        : to_(parse_endpoint(to.url, {.user = {}, .password = {}, .port = nats_port}))
        , named_{to.run} {}
    ~jetstream_target() override {
        try {
            wire over{to_};
            nats_session session{over, to_};
            for (std::size_t number = 0; number < streams_; ++number)
                static_cast<void>(session.request("$JS.API.STREAM.DELETE." + named_.stream(number), ""));
        } catch (const std::runtime_error&) { // the server is gone, or has none
        }
    }

    void prepare(const load::shape& wanted) override {
        wire over{to_};
        nats_session session{over, to_};
        const auto ask = [&](const std::string& subject, const nlohmann::json& what) {
            const auto answer = nlohmann::json::parse(session.request(subject, what.dump()), nullptr, false);
            if (answer.is_discarded() || answer.contains("error")) over.fail(subject + ": " + answer.dump());
        };
        for (; streams_ < wanted.consumers; ++streams_) {
            const auto stream = named_.stream(streams_);
            ask("$JS.API.STREAM.CREATE." + stream, {{"name", stream},
                                                    {"subjects", {named_.subjects(streams_)}},
                                                    {"storage", "file"},
                                                    {"retention", "limits"},
                                                    {"discard", "old"},
                                                    {"max_msgs", -1},
                                                    {"max_bytes", -1},
                                                    {"max_consumers", -1},
                                                    {"num_replicas", 1}});
            ask("$JS.API.CONSUMER.DURABLE.CREATE." + stream + ".c", {{"stream_name", stream},
                                                                     {"config",
                                                                      {{"durable_name", "c"},
                                                                       {"deliver_subject", named_.deliveries(streams_)},
                                                                       {"deliver_policy", "all"},
                                                                       {"replay_policy", "instant"},
                                                                       {"ack_policy", "all"},
                                                                       {"ack_wait", ack_wait_ns},
                                                                       {"max_ack_pending", ack_pending_at_most}}}});
        }
    }
    std::unique_ptr<load::publishers> publish(const load::shape& wanted, load::part part, load::acked tell) override {
        return std::make_unique<stream_publishers>(to_, named_, wanted, part, std::move(tell));
    }
    std::unique_ptr<load::consumers> consume(const load::shape& wanted, load::part part, load::delivered tell) override {
        return std::make_unique<stream_consumers>(to_, named_, wanted, part, std::move(tell));
    }

private:
    endpoint to_;
    names named_;
    std::size_t streams_ = 0; ///< made
};

} // namespace

std::unique_ptr<load::target> jetstream(const access& to) { return std::make_unique<jetstream_target>(to); }

} // namespace fenliu::bench
