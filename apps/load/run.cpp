#include "apps/load/run.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "apps/load/due_text.hpp"
#include "apps/load/publishing.hpp"
#include "apps/load/stage.hpp"

namespace fenliu::load {

namespace {

using namespace std::chrono_literals;

constexpr auto look_around = 10ms;
/// What is in flight at the end comes within this, or is missing.
constexpr auto drain_at_most = 10s;

void consume(stage& shared, target& broker, const shape& wanted, part connections) {
    counter counts{shared};
    const auto group = broker.consume(wanted, connections, [&](std::string_view text) {
        auto& here = counts.here();
        ++here.delivered;
        if (const auto due = read_due(text); due != 0)
            here.delivery.add(steady::now().time_since_epoch() - std::chrono::nanoseconds{due});
    });
    while (!group->ready() && shared.now == phase::connecting)
        group->poll(look_around);
    --shared.connecting;
    --shared.opening; // publishers open
    while (shared.now != phase::over) {
        group->poll(look_around);
        counts.now_and_then(steady::now());
    }
}

void check(const shape& wanted) {
    const auto refuse = [](const std::string& why) { throw std::runtime_error{"this load can't be: " + why}; };
    if (wanted.publishers == 0 || wanted.consumers == 0 || wanted.shops == 0) refuse("it needs publishers, consumers and shops");
    if (wanted.channels < wanted.publishers) refuse("every publisher needs a channel of its own");
    if (wanted.channels < wanted.shops) refuse("every shop needs a channel");
    if (wanted.consumers < wanted.shops) refuse("every shop needs a consumer");
    if (wanted.threads == 0 || wanted.threads > std::min(wanted.publishers, wanted.consumers))
        refuse("every thread needs a publisher and a consumer");
    if (wanted.text_bytes < due_digits) refuse("a text has " + std::to_string(due_digits) + " bytes at least");
    if (wanted.rate && *wanted.rate <= 0) refuse("the rate has to be above 0");
    if (wanted.window == 0 || wanted.frame_messages == 0) refuse("a window and a frame have room for one message at least");
}

/// The calling thread's view: moves the stage from phase to phase.
class conductor {
public:
    conductor(stage& shared, const shape& wanted, const std::function<void(const progress&)>& tell,
              const std::function<bool()>& stop)
        : shared_(shared)
        , wanted_(wanted)
        , tell_(tell)
        , stop_(stop) {}

    figures conduct(std::chrono::seconds patience) {
        begin("connecting");
        wait_for(shared_.connecting, patience);
        enter(phase::opening, "opening");
        wait_for(shared_.opening, patience);
        wait_until_delivered(patience);
        shared_.begin = steady::now();
        enter(phase::running, "warm-up");
        pass(wanted_.ramp + wanted_.warm_up);
        enter(phase::measuring, "measuring");
        measured_from_ = steady::now();
        pass(wanted_.duration);
        const auto end = steady::now();
        enter(phase::draining, "draining");
        drain();
        found_.seconds = std::chrono::duration<double>(end - measured_from_).count();
        if (wanted_.rate)
            found_.behind =
                static_cast<std::uint64_t>(std::max(0.0, *wanted_.rate * found_.seconds - static_cast<double>(found_.published)));
        return std::move(found_);
    }

private:
    static void add(figures& to, const slice& more) {
        to.published += more.published;
        to.acked += more.acked;
        to.delivered += more.delivered;
        to.ack.merge(more.ack);
        to.delivery.merge(more.delivery);
    }

    void begin(std::string_view name) {
        name_ = name;
        since_ = {};
        phase_from_ = told_at_ = steady::now();
    }
    void enter(phase next, std::string_view name) {
        auto expected = shared_.now.load();
        while (expected != phase::over && !shared_.now.compare_exchange_weak(expected, next)) {
        }
        shared_.rethrow();
        begin(name);
    }
    [[nodiscard]] bool stopped() const { return stop_ && stop_(); }

    /// What the threads handed over since.
    void look() {
        const slice out = shared_.unmeasured.take(), in = shared_.measured.take();
        for (const auto* each : {&out, &in}) {
            all_.published += each->published;
            all_.acked += each->acked;
            all_.refused += each->refused;
            all_.delivered += each->delivered;
            since_.add(*each);
        }
        add(found_, in);
        found_.refused = all_.refused;
        const auto now = steady::now();
        if (now < told_at_ + 1s) return;
        if (name_ == "measuring") add_moment(now);
        const auto seconds = [](auto time) { return std::chrono::duration<double>(time).count(); };
        if (tell_) tell_({name_, seconds(now - phase_from_), since_.acked, since_.delivered, seconds(now - told_at_)});
        since_ = {};
        told_at_ = now;
    }
    void add_moment(steady::time_point now) {
        found_.moments.push_back({std::chrono::duration<double>(now - measured_from_).count(), since_.published, since_.acked,
                                  since_.delivered, since_.ack.quantile(0.99), since_.delivery.quantile(0.99)});
    }
    void pause() {
        std::this_thread::sleep_for(look_around);
        shared_.rethrow();
        look();
    }

    /// Waits until nobody is left in `counted`; that, an ack or a delivery is progress.
    void wait_for(const std::atomic<std::size_t>& counted, std::chrono::seconds patience) {
        wait_while([&] { return counted.load() > 0; }, [&] { return counted.load(); }, patience);
    }
    void wait_until_delivered(std::chrono::seconds patience) {
        wait_while([&] { return all_.delivered + all_.refused < wanted_.channels; }, [] { return std::size_t{0}; }, patience);
    }
    template <class Waiting, class Left>
    void wait_while(Waiting&& waiting, Left&& left, std::chrono::seconds patience) {
        const auto state = [&] { return std::tuple{left(), all_.acked, all_.delivered, all_.refused}; };
        auto last = state();
        for (auto since = steady::now(); waiting() && !stopped();) {
            pause();
            if (const auto now = state(); now != last) {
                last = now;
                since = steady::now();
            } else if (steady::now() > since + patience) {
                throw std::runtime_error{std::string{name_} + " makes no progress: " + std::to_string(all_.acked) +
                                         " messages acknowledged, " + std::to_string(all_.delivered) + " delivered, " +
                                         std::to_string(all_.refused) + " refused"};
            }
        }
    }
    void pass(std::chrono::milliseconds time) {
        for (const auto end = steady::now() + time; steady::now() < end && !stopped();)
            pause();
    }
    void drain() {
        const auto end = steady::now() + drain_at_most, all_handed_over = steady::now() + 4 * hand_over_every;
        while (steady::now() < all_handed_over)
            pause();
        while (all_.delivered + all_.refused < all_.published && steady::now() < end)
            pause();
        found_.missing = all_.published - std::min(all_.published, all_.delivered + all_.refused);
    }

    stage& shared_;
    const shape& wanted_;
    const std::function<void(const progress&)>& tell_;
    const std::function<bool()>& stop_;
    figures found_;
    slice all_, since_;
    std::string_view name_;
    steady::time_point phase_from_, told_at_, measured_from_;
};

} // namespace

figures run_load(target& broker, const shape& wanted, const std::function<void(const progress&)>& tell,
                 const std::function<bool()>& stop, std::chrono::seconds patience) {
    check(wanted);
    broker.prepare(wanted);
    stage shared{2 * wanted.threads};
    std::vector<std::jthread> threads;
    const auto start = [&](auto work) {
        threads.emplace_back([&shared, work] {
            try {
                work();
            } catch (...) {
                shared.fail(std::current_exception());
            }
        });
    };
    for (std::size_t i = 0; i < wanted.threads; ++i) {
        start([&, i] { consume(shared, broker, wanted, {i, wanted.threads}); });
        start([&, i] { publishing{shared, broker, wanted, {i, wanted.threads}}.run(); });
    }
    try {
        figures found = conductor{shared, wanted, tell, stop}.conduct(patience);
        shared.now = phase::over;
        return found;
    } catch (...) {
        shared.now = phase::over;
        throw;
    }
}

} // namespace fenliu::load
