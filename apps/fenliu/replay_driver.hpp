// Plays a plan over real sockets: several frontends, one connection for each agent, one admin for each shop, all polled by one
// thread. It carries between the connections and the stage, and knows when to give up. Owned by `fenliu replay`.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/fenliu/options.hpp"
#include "apps/fenliu/replay_ledger.hpp"
#include "apps/fenliu/replay_progress.hpp"
#include "apps/fenliu/replay_records.hpp"
#include "apps/fenliu/replay_stage.hpp"
#include "transport/client.hpp"
#include "transport/client_set.hpp"

namespace fenliu::apps::fenliu {

struct driver_options {
    std::size_t agents = 3; ///< of each shop, `SHOP:a1` and so on
    std::optional<std::uint32_t> cap;
    double speed = 0; ///< 0: as fast as possible
    std::size_t at_once = 256;
    std::size_t frontends = 4;
    std::chrono::milliseconds stall{60'000}; ///< without progress for so long, the run has failed
};

class replay_driver final : public replay_outlet {
public:
    replay_driver(const replay_plan& plan, const driver_options& options, const common_options& common, replay_ledger& ledger,
                  replay_progress& progress);
    ~replay_driver() override;

    /// Everything from the first hello to the last history page. Nothing: it came to its end.
    [[nodiscard]] std::optional<problem> run();
    /// From the first line published to the last conversation closed.
    [[nodiscard]] double seconds() const noexcept { return seconds_; }

private:
    using steady = std::chrono::steady_clock;
    struct agent_seat {
        std::string account;
        bool stands_by = false; ///< main: takes only what is stored for it while no agent is online
        std::string presence_id;
        bool ready = false;
        std::unique_ptr<transport::client> client;
    };

    void from_buyer(std::size_t frontend, const protocol::message& value) override;
    void from_agent(std::string_view account, const protocol::message& value) override;
    void ask_state(std::string_view shop, std::string_view conversation) override;

    void connect_records();
    void connect_agents();
    void connect_frontends();
    void add(transport::client& made);
    void agent_opened(agent_seat& seat, bool resumed, bool first);
    void agent_received(agent_seat& seat, const protocol::message& value);

    [[nodiscard]] std::optional<problem> make_contact();
    [[nodiscard]] std::optional<problem> read_baseline();
    [[nodiscard]] std::optional<problem> play();
    [[nodiscard]] std::optional<problem> read_history();
    void leave();

    /// Polls everything until `done`; a problem when nothing moves any more or somebody is refused.
    [[nodiscard]] std::optional<problem> poll_until(const std::function<bool()>& done);
    [[nodiscard]] std::optional<problem> poll_once(std::chrono::milliseconds wait);
    void ask_histories();
    [[nodiscard]] problem stalled() const;
    [[nodiscard]] elapsed now() const { return std::chrono::duration_cast<elapsed>(steady::now() - started_); }

    const replay_plan& plan_;
    const driver_options& options_;
    const common_options& common_;
    replay_ledger& ledger_;
    replay_progress& progress_;
    replay_stage stage_;
    std::vector<std::unique_ptr<replay_records>> records_; ///< one a shop, as in the plan
    std::vector<std::unique_ptr<agent_seat>> agents_;
    std::map<std::string, agent_seat*, std::less<>> by_account_;
    std::vector<std::unique_ptr<transport::client>> frontends_;
    std::vector<transport::client*> clients_; ///< all of them
    transport::client_set polled_;
    bool verifying_ = false; ///< history pages are judged, not taken as what was there before
    std::uint64_t pages_ = 0;
    steady::time_point started_ = steady::now();
    steady::time_point again_at_ = started_;
    double seconds_ = 0;
};

} // namespace fenliu::apps::fenliu
