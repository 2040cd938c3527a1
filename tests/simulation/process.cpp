#include "process.hpp"

#include <algorithm>

#include "event_hash.hpp"

namespace fenliu::simulation {
namespace {

/// `[1, …]` with any number of fields up to 15: a hello stands first in its frame.
bool begins_with_hello(std::string_view frame) noexcept {
    return frame.size() > 1 && (static_cast<unsigned char>(frame[0]) & 0xf0U) == 0x90U && frame[1] == 1;
}

} // namespace

/// Where the lanes' output goes, until the process dies.
class process::out final : public actors::egress {
public:
    explicit out(process& owner)
        : owner_{&owner} {}
    void close() noexcept { owner_ = nullptr; }
    void post(transport::outbound_batch&& batch) noexcept override {
        if (owner_ == nullptr) return;
        owner_->watch_.posted(batch);
        owner_->mail_.push_back(std::move(batch));
    }
    [[nodiscard]] bool feed_wanted() const noexcept override { return false; }

private:
    process* owner_;
};

process::process(const scenario& plan, const virtual_time& time, simulated_store& store, network& links,
                 actors::policy_language language, process_watch& watch)
    : plan_{plan}
    , time_{time}
    , store_{store}
    , network_{links}
    , language_{std::move(language)}
    , watch_{watch}
    , dice_{plan.lanes} {
    config_.set("scheduler.policy", caf::atom("testing"));
    system_ = std::make_unique<caf::actor_system>(config_);
    for (const auto& each : plan.shops)
        settings_.push_back(each.settings);
}

process::~process() {
    if (up()) kill();
    system_->await_actors_before_shutdown(false);
}

bool process::start() {
    auto found = store_.recover(time_.wall() - plan_.socket.session_expiry.count());
    auto* state = std::get_if<storage::recovery>(&found);
    if (state == nullptr) {
        warnings_.push_back(std::get<protocol::failure>(found).text);
        return false;
    }
    watch_.recovered(state->state);
    exchange_ =
        std::make_unique<transport::exchange>(plan_.socket, *this, network_, figures_, time_.instant(), [this] { room_ = true; });
    out_ = std::make_shared<out>(*this);
    store_.start([this](auto archived) { spread(std::move(archived)); }, [](const protocol::failure&) {});
    spawn(std::move(state->state));
    // The archivist may be faster than the lanes.
    const bool early = dice_.one_in(2);
    if (early) spread(state->archived);
    for (const auto& each : lanes_)
        caf::anon_send(each, actors::begin_work{});
    while (jobs() > 0)
        run_job(0);
    if (!early) spread(std::move(state->archived));
    return true;
}

void process::spawn(storage::recovered recovered) {
    const auto stored = std::get<0>(actors::read_stored_policies(recovered, language_));
    std::vector<std::shared_ptr<std::vector<storage::recovered_shop>>> parts;
    for (unsigned lane = 0; lane < plan_.lanes; ++lane)
        parts.push_back(std::make_shared<std::vector<storage::recovered_shop>>());
    for (auto& each : recovered.shops)
        parts[lane_of(each.name)]->push_back(std::move(each));
    const auto last_number = std::make_shared<std::atomic<actors::conversation_number>>(recovered.last_number);
    for (unsigned lane = 0; lane < plan_.lanes; ++lane) {
        actors::lane_options options;
        options.index = lane;
        options.configured = std::get<0>(actors::compile({}, settings_));
        options.stored_policies = stored;
        options.language = language_;
        options.work = [](std::function<void()> job) { job(); };
        options.recovered = parts[lane];
        options.store = &store_;
        options.egress = out_;
        options.clocks = {[this] { return time_.wall(); }, [this] { return time_.steady(); }};
        options.last_number = last_number;
        options.lane_of = [this](std::string_view shop) { return lane_of(shop); };
        options.keep_closed_ms = plan_.socket.session_expiry.count();
        options.warn = [this](const std::string& text) { warnings_.push_back(text); };
        lanes_.push_back(actors::spawn_lane(*system_, std::move(options)));
    }
}

void process::kill() {
    store_.crash();
    out_->close();
    mail_.clear();
    network_.broker_died();
    for (const auto& each : lanes_)
        caf::anon_send_exit(each, caf::exit_reason::kill);
    lanes_.clear();
    coordinator().clock().cancel_all();
    while (coordinator().try_run_once()) {
    }
    exchange_.reset();
}

void process::run_job(std::size_t place) {
    auto& jobs = coordinator().jobs;
    std::rotate(jobs.begin(), jobs.begin() + static_cast<std::ptrdiff_t>(place),
                jobs.begin() + static_cast<std::ptrdiff_t>(place) + 1);
    if (auto* actor = dynamic_cast<caf::scheduled_actor*>(jobs.front()))
        if (auto* next = actor->mailbox().peek(); next != nullptr && next->content().match_elements<actors::inbound>())
            watch_.lane_takes(*next->content().get_as<actors::inbound>(0).batch);
    static_cast<void>(coordinator().try_run_once());
    watch_.lane_done();
}

bool process::turn_due() const {
    if (room_ || !mail_.empty() || !network_.arrived().empty() || !network_.ended_for_broker().empty()) return true;
    return next_wake() <= time_.steady();
}

timestamp_ms process::next_wake() const {
    const auto wake = exchange_->wake_at(time_.instant());
    return wake ? steady_ms(*wake) : time_.steady() + 60'000;
}

void process::turn(std::size_t frames) {
    const auto now = time_.instant();
    room_ = false;
    for (; !mail_.empty(); mail_.pop_front())
        exchange_->apply(mail_.front(), now);
    const auto ended = read_frames(frames);
    for (const auto each : ended) {
        exchange_->disconnected(each, now);
        network_.forget_at_broker(each);
    }
    exchange_->turn(now);
    exchange_->hand_over({});
}

std::vector<connection_id> process::read_frames(std::size_t limit) {
    // What ended is read before the frames and acted upon after them, as the bus does.
    const auto ended = network_.ended_for_broker();
    auto frames = std::make_shared<std::vector<zmq::message_t>>();
    std::vector<connection_id> origins;
    while (origins.size() < limit) {
        const auto arrived = network_.arrived();
        if (arrived.empty()) break;
        origins.push_back(dice_.one_of(arrived));
        const auto frame = network_.take_up(origins.back());
        frames->emplace_back(frame->data(), frame->size());
    }
    for (std::size_t index = 0; index < origins.size(); ++index) {
        const auto view = (*frames)[index].to_string_view();
        watch_.frame_received(origins[index], view);
        // A hello is handed over alone, so that one can tell which link it opened.
        const bool hello = begins_with_hello(view);
        if (hello) exchange_->hand_over(frames);
        opening_ = hello ? origins[index] : 0;
        exchange_->receive(origins[index], view, time_.instant());
        if (hello) exchange_->hand_over(frames);
        opening_ = 0;
    }
    exchange_->hand_over(std::move(frames));
    return ended;
}

void process::pass(timestamp_ms time) { coordinator().advance_time(std::chrono::milliseconds{time}); }

void process::reload(const std::vector<routing::shop_settings>& shops) {
    settings_ = shops;
    const actors::settings_changed settings{std::get<0>(actors::compile({}, settings_)), true};
    for (const auto& each : lanes_)
        caf::anon_send(each, settings);
}

void process::in_lane(std::string_view shop, std::function<void(actors::lane&)> run) {
    caf::anon_send(lanes_[lane_of(shop)], actors::continuation{std::move(run)});
}

std::vector<actors::lane*> process::lanes() const {
    std::vector<actors::lane*> all;
    for (const auto& each : lanes_)
        all.push_back(static_cast<actors::lane*>(caf::actor_cast<caf::abstract_actor*>(each)));
    return all;
}

unsigned process::lane_of(std::string_view shop) const noexcept { return static_cast<unsigned>(hash_of(shop) % plan_.lanes); }

void process::deliver(unsigned lane, transport::inbound_batch batch) noexcept {
    if (opening_ != 0)
        for (const auto* each : batch.events)
            if (const auto* opened = std::get_if<transport::link_opened>(each)) watch_.link_opened(opening_, *opened);
    caf::anon_send(lanes_[lane], actors::inbound{std::make_shared<transport::inbound_batch>(std::move(batch))});
}

void process::spread(std::vector<storage::archived_conversation> archived) {
    std::vector<actors::archived> parts(plan_.lanes);
    for (auto& each : archived)
        parts[lane_of(each.shop)].conversations.push_back(std::move(each));
    for (unsigned lane = 0; lane < plan_.lanes; ++lane)
        if (!parts[lane].conversations.empty()) caf::anon_send(lanes_[lane], std::move(parts[lane]));
}

} // namespace fenliu::simulation
