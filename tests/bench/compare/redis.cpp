// Redis streams, one to each consuming connection, with the channel as a field. XADD is pipelined and its reply the ack;
// XREADGROUP takes what there is, and one XACK acknowledges all of it. Consumers trim what they have acknowledged: a length given
// with XADD would drop what a slow one has not read.
#include <deque>

#include "tests/bench/compare/digits.hpp"
#include "tests/bench/compare/redis_session.hpp"
#include "tests/bench/compare/targets.hpp"
#include "tests/bench/compare/wires.hpp"

namespace fenliu::bench {

namespace {

/// Messages of one XREADGROUP at most.
constexpr std::string_view read_at_most = "1000";
/// A stream is trimmed once in so many messages.
constexpr std::size_t trim_every = 4'096;
constexpr std::string_view group = "g";

std::string stream_of(const std::string& run, std::size_t consumer) { return run + ":" + std::to_string(consumer); }

class stream_publishers : public load::publishers {
public:
    stream_publishers(const endpoint& to, const std::string& run, const load::shape& wanted, load::part part, load::acked tell)
        : part_(part)
        , tell_(std::move(tell)) {
        for (std::size_t consumer = 0; consumer < wanted.consumers; ++consumer)
            streams_.push_back(stream_of(run, consumer));
        for (auto number = part.first; number < wanted.publishers; number += part.step)
            connections_.push_back({redis_session{wires_.add(to), to}, number, {}});
    }

    bool ready() override { return true; }
    void publish(std::size_t number, std::size_t channel, std::uint64_t id, std::string_view text) override {
        auto& from = connections_[(number - part_.first) / part_.step];
        channel_.clear();
        append_number(channel_, channel);
        from.session.command({"XADD", streams_[channel % streams_.size()], "*", "c", channel_, "t", text});
        from.unanswered.push_back(id);
    }
    void poll(std::chrono::nanoseconds wait) override {
        wires_.flush();
        wires_.wait(wait, [&](std::size_t place) {
            auto& from = connections_[place];
            from.session.read([&](const redisReply& answer) { // in the order of the commands
                if (from.unanswered.empty()) return;
                const auto id = from.unanswered.front();
                from.unanswered.pop_front();
                tell_(from.number, id, answer.type != REDIS_REPLY_ERROR);
            });
        });
    }

private:
    struct connection {
        redis_session session;
        std::size_t number;
        std::deque<std::uint64_t> unanswered;
    };

    load::part part_;
    load::acked tell_;
    std::vector<std::string> streams_; ///< by consumer
    std::string channel_;
    wires wires_;
    std::vector<connection> connections_;
};

class stream_consumers : public load::consumers {
public:
    stream_consumers(const endpoint& to, const std::string& run, const load::shape& wanted, load::part part, load::delivered tell)
        : tell_(std::move(tell)) {
        for (auto number = part.first; number < wanted.consumers; number += part.step) {
            connections_.push_back({redis_session{wires_.add(to), to}, stream_of(run, number)});
            ask(connections_.back());
        }
        wires_.flush();
    }

    bool ready() override { return true; }
    void poll(std::chrono::nanoseconds wait) override {
        wires_.wait(wait, [&](std::size_t place) {
            auto& from = connections_[place];
            from.session.read([&](const redisReply& answer) { take(from, wires_[place], answer); });
        });
        wires_.flush();
    }

private:
    struct connection {
        redis_session session;
        std::string stream;
        std::size_t untrimmed = 0; ///< messages acknowledged since the last trimming
    };

    static void ask(connection& of) {
        of.session.command({"XREADGROUP", "GROUP", group, "c", "COUNT", read_at_most, "BLOCK", "0", "STREAMS", of.stream, ">"});
    }
    /// XREADGROUP answers `[[stream, [[id, [name, value, …]], …]]]`, or nothing; XACK and XTRIM a number.
    void take(connection& from, const wire& over, const redisReply& answer) {
        if (answer.type == REDIS_REPLY_ERROR) over.fail(text_of(answer));
        if (answer.type == REDIS_REPLY_INTEGER) return;
        if (answer.type == REDIS_REPLY_ARRAY && answer.elements == 1 && answer.element[0]->elements == 2)
            take_entries(from, *answer.element[0]->element[1]);
        ask(from);
    }
    void take_entries(connection& from, const redisReply& entries) {
        if (entries.elements == 0) return;
        from.session.begin(3 + entries.elements);
        from.session.word("XACK");
        from.session.word(from.stream);
        from.session.word(group);
        for (std::size_t i = 0; i < entries.elements; ++i) {
            const auto& entry = *entries.element[i];
            from.session.word(text_of(*entry.element[0]));
            tell_(text_of(*entry.element[1]->element[3])); // c, channel, t, text
        }
        from.untrimmed += entries.elements;
        if (from.untrimmed < trim_every) return;
        from.untrimmed = 0;
        const auto last = text_of(*entries.element[entries.elements - 1]->element[0]);
        from.session.command({"XTRIM", from.stream, "MINID", "~", last});
    }

    load::delivered tell_;
    wires wires_;
    std::vector<connection> connections_;
};

class redis_target : public load::target {
public:
    explicit redis_target(const access& to)
        : to_(parse_endpoint(to.url, {.user = {}, .password = {}, .port = redis_port}))
        , run_(to.run) {}
    ~redis_target() override {
        try {
            wire over{to_};
            redis_session session{over, to_};
            for (; streams_ > 0; --streams_)
                session.request({"DEL", stream_of(run_, streams_ - 1)});
        } catch (const std::runtime_error&) { // the server is gone
        }
    }

    void prepare(const load::shape& wanted) override {
        wire over{to_};
        redis_session session{over, to_};
        for (; streams_ < wanted.consumers; ++streams_)
            session.request({"XGROUP", "CREATE", stream_of(run_, streams_), group, "0", "MKSTREAM"});
    }
    std::unique_ptr<load::publishers> publish(const load::shape& wanted, load::part part, load::acked tell) override {
        return std::make_unique<stream_publishers>(to_, run_, wanted, part, std::move(tell));
    }
    std::unique_ptr<load::consumers> consume(const load::shape& wanted, load::part part, load::delivered tell) override {
        return std::make_unique<stream_consumers>(to_, run_, wanted, part, std::move(tell));
    }

private:
    endpoint to_;
    std::string run_;
    std::size_t streams_ = 0; ///< made
};

} // namespace

std::unique_ptr<load::target> redis(const access& to) { return std::make_unique<redis_target>(to); }

} // namespace fenliu::bench
