// A broker in memory behind the stage's outlet, with the clients' duties too: it stores, assigns in turn, delivers, loses what
// is on the way when it restarts, and then has everything sent again that was not answered. For tests of the replay alone.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "apps/fenliu/replay_stage.hpp"

namespace fenliu::apps::fenliu {

class toy_broker final : public replay_outlet {
public:
    explicit toy_broker(std::vector<std::string> agents)
        : agents_(std::move(agents)) {}

    /// Begins a session for every agent.
    void open(replay_stage& stage);
    /// Brings the oldest message that is on its way; false when there is none.
    bool step(replay_stage& stage);
    /// Everything on the way is gone, every session is new, what was not answered is sent again.
    void restart(replay_stage& stage);
    /// Gives every open conversation to the next agent.
    void reassign_all();
    /// Every buyer's history, one page each.
    void tell_history(replay_ledger& ledger) const;

    /// The next so many publishes are refused for the moment.
    int overloaded = 0;
    /// Publishes with this text are refused for good.
    std::string forbidden_text;
    /// Faults: the next so many buyer lines are not delivered, or delivered twice.
    int dropped_lines = 0, doubled_lines = 0;
    [[nodiscard]] std::size_t conversations() const noexcept { return conversations_.size(); }

private:
    struct stored_line {
        std::string from, msg_id, text;
    };
    struct conversation {
        std::string id, shop, buyer, owner;
        std::uint64_t epoch = 0;
        bool open = true;
        std::vector<stored_line> lines;
    };
    using delivery = std::function<void(replay_stage&)>;

    void from_buyer(std::size_t frontend, const protocol::message& value) override;
    void from_agent(std::string_view account, const protocol::message& value) override;
    void ask_state(std::string_view shop, std::string_view conversation) override;

    void publish(const std::string& msg_id, const std::string& shop, const std::string& buyer, const std::string& text);
    void say(const std::string& account, const std::string& msg_id, const std::string& id, std::uint64_t epoch,
             const std::string& text);
    void close(const std::string& account, const std::string& request_id, const std::string& id, std::uint64_t epoch);
    void attach(const std::string& id, std::uint64_t seq);
    void send_line(const conversation& in, std::uint64_t seq);
    void send_reply(const conversation& in, std::uint64_t seq);
    void send_assignment(const conversation& in, std::uint64_t tail_end);
    void refuse_agent(const std::string& account, const std::string& ref, std::string_view code);
    conversation& open_conversation(const std::string& shop, const std::string& buyer);
    [[nodiscard]] std::uint64_t place_of(const conversation& in, const std::string& from, const std::string& msg_id) const;
    [[nodiscard]] std::string next_agent();
    /// On its way; with `ref`, it answers that message.
    void bring(delivery what, std::string ref = {});

    std::vector<std::string> agents_;
    std::size_t turn_ = 0;
    std::deque<conversation> conversations_;
    std::set<std::string> followed_; ///< buyers whose frontend has a session that spoke for them
    std::set<std::pair<std::string, std::uint64_t>> replied_; ///< (conversation, seq) sent to the frontend's session
    std::deque<std::pair<std::string, delivery>> on_the_way_;
    std::vector<std::pair<std::string, std::function<void()>>> unanswered_; ///< by ref, in the order they were sent
};

} // namespace fenliu::apps::fenliu
