// One run: a process, its store, the network, clients, and the oracles that watch them. The world holds every event that could
// happen now, draws one, lets it happen, and looks whether everything still holds. Same seed, same run. One thread, no clock.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent_device.hpp"
#include "attendance_watch.hpp"
#include "decision_checks.hpp"
#include "frontend_device.hpp"
#include "line_checks.hpp"
#include "memory_checks.hpp"
#include "output_checks.hpp"
#include "place_checks.hpp"
#include "process.hpp"
#include "prompt_checks.hpp"
#include "session_watch.hpp"

namespace fenliu::simulation {

class world final : public journal_watch, public process_watch {
public:
    /// `trace` is told every event in words; it may be empty.
    world(std::uint64_t seed, std::function<void(const std::string&)> trace);
    ~world() override;

    /// So many events with faults, then the end without; stops at the first violation.
    void run(std::size_t events);

    [[nodiscard]] const std::optional<violation>& broken() const noexcept { return ground_.judged.first(); }
    [[nodiscard]] const situation_counts& reached() const noexcept { return ground_.reached; }
    [[nodiscard]] std::uint64_t hash() const noexcept { return hash_.value(); }
    [[nodiscard]] std::uint64_t events() const noexcept { return events_; }
    [[nodiscard]] std::uint64_t records() const noexcept { return records_; }

    void committed(std::string_view payload) override;
    void synced(std::size_t payloads) override;
    void recovered(const storage::recovered& found) override;
    void frame_received(connection_id from, std::string_view frame) override;
    void link_opened(connection_id from, const transport::link_opened& news) override;
    void lane_takes(const transport::inbound_batch& batch) override;
    void lane_done() override;
    void posted(const transport::outbound_batch& batch) override;

private:
    /// Something that can happen now.
    struct event {
        unsigned weight = 0;
        const char* what = "";
        std::size_t number = 0; ///< of the device, the job
        void (world::*happen)(std::size_t number) = nullptr;
    };

    // world.cpp: the machine's own work
    void step();
    void happen(const event& chosen);
    [[nodiscard]] std::vector<event> machine_events();
    void run_job(std::size_t place);
    void run_turn(std::size_t);
    void run_device(std::size_t number);
    void sync_disk(std::size_t);
    void release_output(std::size_t);
    void answer_read(std::size_t);
    void archive_some(std::size_t);
    void pass_time(std::size_t);
    void pass(timestamp_ms time);
    [[nodiscard]] timestamp_ms next_moment();
    [[nodiscard]] bool quiet();
    void quiet_moment();
    void note(const std::string& text) {
        if (trace_) trace_(text);
    }

    // world_actions.cpp: what clients say
    void act(std::size_t);
    void frontend_acts(frontend_device& from);
    void agent_acts(agent_device& from);
    void publish(frontend_device& from);
    void publish_again(frontend_device& from);
    void leave(frontend_device& from);
    void rate_or_order(frontend_device& from);
    void say(agent_device& from, conversation_number number, std::uint64_t epoch);
    void speak_out_of_turn(agent_device& from);
    void close(agent_device& from, conversation_number number, std::uint64_t epoch);
    void forward(agent_device& from, conversation_number number, const desk_entry& entry);
    void change_presence(agent_device& from);
    void pick(agent_device& from);
    void read_history(agent_device& from);
    void administer();
    void reload_policies();
    void allow_grace_of(const shop_plan& shop, const routing::policy& policy);
    void ask_as_admin();
    [[nodiscard]] std::string command(const char* what);

    // world_faults.cpp: what goes wrong
    void fault(std::size_t);
    void crash();
    void restart(std::size_t);
    void disturb_link();
    void set_wall_clock();
    void replace_device();
    void open_frontend();
    void open_agent(const std::string& account, bool robot);

    // world_end.cpp: the end of a run
    void settle();
    void run_until_quiet();
    void everybody_is_there();
    void everybody_works();
    void ask_for_person(const std::string& shop, const std::string& buyer);
    /// What is still open; empty: nothing.
    [[nodiscard]] std::string unresolved();
    [[nodiscard]] std::string missing_reply(const frontend_device& of) const;
    void judge_history();
    void count_devices();

    chance dice_;
    scenario plan_;
    virtual_time time_;
    event_hash hash_;
    ground ground_;
    line_checks lines_;
    place_checks places_;
    prompt_checks prompts_;
    output_checks outputs_;
    session_watch sessions_;
    attendance_watch attendance_;
    memory_checks memory_;
    policy_book policies_;
    decision_checks decisions_;
    simulated_store store_;
    network network_;
    process process_;
    std::vector<std::unique_ptr<device>> devices_;
    std::vector<frontend_device*> frontends_; ///< that run now, or did
    std::vector<agent_device*> agents_;
    struct published {
        std::string shop, buyer, id, text;
        std::uint64_t restarts = 0;
    };
    std::vector<published> published_;
    std::function<void(const std::string&)> trace_;
    std::uint64_t events_ = 0, records_ = 0;
    timestamp_ms restart_at_ = 0;
};

} // namespace fenliu::simulation
