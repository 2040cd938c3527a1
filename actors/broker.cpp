#include "actors/broker.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <thread>

#include <caf/all.hpp>

#include "actors/control.hpp"
#include "actors/lane.hpp"

namespace fenliu::actors {
namespace {

using routing::timestamp_ms;

timestamp_ms wall_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}
timestamp_ms steady_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

class system_config : public caf::actor_system_config {
public:
    explicit system_config(unsigned lanes) {
        set("scheduler.policy", caf::atom("sharing"));        // the default polls: a fifth of a core at 100 messages/s
        set("scheduler.max-threads", std::size_t{lanes + 1}); // a lane each, and control
        set("scheduler.max-throughput", std::size_t{50});     // unlimited would let a busy lane starve control
    }
};

unsigned lanes_of(unsigned wanted) {
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    return wanted != 0 ? wanted : std::max(1U, cores - 1);
}

unsigned lane_index(std::string_view shop, unsigned lanes) {
    return static_cast<unsigned>(std::hash<std::string_view>{}(shop) % lanes);
}

/// Transport's way in: a batch becomes one CAF message to its lane.
class gateway final : public transport::inbound_sink {
public:
    gateway(unsigned lane_count, const storage::store& store)
        : lane_count_{lane_count}
        , store_{store} {}
    void open(std::vector<caf::actor> lanes, caf::actor control) {
        lanes_ = std::move(lanes);
        control_ = std::move(control);
    }
    void shut() {
        lanes_.clear();
        control_ = nullptr;
    }
    [[nodiscard]] unsigned lane_count() const noexcept override { return lane_count_; }
    [[nodiscard]] unsigned lane_of(std::string_view shop) const noexcept override { return lane_index(shop, lane_count_); }
    [[nodiscard]] transport::pressure held_up() const noexcept override {
        const auto lag = store_.lag();
        if (lag < 1) return transport::pressure::none;
        return lag < limits::archive_lag_of_all ? transport::pressure::some : transport::pressure::full;
    }
    void deliver(unsigned lane, transport::inbound_batch batch) noexcept override {
        caf::anon_send(lanes_[lane], inbound{std::make_shared<transport::inbound_batch>(std::move(batch))});
    }
    void deliver_admin(transport::inbound_batch batch) noexcept override {
        caf::anon_send(control_, admin_batch{std::make_shared<transport::inbound_batch>(std::move(batch))});
    }

private:
    unsigned lane_count_;
    const storage::store& store_;
    std::vector<caf::actor> lanes_;
    caf::actor control_;
};

/// Transport's way out, once there is a socket.
class socket_egress final : public egress {
public:
    void open(transport::broker_socket* socket) { socket_ = socket; }
    void post(transport::outbound_batch&& batch) noexcept override {
        if (auto* socket = socket_.load()) socket->post(std::move(batch));
    }
    [[nodiscard]] bool feed_wanted() const noexcept override {
        auto* socket = socket_.load();
        return socket != nullptr && socket->feed_wanted();
    }

private:
    std::atomic<transport::broker_socket*> socket_{nullptr};
};

class running_broker final : public broker {
public:
    running_broker(broker_options options, std::unique_ptr<storage::store> store)
        : options_{std::move(options)}
        , lanes_{lanes_of(options_.lanes)}
        , store_{std::move(store)}
        , config_{lanes_}
        , system_{config_} {}
    ~running_broker() override { stop(); }

    std::optional<protocol::failure> run() {
        const auto begin = steady_ms();
        auto configured = compile(options_.defaults, options_.shops);
        if (auto* failed = std::get_if<protocol::failure>(&configured)) return std::move(*failed);
        auto recovered = store_->take_recovered();
        count(recovered);
        auto stored = read_stored_policies(recovered, options_.language);
        if (auto* failed = std::get_if<protocol::failure>(&stored)) return std::move(*failed);
        for (const auto& each : recovered.revoked)
            options_.socket.security.revoked.push_back({each.id, each.expires_at});
        options_.socket.security.wall_clock = wall_ms;
        auto bound = transport::broker_socket::bind(options_.socket, gateway_);
        if (auto* failed = std::get_if<protocol::failure>(&bound)) return std::move(*failed);
        socket_ = std::move(std::get<std::unique_ptr<transport::broker_socket>>(bound));
        egress_->open(socket_.get());
        spawn(std::move(recovered), std::get<0>(configured), std::get<0>(stored));
        store_->start([this](auto conversations) { spread(std::move(conversations)); },
                      [this](const protocol::failure& why) { options_.failed(why); });
        for (const auto& each : lane_actors_)
            caf::anon_send(each, begin_work{});
        socket_->start();
        figures_.seconds = static_cast<double>(steady_ms() - begin) / 1'000;
        return std::nullopt;
    }

    std::optional<protocol::failure> reload(const broker_options& options) override {
        auto configured = compile(options.defaults, options.shops);
        if (auto* failed = std::get_if<protocol::failure>(&configured)) return std::move(*failed);
        const settings_changed settings{std::get<0>(configured), options.auto_create};
        for (const auto& each : lane_actors_)
            caf::anon_send(each, settings);
        socket_->set_tokens(options.socket.tokens);
        return std::nullopt;
    }

    void stop() override {
        if (stopped_) return;
        stopped_ = true;
        if (socket_) {
            socket_->drain();
            finish_lanes();
            store_->stop(); // releases what was committed
            socket_->stop(std::chrono::milliseconds{1'000});
        }
        egress_->open(nullptr);
        for (const auto& each : lane_actors_)
            caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
        if (control_) caf::anon_send_exit(control_, caf::exit_reason::user_shutdown);
        if (watcher_) caf::anon_send_exit(watcher_, caf::exit_reason::kill);
        if (worker_) caf::anon_send_exit(worker_, caf::exit_reason::user_shutdown);
        gateway_.shut();
        lane_actors_.clear();
        control_ = nullptr;
        watcher_ = nullptr;
        worker_ = nullptr;
        system_.await_all_actors_done();
        store_.reset();
        socket_.reset();
    }

    std::vector<std::string> bus_endpoints() const override { return socket_->bus_endpoints(); }
    std::vector<std::string> feed_endpoints() const override { return socket_->feed_endpoints(); }
    start_figures started() const override { return figures_; }

private:
    void count(const storage::recovered& recovered) {
        figures_.replayed = recovered.replayed;
        figures_.shops = recovered.shops.size();
        for (const auto& each : recovered.shops) {
            figures_.buyers += each.buyers.size();
            figures_.open_conversations += static_cast<std::size_t>(std::count_if(
                each.conversations.begin(), each.conversations.end(), [](const auto& value) { return value->open(); }));
        }
    }

    void spawn(storage::recovered recovered, const std::shared_ptr<const configured_shops>& configured,
               const std::shared_ptr<const stored_policies>& stored) {
        std::vector<std::shared_ptr<std::vector<storage::recovered_shop>>> parts;
        for (unsigned i = 0; i < lanes_; ++i)
            parts.push_back(std::make_shared<std::vector<storage::recovered_shop>>());
        for (auto& each : recovered.shops)
            parts[lane_index(each.name, lanes_)]->push_back(std::move(each));
        const auto last_number = std::make_shared<std::atomic<conversation_number>>(recovered.last_number);
        const auto lane_of = [lanes = lanes_](std::string_view shop) { return lane_index(shop, lanes); };
        worker_ = system_.spawn<caf::detached>([]() -> caf::behavior { return {[](const job& next) { next.run(); }}; });
        const auto work = [to = worker_](std::function<void()> run) { caf::anon_send(to, job{std::move(run)}); };
        const auto warn = options_.warn ? options_.warn : [](const std::string&) {};
        for (unsigned i = 0; i < lanes_; ++i)
            lane_actors_.push_back(spawn_lane(system_, {i,
                                                        options_.auto_create,
                                                        configured,
                                                        stored,
                                                        options_.language,
                                                        parts[i],
                                                        store_.get(),
                                                        egress_,
                                                        {wall_ms, steady_ms},
                                                        last_number,
                                                        lane_of,
                                                        options_.socket.session_expiry.count(),
                                                        work,
                                                        warn}));
        control_ = spawn_control(system_, {lane_actors_, lane_of, egress_, store_.get(), options_.language,
                                           [this] { return process_stats(); },
                                           [this] {
                                               draining_ = true;
                                               socket_->drain();
                                           },
                                           std::move(recovered.revoked), wall_ms});
        gateway_.open(lane_actors_, control_);
        watch();
    }

    /// A lane that ends by itself ends the process: the next start is the recovery.
    void watch() {
        watcher_ = system_.spawn([this](caf::event_based_actor* self) -> caf::behavior {
            self->set_down_handler([this](const caf::down_msg& down) {
                if (down.reason != caf::exit_reason::user_shutdown)
                    options_.failed({protocol::errc::internal, "a lane ended: " + system_.render(down.reason)});
            });
            for (const auto& each : lane_actors_)
                self->monitor(each);
            self->monitor(control_);
            return {[](caf::unit_t) {}};
        });
    }

    void spread(std::vector<storage::archived_conversation> conversations) {
        std::vector<archived> parts(lanes_);
        for (auto& each : conversations)
            parts[lane_index(each.shop, lanes_)].conversations.push_back(std::move(each));
        for (unsigned i = 0; i < lanes_; ++i)
            if (!parts[i].conversations.empty()) caf::anon_send(lane_actors_[i], std::move(parts[i]));
    }

    /// Everything sent to the lanes before this has been handled and handed to the store.
    void finish_lanes() {
        caf::scoped_actor self{system_};
        for (const auto& each : lane_actors_)
            self->send(each,
                       continuation{[back = caf::actor_cast<caf::actor>(self.ptr())](lane&) { caf::anon_send(back, tick{}); }});
        for (std::size_t i = 0; i < lane_actors_.size(); ++i)
            self->receive([](tick) {}, caf::after(std::chrono::seconds{5}) >> [] {});
    }

    nlohmann::json process_stats() const {
        const auto socket = socket_->figures();
        const auto store = store_->figures();
        return {{"version", options_.version},
                {"uptime_s", (steady_ms() - started_at_) / 1'000},
                {"draining", draining_.load()},
                {"sessions", socket.sessions},
                {"resumed", socket.resumed},
                {"refused", socket.refused},
                {"handshakes_refused", socket.handshakes_refused},
                {"in_flight_bytes", socket.in_flight_bytes},
                {"store",
                 {{"kind", store.kind},
                  {"position", store.position},
                  {"archived_position", store.archived_position},
                  {"records", store.records},
                  {"groups", store.groups}}}};
    }

    broker_options options_;
    unsigned lanes_;
    std::unique_ptr<storage::store> store_;
    system_config config_;
    caf::actor_system system_;
    gateway gateway_{lanes_, *store_};
    std::shared_ptr<socket_egress> egress_ = std::make_shared<socket_egress>();
    std::unique_ptr<transport::broker_socket> socket_;
    std::vector<caf::actor> lane_actors_;
    caf::actor control_, watcher_, worker_;
    std::atomic<bool> draining_{false};
    timestamp_ms started_at_ = steady_ms();
    start_figures figures_;
    bool stopped_ = false;
};

} // namespace

std::variant<std::unique_ptr<broker>, protocol::failure> broker::start(broker_options options,
                                                                       std::unique_ptr<storage::store> store) {
    auto made = std::make_unique<running_broker>(std::move(options), std::move(store));
    if (auto failed = made->run()) return std::move(*failed);
    return made;
}

} // namespace fenliu::actors
