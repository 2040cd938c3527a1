// What a broker does with several times what it can handle: a flooding shop's goodput against its peak, whether everything
// refused is answered with a time to wait, what a quiet shop beside it feels, and whether memory stays.
//   overload FENLIUD_URL FENLIUD_PID [SECONDS]
// The broker must run already, with auto_create and heartbeats of minutes. Phases: the quiet shop alone, a flood within its
// credit (peak), the flood at five times its peak rate, which ignores credit up to what ends a session, the flood within its
// credit again (machines are noisy: peak is the mean of both), and five times as many clients within their credit. Figures, no
// judgement. The flood's threads run only where nobody else would (SCHED_IDLE): floods come from other machines, and neither the
// broker nor the quiet shop's clients would share theirs with it. Agents and the quiet shop take turns as short as the broker's.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <sched.h>
#include <zmq.hpp>

#include "protocol/codec.hpp"
#include "protocol/this_thread.hpp"
#include "tests/bench/quiet_process.hpp"
#include "tests/bench/resident.hpp"

namespace {

using namespace fenliu;
using namespace fenliu::bench;

constexpr std::size_t floods = 16;      // frontends of the flooding shop
constexpr std::size_t buyers = 8;       // its open conversations, within the default cap of two agents
constexpr std::size_t frame_lines = 16; // lines a frame
constexpr std::size_t overload_factor = 5;
constexpr std::size_t text_bytes = 200;

/// This thread, and those it makes from now on, give way to all others.
void give_way() {
    const sched_param none{};
    if (::sched_setscheduler(0, SCHED_IDLE, &none) != 0) std::cerr << "the flood takes its share of the machine\n";
}

struct counts {
    std::uint64_t sent = 0, stored = 0, refused = 0, without_time = 0;
    std::uint64_t ended = 0, gone = 0; ///< sessions, as they let too much lie unread, and what they had no answer to by then
    std::map<std::string, std::uint64_t> codes;

    void add(const counts& other) {
        sent += other.sent;
        stored += other.stored;
        refused += other.refused;
        without_time += other.without_time;
        ended += other.ended;
        gone += other.gone;
        for (const auto& [code, count] : other.codes)
            codes[code] += count;
    }
};

/// A frontend on a bare socket, which sends what it likes: at most `ahead` messages beyond
/// the broker's last ack, at most `rate` a second.
class flooding_frontend {
public:
    flooding_frontend(zmq::context_t& context, const std::string& url, std::string shop, std::size_t number)
        : socket_{context, ZMQ_DEALER}
        , shop_{std::move(shop)}
        , name_{std::to_string(number)} {
        socket_.set(zmq::sockopt::linger, 0);
        socket_.connect(url);
        begin_session();
    }

    /// Patient ones wait for as long as they are told to.
    counts run(double rate, std::size_t ahead, bool patient, clock_type::time_point until) {
        figures_ = {};
        const auto begin = clock_type::now();
        for (auto now = begin; now < until; now = clock_type::now()) {
            const auto due = static_cast<std::uint64_t>(rate * std::chrono::duration<double>(now - begin).count());
            const auto room = patient && now < pause_until_ ? 0 : acked_ + ahead - sent_;
            if (const auto count = std::min({static_cast<std::size_t>(due - std::min(due, figures_.sent)), room, frame_lines});
                count > 0)
                send(count);
            else
                (void)socket_.poll_in();
            read();
        }
        for (const auto deadline = clock_type::now() + std::chrono::seconds{20};
             unanswered_ > 0 && clock_type::now() < deadline;) {
            zmq::pollitem_t item{socket_.handle(), 0, ZMQ_POLLIN, 0};
            zmq::poll(&item, 1, milliseconds{100});
            read();
        }
        return figures_;
    }
    [[nodiscard]] std::size_t unanswered() const noexcept { return unanswered_; }

private:
    /// A DEALER with what it takes to wait a little.
    struct dealer : zmq::socket_t {
        using zmq::socket_t::socket_t;
        bool poll_in() {
            zmq::pollitem_t item{handle(), 0, ZMQ_POLLIN, 0};
            return zmq::poll(&item, 1, milliseconds{1}) > 0;
        }
    };

    /// Who doesn't read may miss the bye.
    static bool ends_session(const protocol::message& message) {
        const auto* error = std::get_if<protocol::error>(&message);
        return std::holds_alternative<protocol::bye>(message) ||
               (error != nullptr && error->code == protocol::name(protocol::errc::session_not_found));
    }
    void begin_session() {
        std::string hello;
        protocol::encode(hello, protocol::hello{.version = limits::protocol_version, .role = protocol::role::frontend});
        socket_.send(zmq::buffer(hello), zmq::send_flags::none);
        welcome_ = false;
        figures_.gone += std::exchange(unanswered_, 0);
        sent_ = acked_ = received_ = 0;
    }
    void send(std::size_t count) {
        if (!welcome_) return;
        static const std::string text(text_bytes, 'x');
        frame_.clear();
        for (std::size_t i = 0; i < count; ++i) {
            const std::string id = name_ + "-" + std::to_string(++last_id_), buyer = "b" + std::to_string(last_id_ % buyers);
            protocol::publish line;
            line.msg_id = id;
            line.shop = shop_;
            line.buyer = buyer;
            line.text = text;
            protocol::encode(frame_, line);
        }
        if (!socket_.send(zmq::buffer(frame_), zmq::send_flags::dontwait)) return;
        figures_.sent += count;
        sent_ += count;
        unanswered_ += count;
    }
    void read() {
        for (zmq::message_t frame; socket_.recv(frame, zmq::recv_flags::dontwait);) {
            messages_.clear();
            (void)decoder_.decode(frame.to_string_view(), messages_);
            std::size_t counted = 0;
            for (const auto& each : messages_) {
                counted += protocol::is_data(each);
                take(each);
            }
            received_ += counted;
            if (counted == 0) continue;
            std::string ack;
            protocol::encode(ack, protocol::ack{received_});
            (void)socket_.send(zmq::buffer(ack), zmq::send_flags::dontwait);
        }
    }
    void take(const protocol::message& message) {
        if (std::holds_alternative<protocol::welcome>(message)) {
            welcome_ = true;
        } else if (welcome_ && ends_session(message)) {
            ++figures_.ended;
            begin_session();
        } else if (!welcome_) {
            return; // about what the session before still sent
        } else if (const auto* ack = std::get_if<protocol::ack>(&message)) {
            acked_ = ack->rx;
        } else if (std::holds_alternative<protocol::stored>(message)) {
            ++figures_.stored;
            --unanswered_;
        } else if (const auto* error = std::get_if<protocol::error>(&message)) {
            ++figures_.codes[std::string{error->code}];
            if (!error->ref) return;
            ++figures_.refused;
            figures_.without_time += error->retry_after_ms == 0;
            pause_until_ = clock_type::now() + milliseconds{error->retry_after_ms};
            --unanswered_;
        }
    }

    dealer socket_;
    std::string shop_, name_, frame_;
    protocol::decoder decoder_;
    std::vector<protocol::message> messages_;
    std::size_t unanswered_ = 0;
    bool welcome_ = false; ///< the session stands
    std::uint64_t last_id_ = 0, received_ = 0;
    std::uint64_t sent_ = 0, acked_ = 0; ///< since hello
    clock_type::time_point pause_until_{};
    counts figures_;
};

struct measured {
    counts flood;
    quiet_times quiet;
    double seconds = 0, resident_highest = 0;
    std::size_t unanswered = 0;

    /// Stored a second.
    [[nodiscard]] double goodput() const { return static_cast<double>(flood.stored) / seconds; }
};

/// The quiet buyer for so long, and beside it the flood at `rate` messages a second in all.
measured measure(quiet_process& quiet, std::span<flooding_frontend> flood, double rate, std::size_t ahead, bool patient,
                 double seconds, const std::string& pid) {
    measured out;
    const auto begin = clock_type::now();
    const auto until = begin + std::chrono::duration_cast<clock_type::duration>(std::chrono::duration<double>(seconds));
    std::mutex mutex;
    std::vector<std::jthread> threads;
    quiet.begin(seconds);
    for (auto& each : flood)
        threads.emplace_back([&] {
            give_way();
            const auto found = each.run(rate / static_cast<double>(flood.size()), ahead, patient, until);
            const std::scoped_lock lock{mutex};
            out.flood.add(found);
            out.unanswered += each.unanswered();
        });
    const std::jthread watch{[&](std::stop_token over) {
        std::mutex nobody;
        std::condition_variable_any pause;
        for (std::unique_lock lock{nobody}; !over.stop_requested();
             pause.wait_for(lock, over, milliseconds{100}, [] { return false; }))
            out.resident_highest = std::max(out.resident_highest, resident_mib(pid));
    }};
    threads.clear();
    out.quiet = quiet.end();
    out.seconds = seconds;
    return out;
}

void print(const std::string& phase, measured& found) {
    const auto rate = [&](std::uint64_t count) { return static_cast<long>(static_cast<double>(count) / found.seconds); };
    std::cout << phase << ": sent " << rate(found.flood.sent) << "/s, stored " << rate(found.flood.stored) << "/s, refused "
              << rate(found.flood.refused) << "/s";
    for (const auto& [code, count] : found.flood.codes)
        std::cout << ", " << code << " " << count;
    std::cout << "; refused without a time " << found.flood.without_time << ", unanswered " << found.unanswered << " and "
              << found.flood.gone << " of " << found.flood.ended << " sessions that were ended"
              << "\n  quiet shop: stored p50 " << quiet_times::at(found.quiet.stored, 0.5) << " ms, p99 "
              << quiet_times::at(found.quiet.stored, 0.99) << " ms; answered p50 " << quiet_times::at(found.quiet.answered, 0.5)
              << " ms, p99 " << quiet_times::at(found.quiet.answered, 0.99) << " ms (" << found.quiet.answered.size()
              << " answers)\n  resident at most " << found.resident_highest << " MiB" << std::endl;
}

} // namespace

int main(int count, char** words) {
    if (count < 3) {
        std::cerr << "usage: overload FENLIUD_URL FENLIUD_PID [SECONDS]\n";
        return 2;
    }
    const std::string url = words[1], pid = words[2];
    const double seconds = count > 3 ? std::atof(words[3]) : 60;
    const auto tag = std::to_string(std::chrono::system_clock::now().time_since_epoch() / milliseconds{1});
    const std::string flooded = "flood" + tag, calm = "calm" + tag;
    std::unique_ptr<quiet_process> quiet_shop;
    try {
        quiet_shop = std::make_unique<quiet_process>(url, calm);
    } catch (const std::exception& failed) {
        std::cerr << failed.what() << "\n";
        return 1;
    }
    auto& quiet = *quiet_shop;
    std::atomic<int> online{0};
    std::atomic<bool> done{false};
    std::vector<std::jthread> agents;
    for (const auto* account : {"amy", "bob"})
        agents.emplace_back([&, account] {
            this_thread::take_short_turns();
            serve(url, flooded, account, false, online, done);
        });
    for (const auto deadline = clock_type::now() + std::chrono::seconds{10}; online < 2; std::this_thread::yield())
        if (clock_type::now() > deadline) {
            std::cerr << "nobody came online within 10 s: is fenliud at " << url << ", with auto_create?\n";
            done = true;
            return 1;
        }
    zmq::context_t context;
    std::vector<flooding_frontend> flood;
    std::jthread{[&] { // it makes the I/O thread of the flood
        give_way();
        for (std::size_t i = 0; i < overload_factor * floods; ++i)
            flood.emplace_back(context, url, flooded, i);
    }}
        .join();
    constexpr double without_end = 1e9;
    const std::span<flooding_frontend> many{flood}, few = many.first(floods);
    auto solo = measure(quiet, {}, 0, 0, true, seconds / 2, pid);
    print("quiet shop alone", solo);
    // What goes on for long: the archive has fallen behind as far as it may.
    (void)measure(quiet, few, without_end, limits::window / 2, true, seconds / 2, pid);
    auto peak = measure(quiet, few, without_end, limits::window / 2, true, seconds, pid);
    print("flood within its credit", peak);
    auto over = measure(quiet, few, overload_factor * peak.goodput(), limits::window_overrun - 64, false, seconds, pid);
    print("flood at five times its peak, without regard to credit", over);
    auto again = measure(quiet, few, without_end, limits::window / 2, true, seconds, pid);
    print("flood within its credit again", again);
    auto crowded = measure(quiet, many, without_end, limits::window / 2, true, seconds, pid);
    print("five times as many clients", crowded);
    const double usual = (peak.goodput() + again.goodput()) / 2;
    const auto compare = [&](const std::string& phase, measured& found) {
        std::cout << phase << ": goodput against peak " << found.goodput() / usual << ", quiet p99 against solo: stored "
                  << quiet_times::at(found.quiet.stored, 0.99) / quiet_times::at(solo.quiet.stored, 0.99) << ", answered "
                  << quiet_times::at(found.quiet.answered, 0.99) / quiet_times::at(solo.quiet.answered, 0.99)
                  << ", memory against peak " << found.resident_highest / peak.resident_highest << std::endl;
    };
    compare("within credit", again);
    std::cout << "sent of five times the peak: "
              << static_cast<double>(over.flood.sent) / seconds / (overload_factor * peak.goodput()) << std::endl;
    compare("five times the rate", over);
    compare("five times the clients", crowded);
    done = true;
}
