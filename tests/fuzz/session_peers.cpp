#include "session_peers.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "protocol/limits.hpp"
#include "require.hpp"

namespace fenliu::fuzz {

using transport::connection_id;
using transport::link_id;
using transport::sent;

namespace {

std::string encoded(const protocol::message& message) {
    std::string bytes;
    protocol::encode(bytes, message);
    return bytes;
}

/// `link:counter:` at the beginning of what a lane sent.
struct mark {
    link_id link = 0;
    std::uint64_t counter = 0;
};
mark mark_of(std::string_view detail) {
    mark read;
    const char* end = detail.data() + detail.size();
    const auto link = std::from_chars(detail.data(), end, read.link);
    require(link.ec == std::errc() && link.ptr != end, "what a lane sent arrives as it was");
    const auto counter = std::from_chars(link.ptr + 1, end, read.counter);
    require(counter.ec == std::errc(), "what a lane sent arrives as it was");
    return read;
}

/// An agent's account tells its shop, whether the hello names it or not; only agents have accounts.
claim claim_of(const protocol::hello& hello) {
    const bool agent = hello.role == protocol::role::agent;
    return {hello.role, std::string(hello.token), std::string(agent ? "" : hello.shop), std::string(agent ? hello.account : "")};
}

} // namespace

session_peers::session_peers(std::uint32_t window, session_lanes& lanes)
    : window_(window)
    , lanes_(lanes) {
    lanes_.on_change = [this](link_id link, link_book::phase to) { on_change(link, to); };
}

session_book* session_peers::session_at(connection_id connection) {
    const auto found = sessions_.find(connections_[connection].session);
    return found == sessions_.end() ? nullptr : &found->second;
}

sent session_peers::send(connection_id connection, std::string_view frame) noexcept {
    require(connections_.contains(connection), "the broker sends to connections that were made");
    connection_book& to = connections_[connection];
    if (to.gone) {
        to.session.clear();
        return sent::gone;
    }
    if (to.busy) return sent::busy;
    require(frame.size() <= limits::frame_bytes, "a frame is within its bound");
    std::vector<protocol::message> messages;
    require(decoder_.decode(frame, messages).whole, "what the broker sends can be read");
    for (const auto& message : messages)
        read(to, message);
    return sent::yes;
}

void session_peers::set_serving(connection_id connection, bool serving) noexcept {
    require(connections_.contains(connection), "only connections that were made are watched");
    require(!serving || speaking_ == connection, "a session is taken up by its own connection's frame");
}

void session_peers::cut(connection_id connection) noexcept {
    require(connection != 0, "there is a connection to cut");
    connection_book& of = connections_[connection];
    of.session.clear();
    if (!std::exchange(of.cut, true)) cuts_.push_back(connection);
}

std::vector<connection_id> session_peers::take_cuts() { return std::exchange(cuts_, {}); }

void session_peers::drop(connection_id connection) { connections_.erase(connection); }

void session_peers::on_change(link_id link, link_book::phase to) {
    if (to == link_book::phase::open) return;
    for (auto& [key, book] : sessions_) {
        if (book.link != link) continue;
        if (to == link_book::phase::closed) book.over = true;
        for (auto& [id, connection] : connections_)
            if (connection.session == key) connection.session.clear();
    }
}

void session_peers::says(connection_id connection, std::string_view frame) {
    speaking_ = connection;
    connection_book& from = connections_[connection];
    std::vector<protocol::message> messages;
    static_cast<void>(decoder_.decode(frame, messages));
    for (const auto& message : messages) {
        if (const auto* hello = std::get_if<protocol::hello>(&message)) {
            greet(from, *hello);
            if (messages.size() > 1) from.early = true;
        } else {
            // After a hello, whose session it is for is not known here before the welcome.
            if (from.session.empty() || !from.hellos.empty()) from.early = true;
            if (!from.session.empty()) count(from, message);
        }
    }
    // What it says early may be taken without its welcome ever reaching it: nobody knows any more what its session took.
    for (const auto& each : from.hellos)
        if (from.early && each.fits) sessions_.at(each.resumes).exact = false;
}

void session_peers::greet(connection_book& from, const protocol::hello& hello) {
    hello_book said{claim_of(hello), std::string(hello.resume_session), hello.resume_rx};
    if (const auto found = sessions_.find(said.resumes); found != sessions_.end()) {
        const session_book& named = found->second;
        // A blind peer keeps no log: where it is nobody can say.
        const bool sent = said.rx <= named.log.size() || named.blind;
        said.fits = sent && std::ranges::find(named.said, said.who) != named.said.end();
    }
    from.hellos.push_back(std::move(said));
}

void session_peers::count(connection_book& from, const protocol::message& message) {
    session_book& book = sessions_.at(from.session);
    if (const auto* ack = std::get_if<protocol::ack>(&message)) {
        if (ack->rx <= book.log.size()) book.acked = std::max(book.acked, ack->rx);
    } else if (const auto* credit = std::get_if<protocol::credit>(&message)) {
        book.window = credit->window;
        book.window_most = std::max(book.window_most, credit->window);
    } else if (protocol::is_data(message)) {
        ++book.counted;
        std::string_view ref = protocol::ref_of(message).value_or("");
        if (const auto* bad = std::get_if<protocol::rejected>(&message)) ref = bad->ref.value_or("");
        if (!ref.empty()) ++book.unanswered[std::string(ref)];
    }
}

void session_peers::said(connection_id connection) {
    speaking_.reset();
    connection_book& of = connections_[connection];
    for (const link_id link : lanes_.take_opened())
        of.link = link;
    if (session_book* const book = session_at(connection); book != nullptr && book->link == 0) book->link = of.link;
}

std::optional<std::uint64_t> session_peers::oldest_pending(const session_book& of) const {
    const auto found = lanes_.links().find(of.link);
    if (found == lanes_.links().end() || found->second.pending.empty()) return std::nullopt;
    return *found->second.pending.begin();
}

void session_peers::turned() {
    for (auto& [key, book] : sessions_)
        book.window_most = book.window;
}

void session_peers::read(connection_book& from, const protocol::message& message) {
    if (const auto* welcome = std::get_if<protocol::welcome>(&message)) {
        welcomed(from, *welcome);
        return;
    }
    if (std::holds_alternative<protocol::bye>(message)) {
        // Whether the session is over, too, the lanes know: it may have gone on to another connection.
        from.session.clear();
        return;
    }
    if (protocol::is_data(message)) {
        answered(from, message);
        return;
    }
    if (const auto* ack = std::get_if<protocol::ack>(&message)) {
        require(!from.session.empty(), "an ack belongs to a session");
        session_book& book = sessions_.at(from.session);
        require(ack->rx > book.broker_ack, "an ack says something new");
        require(!book.exact || ack->rx <= book.counted, "an ack is about what was sent");
        book.broker_ack = ack->rx;
        const auto pending = oldest_pending(book);
        require(!pending || ack->rx < *pending, "an ack waits for what is being processed");
        return;
    }
    const bool plain = std::holds_alternative<protocol::heartbeat>(message) || std::holds_alternative<protocol::error>(message);
    require(plain, "the broker sends what a broker sends");
}

void session_peers::welcomed(connection_book& from, const protocol::welcome& message) {
    const std::string key(message.session);
    require(!from.hellos.empty(), "who says no hello is not welcomed");
    if (message.resumed) {
        require(sessions_.contains(key), "what is resumed was there");
        resumed(from, sessions_.at(key), key, message.rx);
    } else {
        require(message.rx == 0 && !sessions_.contains(key), "a new session begins at 0 under a name of its own");
        // While its connection speaks, the lanes have not heard of it.
        sessions_[key].link = speaking_ && &connections_[*speaking_] == &from ? 0 : from.link;
        for (const auto& each : from.hellos)
            sessions_[key].said.push_back(each.who);
        from.received = 0;
    }
    session_book& book = sessions_.at(key);
    require(message.window == window_, "the welcome tells the window");
    book.window = book.window_most = window_;
    if (std::exchange(from.early, false)) book.exact = false;
    from.session = key;
    from.hellos.clear();
}

void session_peers::resumed(connection_book& from, session_book& book, const std::string& key, std::uint64_t rx) {
    require(!book.over, "what is over is not resumed");
    require(rx >= book.broker_ack, "rx never decreases");
    const auto pending = oldest_pending(book);
    require(!pending || rx < *pending, "a welcome counts what was processed");
    std::set<std::uint64_t> places;
    for (const auto& each : from.hellos)
        if (each.resumes == key && each.fits) places.insert(each.rx);
    require(!places.empty(), "a session is resumed by its own peer, from where that is");
    if (places.size() > 1) book.blind = true;
    for (auto& [id, other] : connections_)
        if (other.session == key) other.session.clear();
    // What was sent meanwhile on the old connection was not taken.
    if (book.counted != rx) book.exact = false;
    book.counted = book.broker_ack = rx;
    book.acked = from.received = *places.begin();
}

void session_peers::answered(connection_book& from, const protocol::message& message) {
    require(!from.session.empty(), "data belongs to a session");
    session_book& book = sessions_.at(from.session);
    if (book.blind) return;
    const std::string bytes = encoded(message);
    const std::uint64_t number = ++from.received;
    if (number <= book.log.size()) {
        require(book.log[number - 1] == bytes, "a replay is the same, from where the peer is");
        return;
    }
    require(number == book.log.size() + 1, "numbers have no gaps");
    require(!book.exact || number <= book.acked + book.window_most, "the peer's credit is kept");
    book.log.push_back(bytes);
    if (const auto* result = std::get_if<protocol::result>(&message); result != nullptr && book.link != 0)
        require(mark_of(result->detail).link == book.link, "what is another's goes to nobody else");
    const auto* error = std::get_if<protocol::error>(&message);
    const std::string_view ref = error != nullptr ? error->ref.value_or("") : protocol::ref_of(message).value_or("");
    const auto asked = book.unanswered.find(std::string(ref));
    if (asked != book.unanswered.end() && --asked->second == 0) book.unanswered.erase(asked);
}

void session_peers::check_settled(const std::map<link_id, link_book>& links) const {
    for (const auto& [id, connection] : connections_) {
        if (connection.session.empty()) continue;
        const session_book& book = sessions_.at(connection.session);
        if (book.over || book.blind) continue;
        protocol::decoder reader;
        std::uint64_t sends = 0;
        for (const auto& bytes : book.log) {
            std::vector<protocol::message> read;
            require(reader.decode(bytes, read).whole && read.size() == 1, "what was kept can be read");
            const auto* result = std::get_if<protocol::result>(&read[0]);
            if (result == nullptr) continue;
            require(mark_of(result->detail).counter == ++sends, "what a lane sent arrives in order, once");
        }
        require(sends == links.at(book.link).sends, "everything that a lane sent arrives");
        if (!book.exact) continue;
        require(book.broker_ack == book.counted, "everything that was sent is acked");
        require(book.unanswered.empty(), "everything that has a ref is answered once");
    }
}

} // namespace fenliu::fuzz
