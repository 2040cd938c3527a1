#include "apps/load/broker.hpp"

#include <charconv>
#include <stdexcept>
#include <unordered_map>

#include <nlohmann/json.hpp>

#include "protocol/error.hpp"
#include "protocol/limits.hpp"
#include "protocol/text_hash.hpp"
#include "transport/client_set.hpp"

namespace fenliu::load {

namespace {

using namespace std::chrono_literals;

constexpr auto farewell = 200ms;

[[noreturn]] void fail(const transport::client& client, const std::string& url) {
    const auto& why = client.why();
    throw std::runtime_error{url + ": " +
                             (why ? std::string(protocol::name(why->code)) + ": " + why->text : "the session ended")};
}

/// Clients of one thread, polled together.
class clients {
public:
    explicit clients(const broker_access& access)
        : access_(access) {}
    ~clients() {
        for (auto& each : clients_)
            each->close(farewell);
    }
    clients(const clients&) = delete;
    clients& operator=(const clients&) = delete;

    transport::client& add(const transport::client_options& options, transport::client_events events) {
        auto& made = *clients_.emplace_back(std::make_unique<transport::client>(options, std::move(events)));
        polled_.add(made);
        return made;
    }
    void poll(std::chrono::nanoseconds wait) {
        polled_.poll(wait);
        if (polled_.size() == clients_.size()) return;
        for (const auto& each : clients_)
            if (each->state() == transport::client_state::refused || each->state() == transport::client_state::unreachable)
                fail(*each, access_.client.url);
    }
    [[nodiscard]] transport::client& operator[](std::size_t place) { return *clients_[place]; }
    [[nodiscard]] std::size_t size() const { return clients_.size(); }

private:
    const broker_access& access_;
    std::vector<std::unique_ptr<transport::client>> clients_;
    transport::client_set polled_;
};

std::string shop_of(const broker_access& access, std::size_t number) {
    return "bench-" + access.run + "-" + std::to_string(number);
}

/// The number behind the last dash of a msg_id of ours.
std::uint64_t number_of(std::string_view id) {
    std::uint64_t found = 0;
    const auto digits = id.substr(id.rfind('-') + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), found);
    return found;
}

class frontends : public publishers {
public:
    frontends(const broker_access& access, const shape& wanted, part connections, acked tell)
        : access_(access)
        , wanted_(wanted)
        , part_(connections)
        , tell_(std::move(tell))
        , clients_(access) {
        auto options = access.client;
        options.role = protocol::role::frontend;
        options.frame_messages = wanted.frame_messages;
        for (std::size_t number = part_.first; number < wanted.publishers; number += part_.step)
            clients_.add(options, {.on_message = [this, number](const protocol::message& message) { take(number, message); },
                                   .on_open = [this](bool, bool first) { open_ += first; },
                                   .on_lost = {},
                                   .seen = {}});
        for (std::size_t channel = 0; channel < wanted.channels; ++channel)
            places_.push_back({shop_of(access, channel % wanted.shops), "b" + std::to_string(channel)});
    }

    bool ready() override { return open_ == clients_.size(); }
    void publish(std::size_t connection, std::size_t channel, std::uint64_t id, std::string_view text) override {
        id_ = access_.run;
        id_ += '-';
        id_ += std::to_string(connection);
        id_ += '-';
        id_ += std::to_string(id);
        auto& line = std::get<protocol::publish>(message_);
        line.msg_id = id_;
        line.shop = places_[channel].shop;
        buyer_ = places_[channel].buyer;
        if (wanted_.new_buyers) buyer_.append("-").append(std::to_string(id));
        line.buyer = buyer_;
        line.text = text;
        clients_[(connection - part_.first) / part_.step].send(message_);
    }
    void poll(std::chrono::nanoseconds wait) override { clients_.poll(wait); }

private:
    struct place {
        std::string shop, buyer;
    };
    void take(std::size_t connection, const protocol::message& message) {
        if (const auto* stored = std::get_if<protocol::stored>(&message))
            tell_(connection, number_of(stored->msg_id), true);
        else if (const auto* error = std::get_if<protocol::error>(&message); error != nullptr && error->ref)
            tell_(connection, number_of(*error->ref), false);
    }

    const broker_access& access_;
    shape wanted_;
    part part_;
    acked tell_;
    std::vector<place> places_; // by channel
    std::string id_, buyer_;
    protocol::message message_ = protocol::publish{}; // kept as what `send` takes: a copy less for each
    std::size_t open_ = 0;
    clients clients_; // the last: they tell until they are gone
};

class agents : public consumers {
public:
    agents(const broker_access& access, const shape& wanted, part connections, delivered tell)
        : tell_(std::move(tell))
        , clients_(access) {
        auto options = access.client;
        options.role = protocol::role::agent;
        for (std::size_t number = connections.first; number < wanted.consumers; number += connections.step) {
            options.shop = shop_of(access, number % wanted.shops);
            options.account = account_of(access, wanted, number);
            const std::size_t place = clients_.size();
            clients_.add(options, {.on_message = [this, place](const protocol::message& message) { take(place, message); },
                                   .on_open = [this, place](bool resumed, bool) { greet(place, resumed); },
                                   .on_lost = {},
                                   .seen = [this, place] { return positions_of(place); }});
        }
    }

    static std::string account_of(const broker_access& access, const shape& wanted, std::size_t number) {
        return shop_of(access, number % wanted.shops) + ":a" + std::to_string(number);
    }

    bool ready() override { return online_ >= clients_.size(); }
    void poll(std::chrono::nanoseconds wait) override { clients_.poll(wait); }

private:
    /// How far a conversation was read, and by which client.
    struct position {
        std::size_t place = 0;
        std::uint64_t seq = 0;
    };

    void greet(std::size_t place, bool resumed) {
        if (!resumed) clients_[place].send(protocol::presence_change{protocol::presence::online, "online"});
    }
    void take(std::size_t place, const protocol::message& message) {
        if (const auto* line = std::get_if<protocol::buyer_line>(&message)) {
            if (is_new(place, *line)) tell_(line->text);
        } else if (const auto* result = std::get_if<protocol::result>(&message);
                   result != nullptr && result->request_id == "online") {
            online_ += result->code == protocol::name(protocol::errc::ok);
        }
    }
    /// A session that ended because its reader fell behind is followed by one in which lines may come again.
    bool is_new(std::size_t place, const protocol::buyer_line& line) {
        auto found = read_.find(line.conversation);
        if (found == read_.end()) found = read_.try_emplace(std::string{line.conversation}).first;
        if (line.seq <= found->second.seq) return false;
        found->second = {place, line.seq};
        return true;
    }
    std::vector<std::pair<std::string, std::uint64_t>> positions_of(std::size_t place) const {
        std::vector<std::pair<std::string, std::uint64_t>> found;
        for (const auto& [conversation, at] : read_)
            if (at.place == place) found.emplace_back(conversation, at.seq);
        return found;
    }

    delivered tell_;
    std::unordered_map<std::string, position, protocol::text_hash, std::equal_to<>> read_; // by conversation
    std::size_t online_ = 0;
    clients clients_;
};

class broker : public target {
public:
    explicit broker(broker_access access)
        : access_(std::move(access)) {}

    /// Every agent may have all conversations of its shop: which ones it gets is the dispatcher's business.
    void prepare(const shape& wanted) override {
        const auto most = static_cast<std::size_t>(limits::cap_range.to);
        const auto cap = static_cast<std::uint32_t>(
            wanted.new_buyers ? most : std::min<std::size_t>(wanted.channels / wanted.shops + 1, most));
        std::size_t answered = 0;
        std::string refused;
        clients admin{access_};
        auto options = access_.client;
        options.role = protocol::role::admin;
        auto& client = admin.add(options, {.on_message =
                                               [&](const protocol::message& message) {
                                                   ++answered;
                                                   if (const auto* error = std::get_if<protocol::error>(&message))
                                                       refused = std::string(error->code);
                                                   const auto* reply = std::get_if<protocol::admin_reply>(&message);
                                                   if (reply != nullptr && reply->code != protocol::name(protocol::errc::ok))
                                                       refused = std::string(reply->code);
                                               },
                                           .on_open = {},
                                           .on_lost = {},
                                           .seen = {}});
        for (std::size_t number = 0; number < wanted.consumers; ++number) {
            std::string body;
            nlohmann::json::to_msgpack({{"shop", shop_of(access_, number % wanted.shops)},
                                        {"account", agents::account_of(access_, wanted, number)},
                                        {"cap", cap}},
                                       body);
            client.send(protocol::admin_request{"cap-" + std::to_string(number), "agent.set", body});
        }
        while (answered < wanted.consumers) {
            admin.poll(100ms);
            if (!refused.empty()) throw std::runtime_error{access_.client.url + ": an agent's cap can't be set: " + refused};
        }
    }
    std::unique_ptr<publishers> publish(const shape& wanted, part connections, acked tell) override {
        return std::make_unique<frontends>(access_, wanted, connections, std::move(tell));
    }
    std::unique_ptr<consumers> consume(const shape& wanted, part connections, delivered tell) override {
        return std::make_unique<agents>(access_, wanted, connections, std::move(tell));
    }

private:
    broker_access access_;
};

} // namespace

std::unique_ptr<target> fenliu_broker(broker_access access) { return std::make_unique<broker>(std::move(access)); }

} // namespace fenliu::load
