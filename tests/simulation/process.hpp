// The broker's process without its threads: real lanes on CAF's test coordinator, the real exchange before them, the simulated
// store behind. The world starts and kills it and runs it one step at a time: a job of a lane, a turn of the ROUTER thread.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include "actors/lane.hpp"
#include "network.hpp"
#include "process_watch.hpp"
#include "scenario.hpp"
#include "simulated_store.hpp"
#include "transport/exchange.hpp"

namespace fenliu::simulation {

class process final : public transport::inbound_sink {
public:
    process(const scenario& plan, const virtual_time& time, simulated_store& store, network& links,
            actors::policy_language language, process_watch& watch);
    ~process() override;

    /// Starts with what the store finds; false if it finds damage, which is a bug.
    [[nodiscard]] bool start();
    /// kill -9.
    void kill();
    [[nodiscard]] bool up() const noexcept { return exchange_ != nullptr; }

    [[nodiscard]] std::size_t jobs() { return coordinator().jobs.size(); }
    /// Runs one message of the lane whose job stands at that place.
    void run_job(std::size_t place);
    /// Whether the ROUTER thread has something to do.
    [[nodiscard]] bool turn_due() const;
    /// What the ROUTER thread does between two waits: mail, up to so many frames, what time has brought.
    void turn(std::size_t frames);
    [[nodiscard]] std::size_t mail() const noexcept { return mail_.size(); }
    /// The clocks went on by so much.
    void pass(timestamp_ms time);
    [[nodiscard]] timestamp_ms next_wake() const;
    /// Puts policies in force between two messages.
    void reload(const std::vector<routing::shop_settings>& shops);
    /// Runs a function in the lane of that shop, as an admin's request would.
    void in_lane(std::string_view shop, std::function<void(actors::lane&)> run);

    /// For checks, between two jobs.
    [[nodiscard]] std::vector<actors::lane*> lanes() const;
    [[nodiscard]] const std::vector<std::string>& warnings() const noexcept { return warnings_; }

    [[nodiscard]] const transport::socket_figures& figures() const noexcept { return figures_; }

    unsigned lane_count() const noexcept override { return plan_.lanes; }
    unsigned lane_of(std::string_view shop) const noexcept override;
    void deliver(unsigned lane, transport::inbound_batch batch) noexcept override;
    void deliver_admin(transport::inbound_batch) noexcept override {}

private:
    class out;

    [[nodiscard]] caf::scheduler::test_coordinator& coordinator() {
        return static_cast<caf::scheduler::test_coordinator&>(system_->scheduler());
    }
    void spawn(storage::recovered recovered);
    void spread(std::vector<storage::archived_conversation> archived);
    [[nodiscard]] std::vector<connection_id> read_frames(std::size_t limit);

    bool room_ = false; ///< a lane is done with something while more waits for it; outlives the lanes
    const scenario& plan_;
    const virtual_time& time_;
    simulated_store& store_;
    network& network_;
    actors::policy_language language_;
    process_watch& watch_;
    chance dice_;
    caf::actor_system_config config_;
    std::unique_ptr<caf::actor_system> system_;
    std::vector<caf::actor> lanes_;
    std::shared_ptr<out> out_;
    std::deque<transport::outbound_batch> mail_;
    transport::socket_figures figures_;
    std::unique_ptr<transport::exchange> exchange_;
    std::vector<routing::shop_settings> settings_;
    std::vector<std::string> warnings_;
    connection_id opening_ = 0; ///< whose hello is being taken
};

} // namespace fenliu::simulation
