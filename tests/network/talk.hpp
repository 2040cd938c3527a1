// One scripted talk in a shop of its own: a buyer writes, one agent answers and forwards, another one answers and closes. Three
// real clients take part, any of them behind a broken link. At its end the broker is asked what stands in history and who owned
// the conversation. Owned by one run; its thread polls the clients.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "transport/client.hpp"
#include "transport/client_set.hpp"

namespace fenliu::network {

enum class party : std::uint8_t { frontend, amy, ben };
constexpr std::array<party, 3> parties{party::frontend, party::amy, party::ben};

class talk {
public:
    /// `urls`: where each party connects; `direct`: the broker itself, for the questions at the end.
    talk(std::string shop, const std::array<std::string, 3>& urls, std::string direct);

    /// Does what is due after its clients were polled.
    void step();
    /// Everything was said, answered and found right, or it was given up.
    [[nodiscard]] bool done() const noexcept { return stage_ == stage::over; }
    /// Why it failed; empty while nothing is wrong.
    [[nodiscard]] const std::string& fault() const noexcept { return fault_; }
    /// What is being waited for, for people.
    [[nodiscard]] std::string state() const;
    /// Those that take part at the moment.
    void add_clients(transport::client_set& to);
    /// Lines that came again, by (conversation, seq), and could be dropped.
    [[nodiscard]] std::uint64_t repeats() const noexcept { return repeats_; }
    [[nodiscard]] std::uint64_t resumes() const noexcept { return resumes_; }
    void fail(std::string why);

private:
    enum class stage : std::uint8_t {
        amy_comes,
        buyer_asks,
        amy_answers,
        amy_forwards,
        buyer_asks_again,
        ben_answers,
        ben_closes,
        questions,
        over
    };

    /// A party's end: what it has seen.
    struct seat {
        std::unique_ptr<transport::client> end;
        std::map<std::uint64_t, std::string> lines; ///< by seq: 42 of an agent, 22 of the frontend
        std::set<std::string> answered;             ///< ids of 20, 45 and 44
        std::set<std::uint64_t> epochs;             ///< of 40
        bool owns = false;
        bool online = false; ///< wants to be
        unsigned presences = 0;
    };

    [[nodiscard]] seat& at(party who) noexcept { return seats_[static_cast<std::size_t>(who)]; }
    void make(party who, const std::string& url);
    void opened(party who, bool resumed, bool first);
    void heard(party who, const protocol::message& message);
    void take_line(seat& from, std::string_view conversation, std::uint64_t seq, std::string_view text);
    void come(party who);
    void publish(std::string_view id);
    void forward();
    void say(party who, std::string_view id);
    [[nodiscard]] bool stage_reached();
    void begin_next();
    [[nodiscard]] bool all_answered() const;
    void ask();
    void judge(const protocol::history_page& page);

    std::string shop_, direct_;
    std::array<seat, 3> seats_;
    std::unique_ptr<transport::client> admin_;
    std::string conversation_;
    stage stage_ = stage::amy_comes;
    std::string fault_;
    std::uint64_t repeats_ = 0, resumes_ = 0;
    unsigned forwards_ = 0;
    bool forwarded_ = false;
    std::chrono::steady_clock::time_point forward_at_; ///< when it is tried again, if it was rejected
};

} // namespace fenliu::network
