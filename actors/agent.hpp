// One account: its presence, its live load and its client's link. Owns what routing may ask an agent; the dispatcher's roster
// is only its last report. Hosted, on its shop's lane.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "actors/hosted_actor.hpp"
#include "actors/shop.hpp"
#include "protocol/message.hpp"
#include "routing/account.hpp"

namespace fenliu::actors {

class agent final : public hosted_actor {
public:
    /// An account as configured, just made or recovered; offline.
    agent(caf::actor_config& config, lane& host, struct shop& shop, routing::account account);

    // From transport, through the lane.
    void on_opened(const transport::link_opened& opened);
    void on_lost();
    void on_resumed();
    /// Its client has read what it was slow to read.
    void on_roomy() { tell_owned(owner_roomy{}); }
    void on_closed(link_id link);
    void on_presence(const protocol::presence_change& change);
    /// Caps and participation by configuration or an admin; existing conversations stay (invariant 14).
    void set(std::uint32_t cap, bool participating, std::string_view by);
    /// At start-up: a conversation it owned; it is held for the grace.
    void recover_conversation(conversation_number number);
    /// At start-up, after the last of them.
    void recovered();

    void handle(hosted_message&& message) override;
    const char* name() const override { return "fenliu.agent"; }

    [[nodiscard]] const routing::account& account() const noexcept { return account_; }
    [[nodiscard]] struct shop& shop() noexcept { return shop_; }
    [[nodiscard]] link_id link() const noexcept { return link_; }
    [[nodiscard]] bool connected() const noexcept { return connected_; }
    [[nodiscard]] protocol::presence said() const noexcept { return said_; }
    [[nodiscard]] std::uint64_t received() const noexcept { return received_; }
    [[nodiscard]] routing::agent_report report() const;
    /// Online by its word, or held within the grace: its open conversations stay with it (step 4).
    [[nodiscard]] bool reachable() const { return online() || held(); }

private:
    [[nodiscard]] bool online() const noexcept { return connected_ && !awaiting_word_ && said_ != protocol::presence::offline; }
    [[nodiscard]] bool held() const noexcept;
    void on(const reserve& message);
    void on(const release_slot& message);
    void on(const confirm& message);
    void on(const grace_over& message);
    void arm_grace();
    void leave(); ///< offline: its conversations are routed anew
    void record(std::string_view by);
    void changed(); ///< tells the dispatcher
    void tell_owned(const hosted_message& message);

    struct shop& shop_;
    routing::account account_;
    protocol::presence said_ = protocol::presence::offline; ///< in this session
    bool connected_ = false;
    bool awaiting_word_ = false; ///< was reachable; its new session hasn't said its presence yet
    bool gone_ = true;           ///< offline, or the grace is over
    link_id link_ = 0;
    std::uint64_t loss_ = 0; ///< numbers the losses, for the grace timer
    std::unordered_set<conversation_number> reserved_, open_;
    routing::timestamp_ms idle_since_ = 0;
    std::uint64_t received_ = 0;
};

} // namespace fenliu::actors
