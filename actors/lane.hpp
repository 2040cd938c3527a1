// A lane: the event-based actor that runs all actors of its shops, one message at a time. A drain of the socket comes as one
// CAF message; each event goes straight to its actor, what the actors say to each other goes round the lane's local queue, and
// the output of it all is handed to the store in one piece. One lane a worker thread; shops are hashed to lanes.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <caf/all.hpp>

#include "actors/messages.hpp"
#include "actors/output.hpp"
#include "actors/policy_language.hpp"
#include "actors/shop.hpp"
#include "actors/stored_policies.hpp"
#include "actors/timer_queue.hpp"
#include "storage/store.hpp"

namespace fenliu::actors {

class feed_map;

/// A policy that comes in parts.
struct policy_upload {
    link_id link = 0;
    std::string verb, shop, text;
    std::uint64_t parts_taken = 0;
};

/// Time comes from outside: wall for what is told and kept, steady for what elapses; both in milliseconds.
struct clocks {
    std::function<routing::timestamp_ms()> wall, steady;
};

/// What a lane is made of; shared parts outlive every lane.
struct lane_options {
    unsigned index = 0;
    bool auto_create = true;
    std::shared_ptr<const configured_shops> configured;             ///< of every shop, this lane's or not
    std::shared_ptr<const actors::stored_policies> stored_policies; ///< of this lane's shops at least
    policy_language language;
    std::shared_ptr<std::vector<storage::recovered_shop>> recovered; ///< this lane's; emptied
    storage::store* store = nullptr;
    std::shared_ptr<actors::egress> egress;
    actors::clocks clocks;
    std::shared_ptr<std::atomic<conversation_number>> last_number;
    std::function<unsigned(std::string_view shop)> lane_of;
    routing::timestamp_ms keep_closed_ms = 0; ///< dedupe horizon of a closed conversation
    /// Runs what takes long, on a thread of its own, one after another.
    std::function<void(std::function<void()>)> work;
    std::function<void(const std::string&)> warn; ///< for the operator's log; no message texts
};

class lane final : public caf::event_based_actor {
public:
    lane(caf::actor_config& config, lane_options options);
    ~lane() override;

    caf::behavior make_behavior() override;
    const char* name() const override { return "fenliu.lane"; }

    // --- for the actors of the lane ---

    [[nodiscard]] routing::timestamp_ms now() const noexcept { return now_; }       ///< wall, one reading a drain
    [[nodiscard]] routing::timestamp_ms steady() const noexcept { return steady_; } ///< steady, one reading a drain
    [[nodiscard]] actors::output& output() noexcept { return output_; }
    [[nodiscard]] storage::store& store() noexcept { return *options_.store; }
    [[nodiscard]] bool auto_create() const noexcept { return options_.auto_create; }
    [[nodiscard]] conversation_number next_number() noexcept { return ++*options_.last_number; }
    void warn(const std::string& text) const { options_.warn(text); }
    /// Sends within the lane; handled after the step that runs now.
    void post(hosted_actor* to, hosted_message message) { local_.push_back({to, std::move(message)}); }
    void arm(timer each);
    /// Lets the conversation go on with its deliveries after what has come in by now.
    void go_on_delivering(struct shop& shop, conversation_number number);
    /// The agent behind the link reads slower than it is sent: what it is to get waits.
    [[nodiscard]] bool is_full(link_id link) const { return !full_.empty() && full_.contains(link); }
    /// Whether the frontend session still lives.
    [[nodiscard]] bool follows(link_id link) const { return frontends_.contains(link); }
    /// Live event for subscribers; `make` is called only when anybody wants them and fills the map besides `n` and `ts`.
    void feed(struct shop& shop, std::string_view event, const std::function<void(feed_map&)>& make);
    /// Runs `job` on the worker and what it returns in the lane.
    void work(std::function<std::function<void(lane&)>()> job);
    [[nodiscard]] const policy_language& language() const noexcept { return options_.language; }
    [[nodiscard]] std::vector<policy_upload>& policy_uploads() noexcept { return uploads_; }
    /// A function that may be called once from any thread and goes on in the lane.
    [[nodiscard]] std::function<void(std::function<void(lane&)>)> resumer();

    // --- the shops of the lane ---

    [[nodiscard]] struct shop* find_shop(std::string_view name);
    /// The shop, made if that is allowed; null = NOT_FOUND.
    struct shop* shop_for(std::string_view name);
    /// Puts the next version of the shop's policy in force, between two messages. Journals it.
    void put_policy(struct shop& shop, std::shared_ptr<const routing::compiled_policy> policy, std::string text,
                    std::string_view by, std::string_view source, std::string_view note);
    /// The account's actor, made if that is allowed; null = NOT_FOUND.
    [[nodiscard]] agent* agent_for(struct shop& shop, std::string_view account);
    [[nodiscard]] std::map<std::string, std::unique_ptr<struct shop>, std::less<>>& shops() noexcept { return shops_; }
    [[nodiscard]] bool serves(std::string_view shop) const { return options_.lane_of(shop) == options_.index; }
    /// A new conversation's actor.
    buyer_session& open_session(struct shop& shop, std::string_view buyer, buyer_entry& entry, const protocol::publish& first);
    /// Drops a closed conversation's actor, once it is archived and its dedupe horizon is over; arms a timer until then.
    void retire(struct shop& shop, conversation_number number);

    /// Drops a buyer without an open conversation, and its closed ones' actors, when the step that runs now is over.
    void forget(struct shop& shop, std::string buyer) { forgotten_.emplace_back(&shop, std::move(buyer)); }

private:
    struct parcel {
        hosted_actor* to;
        hosted_message message;
    };

    void begin();
    void take_inbound(transport::inbound_batch& batch);
    void take_event(transport::event& each);
    void take_received(transport::received& each);
    void take_mail(hosted_mail& mail);
    void take_archived(const archived& known);
    void take_settings(const settings_changed& settings);
    void take_tick();
    void take_timer(const timer& each);
    void read_clocks();
    void deliver_local();
    void forget_buyers();
    void finish(); ///< the local queue, then the output

    void rebuild(storage::recovered_shop& recovered);
    struct shop& add_shop(std::string_view name);
    void add_account(struct shop& shop, std::string_view name, std::uint32_t cap, bool participating);
    void apply_settings(struct shop& shop);
    /// What configuration says comes into force when it says something new.
    void apply_configured_policy(struct shop& shop, const configured_shop* settings);
    void schedule_tick();

    lane_options options_;
    routing::timestamp_ms now_ = 0, steady_ = 0;
    actors::output output_;
    std::deque<parcel> local_;
    timer_queue timers_;
    bool tick_pending_ = false;
    std::map<std::string, std::unique_ptr<struct shop>, std::less<>> shops_;
    std::unordered_set<link_id> frontends_;
    std::unordered_set<link_id> full_; // of agents
    std::unordered_map<link_id, agent*> agents_;
    std::vector<std::pair<struct shop*, conversation_number>> retired_;
    std::vector<std::pair<struct shop*, std::string>> forgotten_;
    std::vector<policy_upload> uploads_; ///< oldest first, at most limits::policy_uploads
};

/// Makes a lane.
caf::actor spawn_lane(caf::actor_system& system, lane_options options);

} // namespace fenliu::actors
