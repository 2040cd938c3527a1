// A client program: the real client session over a simulated link. It connects, notices that a link has ended or doesn't, says
// hello and sends again as the session tells it; what it says, the world decides. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "network.hpp"
#include "transport/client_session.hpp"

namespace fenliu::simulation {

class device {
public:
    device(std::size_t number, transport::client_options options, network& links, const virtual_time& time, chance& dice);
    virtual ~device() = default;
    device(const device&) = delete;
    device& operator=(const device&) = delete;

    /// Whether it has something to do.
    [[nodiscard]] bool due(bool broker_up);
    /// Reads what came, sees to time, sends.
    void turn(bool broker_up);
    void send(const protocol::message& message) { session_.send(message); }
    /// The program ends; with a bye, or without a word.
    void end(bool politely);

    [[nodiscard]] bool alive() const noexcept { return !ended_ && session_.active(); }
    [[nodiscard]] bool open() const noexcept { return !ended_ && session_.state() == transport::client_state::open; }
    [[nodiscard]] std::size_t unanswered() const noexcept { return session_.unanswered(); }
    [[nodiscard]] std::size_t number() const noexcept { return number_; }
    [[nodiscard]] connection_id at() const noexcept { return connection_; }
    [[nodiscard]] timestamp_ms next_wake() const noexcept { return wake_; }
    [[nodiscard]] const std::string& account() const noexcept { return account_; }
    [[nodiscard]] const std::string& shop() const noexcept { return shop_; }
    /// How often it noticed nothing of a link's end.
    std::uint64_t silent_reconnects = 0, sessions_without_memory = 0;

protected:
    virtual void on_message(const protocol::message& message) = 0;
    virtual void on_open(bool resumed, bool first) = 0;
    [[nodiscard]] virtual std::vector<std::pair<std::string, std::uint64_t>> seen() const { return {}; }

private:
    [[nodiscard]] transport::client_events events();
    void drop_link(bool noticed);
    void flush();

    std::size_t number_;
    std::string account_, shop_;
    network& network_;
    const virtual_time& time_;
    chance& dice_;
    transport::client_session session_;
    connection_id connection_ = 0;
    bool noticed_ = false; ///< that the last link was gone
    bool ended_ = false;
    timestamp_ms wake_ = 0;
};

} // namespace fenliu::simulation
