#include "lane_world.hpp"

namespace fenliu::tests {

void recorded_egress::post(transport::outbound_batch&& batch) noexcept {
    for (const auto& each : batch.admissions)
        admitted[each.link] = each.code;
    std::size_t at = 0;
    protocol::decoder decoder;
    for (const auto& each : batch.sends) {
        auto bytes = std::make_shared<const std::string>(batch.bytes.substr(at, each.size));
        at += each.size;
        std::vector<protocol::message> messages;
        const auto outcome = decoder.decode(*bytes, messages);
        EXPECT_TRUE(outcome.whole) << outcome.what;
        for (auto& message : messages)
            sent.push_back({each.link, bytes, std::move(message)});
    }
    for (const auto link : batch.arrears)
        ++owed[link];
    for (const auto& each : batch.processed)
        processed[each.link] += each.last - each.first + 1;
    for (const auto& each : batch.feed)
        topics.push_back(each.topic);
}

lane_world::lane_world() {
    config_.set("scheduler.policy", caf::atom("testing"));
    system_ = std::make_unique<caf::actor_system>(config_);
}

lane_world::~lane_world() {
    stop();
    system_->await_actors_before_shutdown(false);
}

void lane_world::start(bool auto_create, std::vector<routing::shop_settings> shops) {
    auto_create_ = auto_create;
    shops_ = std::move(shops);
    spawn({});
}

void lane_world::spawn(storage::recovered recovered) {
    actors::lane_options options;
    options.auto_create = auto_create_;
    options.configured = std::get<0>(actors::compile(defaults, shops_));
    options.stored_policies = std::get<0>(actors::read_stored_policies(recovered, language));
    options.recovered = std::make_shared<std::vector<storage::recovered_shop>>(std::move(recovered.shops));
    options.store = store.get();
    options.egress = egress;
    options.clocks = {[this] { return now + wall_ahead; }, [this] { return now; }};
    options.last_number = std::make_shared<std::atomic<routing::conversation_number>>(recovered.last_number);
    options.lane_of = [](std::string_view) { return 0U; };
    options.keep_closed_ms = limits::session_expiry.count();
    options.work = [](std::function<void()> job) { job(); };
    options.language = language;
    options.warn = [this](const std::string& text) { warnings.push_back(text); };
    lane_ = actors::spawn_lane(*system_, std::move(options));
    caf::anon_send(lane_, actors::begin_work{});
    run();
}

void lane_world::stop() {
    if (!lane_) return;
    caf::anon_send_exit(lane_, caf::exit_reason::kill);
    run();
    lane_ = nullptr;
}

void lane_world::restart() {
    stop();
    egress->sent.clear();
    who_.clear();
    spawn(store->recover());
}

link_id lane_world::frontend() {
    const link_id link = ++last_link_;
    who_[link] = std::make_shared<const transport::identity>();
    deliver({transport::link_opened{link, who_[link], {}, false}});
    return link;
}

link_id lane_world::hello(const std::string& account, std::vector<transport::seen_position> seen, bool robot) {
    const link_id link = ++last_link_;
    transport::identity who{protocol::role::agent, account.substr(0, account.find(':')), account, {}, robot};
    who_[link] = std::make_shared<const transport::identity>(std::move(who));
    const bool given = !seen.empty();
    deliver({transport::link_opened{link, who_[link], std::move(seen), given}});
    return link;
}

link_id lane_world::agent(const std::string& account) {
    const link_id link = hello(account);
    presence(link, protocol::presence::online);
    take<protocol::result>(link);
    return link;
}

void lane_world::presence(link_id link, protocol::presence state) { send(link, protocol::presence_change{state, "p"}); }

void lane_world::publish(link_id link, std::string_view buyer, std::string_view text, protocol::publish options) {
    options.shop = options.shop.empty() ? "acme" : options.shop;
    options.buyer = buyer;
    options.text = text;
    const auto id = std::make_shared<const std::string>("m" + std::to_string(link) + "." + std::to_string(rx_[link] + 1));
    kept_.push_back(id);
    if (options.msg_id.empty()) options.msg_id = *id;
    send(link, options);
}

void lane_world::deliver(std::vector<transport::event> events) {
    auto batch = std::make_shared<transport::inbound_batch>();
    const auto& from = batch->drains.emplace_back(std::make_shared<transport::drain>());
    from->events = std::move(events);
    for (auto& each : from->events)
        batch->events.push_back(&each);
    caf::anon_send(lane_, actors::inbound{batch});
    if (!together_) run();
}

void lane_world::together(const std::function<void()>& send) {
    together_ = true;
    send();
    together_ = false;
    run();
}

void lane_world::run() {
    while (coordinator().has_job())
        coordinator().run_once();
}

void lane_world::pass(std::chrono::milliseconds time) {
    const auto end = now + time.count();
    while (now < end) {
        now += std::min<routing::timestamp_ms>(end - now, 250);
        coordinator().advance_time(std::chrono::milliseconds{250});
        run();
    }
}

std::vector<std::uint32_t> lane_world::kinds(link_id link) {
    std::vector<std::uint32_t> found;
    std::erase_if(egress->sent, [&](const auto& each) {
        if (each.link != link) return false;
        found.push_back(protocol::kind_of(each.message));
        return true;
    });
    return found;
}

void lane_world::in_lane(std::function<void(actors::lane&)> run_in) {
    caf::anon_send(lane_, actors::continuation{std::move(run_in)});
    run();
}

} // namespace fenliu::tests
