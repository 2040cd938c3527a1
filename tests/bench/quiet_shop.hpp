// A quiet shop beside whatever else happens: one buyer who writes now and then, one agent who answers at once, and how long both
// take, from the moment a line was to be sent. For benchmarks; the agent has a thread of its own.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "protocol/message.hpp"
#include "transport/client.hpp"

namespace fenliu::bench {

using clock_type = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr auto quiet_pause = milliseconds{20};

/// An agent that reads, and answers the lines of buyers that it is asked to.
inline void serve(const std::string& url, const std::string& shop, const std::string& account, bool answers,
                  std::atomic<int>& online, std::atomic<bool>& done) {
    transport::client_options options;
    options.url = url;
    options.role = protocol::role::agent;
    options.shop = shop;
    options.account = shop + ":" + account;
    transport::client* self = nullptr;
    std::uint64_t said = 0;
    std::map<std::string, std::uint64_t> epochs;
    transport::client_events events;
    events.on_open = [&](bool, bool) { self->send(protocol::presence_change{protocol::presence::online, "p"}); };
    events.on_message = [&](const protocol::message& message) {
        if (std::holds_alternative<protocol::result>(message)) ++online;
        if (const auto* given = std::get_if<protocol::assigned>(&message))
            epochs[std::string{given->conversation}] = given->epoch;
        if (const auto* line = std::get_if<protocol::buyer_line>(&message); line != nullptr && answers) {
            const std::string id = "s" + std::to_string(++said);
            self->send(protocol::say{id, line->conversation, epochs[std::string{line->conversation}], line->text});
        }
    };
    transport::client client{options, events};
    self = &client;
    while (!done)
        client.poll(milliseconds{50});
}

/// One buyer of a quiet shop: times from the moment a line was to be sent to its ack and to the agent's answer.
struct quiet_times {
    std::vector<double> stored, answered; // ms

    static double at(std::vector<double>& values, double share) {
        if (values.empty()) return 0;
        std::sort(values.begin(), values.end());
        return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
    }
};

class quiet_buyer {
public:
    quiet_buyer(const std::string& url, std::string shop)
        : shop_{std::move(shop)} {
        transport::client_options options;
        options.url = url;
        transport::client_events events;
        events.on_message = [this](const protocol::message& message) { take(message); };
        client_ = std::make_unique<transport::client>(options, events);
    }

    quiet_times run(clock_type::time_point until) {
        times_ = {};
        auto next = clock_type::now();
        while (clock_type::now() < until) {
            if (clock_type::now() >= next) {
                publish(next);
                next += quiet_pause;
            }
            client_->poll(std::max(milliseconds{0}, std::chrono::ceil<milliseconds>(next - clock_type::now())));
        }
        for (const auto deadline = until + std::chrono::seconds{20}; !waiting_.empty() && clock_type::now() < deadline;)
            client_->poll(milliseconds{50});
        return std::move(times_);
    }

private:
    struct expectation {
        clock_type::time_point due;
        bool stored = false;
    };
    void publish(clock_type::time_point due) {
        const auto id = std::to_string(++last_id_);
        protocol::publish line;
        line.msg_id = id;
        line.shop = shop_;
        line.buyer = "quiet";
        line.text = id; // comes back in the answer
        waiting_[id] = {due};
        client_->send(line);
    }
    void take(const protocol::message& message) {
        const auto now = clock_type::now();
        if (const auto* stored = std::get_if<protocol::stored>(&message)) {
            auto& of = waiting_[std::string{stored->msg_id}];
            of.stored = true;
            times_.stored.push_back(std::chrono::duration<double, std::milli>(now - of.due).count());
        } else if (const auto* reply = std::get_if<protocol::reply>(&message)) {
            const auto found = waiting_.find(std::string{reply->text});
            if (found == waiting_.end()) return;
            times_.answered.push_back(std::chrono::duration<double, std::milli>(now - found->second.due).count());
            waiting_.erase(found);
        }
    }

    std::string shop_;
    std::unique_ptr<transport::client> client_;
    std::map<std::string, expectation> waiting_;
    std::uint64_t last_id_ = 0;
    quiet_times times_;
};

} // namespace fenliu::bench
