#include "session_watch.hpp"

#include <algorithm>

#include "words.hpp"

namespace fenliu::simulation {

void session_watch::link_opened(connection_id from, const transport::link_opened& news) {
    auto& opened = links_[news.link];
    opened.account = news.who->account;
    opened.window = on_.plan.socket.window;
    link_at_[from] = news.link;
}

void session_watch::posted(const transport::outbound_batch& batch) {
    std::string_view rest = batch.bytes;
    for (const auto& each : batch.sends) {
        const auto bytes = rest.substr(0, each.size);
        rest.remove_prefix(each.size);
        links_[each.link].posted.push_back(hash_of(bytes));
    }
}

void session_watch::hash(std::string_view frame, const std::vector<protocol::message>& messages) {
    std::string_view key;
    for (const auto& each : messages) {
        if (const auto* hello = std::get_if<protocol::hello>(&each)) key = hello->resume_session;
        if (const auto* welcome = std::get_if<protocol::welcome>(&each)) key = welcome->session;
    }
    if (key.empty()) return hash_.add(frame);
    const auto at = static_cast<std::size_t>(key.data() - frame.data());
    hash_.add(frame.substr(0, at));
    hash_.add(frame.substr(at + key.size()));
}

void session_watch::tell(const char* what, connection_id at) const {
    if (!trace) return;
    std::string text = std::string{"    "} + what + " " + std::to_string(at) + ":";
    for (const auto& each : messages_)
        text += " [" + words_of(each) + "]";
    trace(text);
}

void session_watch::received(connection_id from, std::string_view frame) {
    messages_.clear();
    static_cast<void>(decoder_.decode(frame, messages_));
    hash(frame, messages_);
    tell("from", from);
    for (const auto& each : messages_) {
        if (const auto* hello = std::get_if<protocol::hello>(&each)) {
            resumes_from_[from] = hello->resume_rx;
            continue;
        }
        const auto known = link_at_.find(from);
        if (known == link_at_.end() || links_[known->second].at != from) continue; // fenced, or without a session
        auto& link = links_[known->second];
        if (const auto* ack = std::get_if<protocol::ack>(&each)) link.acked = std::max(link.acked, ack->rx);
        if (const auto* credit = std::get_if<protocol::credit>(&each)) link.window = credit->window;
        if (protocol::is_data(each)) ++link.received;
    }
}

void session_watch::sent(connection_id to, std::string_view frame) {
    messages_.clear();
    static_cast<void>(decoder_.decode(frame, messages_));
    hash(frame, messages_);
    tell("to", to);
    for (const auto& each : messages_) {
        if (const auto* welcome = std::get_if<protocol::welcome>(&each)) this->welcome(to, *welcome);
        const auto known = link_at_.find(to);
        if (known == link_at_.end()) continue;
        auto& link = links_[known->second];
        if (const auto* ack = std::get_if<protocol::ack>(&each)) {
            on_.judged.check(ack->rx >= link.ack_sent && ack->rx <= link.received, 21, [&] {
                return "ack " + std::to_string(ack->rx) + " after " + std::to_string(link.ack_sent) + ", received were " +
                       std::to_string(link.received);
            });
            link.ack_sent = ack->rx;
        }
        if (protocol::is_data(each)) data(link, each);
        if (protocol::is_data(each) && !link.account.empty())
            on_.judged.check(live_[link.account] == known->second, 22,
                             [&] { return link.account + " is sent data in a session that was superseded"; });
    }
}

void session_watch::welcome(connection_id to, const protocol::welcome& message) {
    if (message.resumed) {
        const auto known = link_of_key_.find(std::string{message.session});
        if (!on_.judged.check(known != link_of_key_.end(), 21, [] { return "a session is resumed that nobody was given"; }))
            return;
        link_at_[to] = known->second;
    }
    const auto number = link_at_[to];
    auto& link = links_[number];
    link_of_key_[std::string{message.session}] = number;
    link.at = to;
    link.next = message.resumed ? resumes_from_[to] : 0;
    link.acked = std::max(link.acked, link.next);
    link.window = on_.plan.socket.window;
    if (!link.account.empty()) live_[link.account] = number;
    on_.judged.check(message.rx >= link.ack_sent && message.rx <= link.received, 21, [&] {
        return "a welcome says " + std::to_string(message.rx) + " of " + std::to_string(link.received) + " after an ack of " +
               std::to_string(link.ack_sent);
    });
    link.ack_sent = message.rx;
    on_.judged.check(!message.resumed || link.next <= link.data.size(), 21,
                     [&] { return "a session is resumed behind what was ever sent in it"; });
    if (!message.resumed) return;
    on_.reached.reached(situation::resume);
    if (link.next < link.data.size()) on_.reached.reached(situation::resume_replays_data);
}

void session_watch::data(watched_link& on, const protocol::message& message) {
    encoded_.clear();
    protocol::encode(encoded_, message);
    const auto bytes = hash_of(encoded_);
    const auto number = ++on.next;
    on_.judged.check(number - on.acked <= on.window, 23, [&] {
        return std::to_string(number - on.acked) + " messages are in flight, the window is " + std::to_string(on.window);
    });
    if (number - on.acked == on.window) on_.reached.reached(situation::credit_at_zero);
    if (number <= on.data.size()) {
        on_.judged.check(on.data[number - 1] == bytes, 21,
                         [&] { return "data message " + std::to_string(number) + " is another one when it is sent again"; });
        return;
    }
    on.data.push_back(bytes);
    const bool of_transport = std::holds_alternative<protocol::error>(message) &&
                              (on.posted_sent >= on.posted.size() || on.posted[on.posted_sent] != bytes);
    if (of_transport) return;
    on_.judged.check(on.posted_sent < on.posted.size() && on.posted[on.posted_sent] == bytes, 21, [&] {
        return "data message " + std::to_string(number) + " is not what the lanes released next for its session";
    });
    ++on.posted_sent;
}

void session_watch::crashed() {
    links_.clear();
    link_at_.clear();
    resumes_from_.clear();
    link_of_key_.clear();
    live_.clear();
}

} // namespace fenliu::simulation
