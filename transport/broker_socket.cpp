#include "transport/broker_socket.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <mutex>
#include <thread>
#include <utility>

#include <poll.h>

#include <zmq.hpp>

#include "protocol/this_thread.hpp"
#include "transport/doorkeeper.hpp"
#include "transport/drain_pace.hpp"
#include "transport/exchange.hpp"
#include "transport/feed.hpp"
#include "transport/mailbox.hpp"
#include "transport/router.hpp"

namespace fenliu::transport {

namespace {

using std::chrono::milliseconds;

/// What all threads have used of the processors.
std::chrono::nanoseconds processor_time() noexcept {
    timespec used{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

/// What the ROUTER thread waits for.
enum source : std::size_t { frames_in, connections, door, subscriptions, readers, post_in, sources };

class bus final : public broker_socket {
public:
    bus(const socket_options& options, inbound_sink& sink)
        : doorkeeper_(context_, options.security)
        , router_(context_, options)
        , feed_(context_, options)
        , exchange_(options, sink, router_, figures_, std::chrono::steady_clock::now(),
                    [to = mailbox_] { to->post([](mail&) {}); }) {
        const std::array fds{router_.socket().get(zmq::sockopt::fd),     router_.events().get(zmq::sockopt::fd),
                             doorkeeper_.socket().get(zmq::sockopt::fd), feed_.socket().get(zmq::sockopt::fd),
                             feed_.events().get(zmq::sockopt::fd),       mailbox_->fd()};
        // Binding may have looked at them, so the first turn reads all.
        for (std::size_t each = 0; each < sources; ++each)
            watched_[each] = {.fd = fds[each], .events = POLLIN, .revents = POLLIN};
    }
    ~bus() override { stop(milliseconds(0)); }

    [[nodiscard]] std::optional<protocol::failure> bind(const socket_options& options) {
        if (auto fault = router_.bind(options.bus)) return fault;
        return feed_.bind(options.feed);
    }

    void start() override {
        thread_ = std::thread([this] { run(); });
    }
    void post(outbound_batch&& batch) noexcept override {
        mailbox_->post([&](mail& waiting) { waiting.batches.push_back(std::move(batch)); });
    }
    void drain() noexcept override {
        mailbox_->post([](mail& waiting) { waiting.drain = true; });
    }
    void set_tokens(std::vector<token_grant> tokens) override {
        mailbox_->post([&](mail& waiting) { waiting.tokens = std::move(tokens); });
    }
    void stop(milliseconds linger) noexcept override;

    [[nodiscard]] bool feed_wanted() const noexcept override { return feed_.wanted(); }
    [[nodiscard]] std::vector<std::string> bus_endpoints() const override { return router_.endpoints(); }
    [[nodiscard]] std::vector<std::string> feed_endpoints() const override { return feed_.endpoints(); }
    [[nodiscard]] socket_figures figures() const noexcept override {
        const std::scoped_lock lock(figures_mutex_);
        return published_figures_;
    }

private:
    void run();
    void turn();
    /// Lets a drain come together, then sleeps until there is something to do.
    void wait(std::optional<instant> until);
    /// Whether the last wait found something there. A socket's descriptor tells of what came since the socket was read to its
    /// end; so one that isn't used otherwise need not be asked, which takes a call of the system each time.
    [[nodiscard]] bool has(source one) const noexcept { return watched_[one].revents != 0; }
    void keep_pace(instant now);
    [[nodiscard]] std::optional<instant> wake_at(instant now) const noexcept;
    void read_mail(instant now);
    void read_frames(instant now);
    /// Lets in who waits at the door, and to the feed.
    void admit(instant now);
    void publish_figures();
    void finish();

    zmq::context_t context_;
    doorkeeper doorkeeper_;
    router router_;
    feed feed_;
    socket_figures figures_;                                         // the thread's own
    std::shared_ptr<mailbox> mailbox_ = std::make_shared<mailbox>(); // lanes may outlive the bus and wake nobody
    exchange exchange_;
    mail mail_;
    drain_pace pace_{std::max(std::thread::hardware_concurrency(), 1U)};
    std::array<pollfd, sources> watched_{};
    std::vector<frame_origin> origins_;
    std::vector<connection_id> gone_;
    std::optional<instant> stop_by_;
    bool published_ = false; // to the feed, since its subscriptions were read
    std::uint64_t seen_changes_ = 0;
    mutable std::mutex figures_mutex_;
    socket_figures published_figures_;
    std::thread thread_;
};

void bus::run() {
    this_thread::be_called("bus");
    for (turn(); !stop_by_; turn())
        wait(wake_at(std::chrono::steady_clock::now()));
    finish();
}

void bus::turn() {
    const instant now = std::chrono::steady_clock::now();
    keep_pace(now);
    router_.handling(nullptr, now);
    read_mail(now);
    if (has(frames_in) || has(connections)) read_frames(now);
    admit(now);
    exchange_.turn(now);
    exchange_.hand_over({});
    router_.cut_silent(now);
    feed_.cut_silent(now);
    publish_figures();
}

std::optional<instant> bus::wake_at(instant now) const noexcept {
    std::optional<instant> first;
    for (const auto& each : {exchange_.wake_at(now), router_.wake_at(), feed_.wake_at()})
        if (each && (!first || *each < *first)) first = each;
    return first;
}

void bus::wait(std::optional<instant> until) {
    std::this_thread::sleep_until(pace_.next());
    const bool frames_wait = router_.readable();
    milliseconds timeout{-1};
    if (until) timeout = std::max(std::chrono::ceil<milliseconds>(*until - std::chrono::steady_clock::now()), milliseconds(0));
    if (frames_wait) timeout = milliseconds(0);
    for (auto& each : watched_)
        each.revents = 0; // and a signal leaves it so: the turn finds nothing and waits again
    static_cast<void>(::poll(watched_.data(), watched_.size(), static_cast<int>(timeout.count())));
    if (frames_wait) watched_[frames_in].revents = POLLIN;
}

void bus::keep_pace(instant now) {
    if (pace_.looks(now)) pace_.look(now, processor_time(), figures_.messages_in);
    pace_.begin(now);
}

void bus::read_mail(instant now) {
    mailbox_->take(mail_);
    if (mail_.tokens) exchange_.set_tokens(*std::exchange(mail_.tokens, std::nullopt));
    if (std::exchange(mail_.drain, false)) exchange_.drain();
    for (const auto& batch : mail_.batches) {
        exchange_.apply(batch, now);
        for (const auto& each : batch.feed)
            feed_.publish(each);
        published_ = published_ || !batch.feed.empty();
    }
    mail_.batches.clear();
    stop_by_ = std::exchange(mail_.stop_by, std::nullopt);
}

void bus::read_frames(instant now) {
    auto frames = std::make_shared<std::vector<zmq::message_t>>();
    origins_.clear();
    router_.receive(*frames, origins_);
    // Read after the frames, so that a descriptor's end is known before its next owner says hello; acted upon after them, since
    // what a connection brought before its end stands.
    gone_.clear();
    router_.read_disconnects(gone_, now);
    for (std::size_t index = 0; index < origins_.size(); ++index) {
        zmq::message_t& frame = (*frames)[index];
        router_.handling(&frame, now);
        ++figures_.frames_in;
        figures_.bytes_in += frame.size();
        if (origins_[index].fault != nullptr)
            exchange_.undecodable(origins_[index].from, origins_[index].fault, now);
        else
            exchange_.receive(origins_[index].from, frame.to_string_view(), now);
    }
    router_.handling(nullptr, now);
    exchange_.hand_over(std::move(frames));
    for (const connection_id connection : gone_)
        exchange_.disconnected(connection, now);
}

void bus::admit(instant now) {
    if (has(door)) doorkeeper_.read([this](std::string_view key) { return exchange_.may_follow(key); }, now);
    const feed_right may = [this](std::string_view key, std::string_view topic) { return exchange_.may_follow(key, topic); };
    if (has(subscriptions) || has(readers) || std::exchange(published_, false)) feed_.read_subscriptions(may, now);
    if (std::exchange(seen_changes_, exchange_.changes()) != exchange_.changes()) feed_.review(may);
}

void bus::publish_figures() {
    figures_.handshakes_refused = doorkeeper_.refused();
    figures_.frames_out = router_.frames_out();
    figures_.bytes_out = router_.bytes_out();
    figures_.feed_subscriptions = feed_.subscriptions();
    const std::scoped_lock lock(figures_mutex_);
    published_figures_ = figures_;
}

void bus::finish() {
    // What was posted before the stop goes out; nobody takes events any more.
    instant now = std::chrono::steady_clock::now();
    exchange_.turn(now);
    while (exchange_.unsent() && now < *stop_by_) {
        std::this_thread::sleep_for(milliseconds(1));
        now = std::chrono::steady_clock::now();
        exchange_.turn(now);
    }
    exchange_.say_bye(now);
    publish_figures();
}

void bus::stop(milliseconds linger) noexcept {
    if (!thread_.joinable()) return;
    const instant stop_by = std::chrono::steady_clock::now() + linger;
    mailbox_->post([&](mail& waiting) { waiting.stop_by = stop_by; });
    thread_.join();
    const auto left = std::chrono::ceil<milliseconds>(stop_by - std::chrono::steady_clock::now());
    const int left_ms = static_cast<int>(std::max(left, milliseconds(0)).count());
    router_.close(left_ms);
    feed_.close(left_ms);
    doorkeeper_.close();
    context_.close();
}

} // namespace

std::variant<std::unique_ptr<broker_socket>, protocol::failure> broker_socket::bind(socket_options options, inbound_sink& sink) {
    try {
        auto made = std::make_unique<bus>(options, sink);
        if (auto fault = made->bind(options)) return std::move(*fault);
        return made;
    } catch (const std::exception& fault) {
        return protocol::failure{protocol::errc::internal, std::string("cannot make the bus: ") + fault.what()};
    }
}

} // namespace fenliu::transport
