// The other end of a fuzzed session exchange: the wire, and what its peers may conclude from the frames that they get. Every
// frame is read back; acks, numbers, replays and credit are checked against what the peer itself sent.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "protocol/codec.hpp"
#include "session_lanes.hpp"
#include "transport/wire.hpp"

namespace fenliu::fuzz {

/// Who a peer says to be, as far as a session is resumed by it.
struct claim {
    protocol::role role = protocol::role::frontend;
    std::string token, shop, account;
    friend bool operator==(const claim&, const claim&) = default;
};

/// A hello that may still be welcomed.
struct hello_book {
    claim who;
    std::string resumes; ///< a session's name, or empty
    std::uint64_t rx = 0;
    bool fits = false; ///< the session that it named, when it was said
};

/// A session as its peer knows it.
struct session_book {
    transport::link_id link = 0;  ///< 0 until the lanes have heard of it
    std::vector<claim> said;      ///< who its peer said to be; it cannot know which of several hellos was taken
    std::vector<std::string> log; ///< the broker's data messages by number, from 1
    std::uint64_t broker_ack = 0; ///< the newest ack or welcome
    std::uint64_t counted = 0;    ///< data messages that this peer sent
    std::uint64_t acked = 0;      ///< by this peer
    std::uint32_t window = 0;     ///< the credit it gave, and the largest since the broker last sent
    std::uint32_t window_most = 0;
    std::map<std::string, int> unanswered; ///< by ref: messages sent less answers seen
    bool exact = true;                     ///< nothing was sent that the peer cannot know to have counted
    bool blind = false;                    ///< it said several hellos and cannot know which was taken
    bool over = false;
};

/// A connection as its peer knows it.
struct connection_book {
    bool busy = false, gone = false, cut = false;
    transport::link_id link = 0;    ///< of the last hello that was taken
    std::string session;            ///< welcomed and not ended
    std::uint64_t received = 0;     ///< number of the last data message on this connection
    std::vector<hello_book> hellos; ///< since the last welcome
    bool early = false;             ///< something besides a hello was sent without a session, or before a welcome
};

class session_peers final : public transport::wire {
public:
    session_peers(std::uint32_t window, session_lanes& lanes);

    [[nodiscard]] transport::sent send(transport::connection_id connection, std::string_view frame) noexcept override;
    void set_serving(transport::connection_id connection, bool serving) noexcept override;
    void cut(transport::connection_id connection) noexcept override;

    // The script's side.
    [[nodiscard]] connection_book& at(transport::connection_id connection) { return connections_[connection]; }
    /// The session that the connection has, or null.
    [[nodiscard]] session_book* session_at(transport::connection_id connection);
    /// This frame is about to be received from the connection.
    void says(transport::connection_id connection, std::string_view frame);
    /// It was received, and the lanes have heard of it.
    void said(transport::connection_id connection);
    /// The broker had its turn: a smaller credit holds from here on.
    void turned();
    /// The connection is at its end.
    void drop(transport::connection_id connection);
    [[nodiscard]] std::vector<transport::connection_id> take_cuts();

    [[nodiscard]] std::map<std::string, session_book>& sessions() noexcept { return sessions_; }
    /// Every session that stands has been sent everything and was answered.
    void check_settled(const std::map<transport::link_id, link_book>& links) const;

private:
    void read(connection_book& from, const protocol::message& message);
    void welcomed(connection_book& from, const protocol::welcome& message);
    void resumed(connection_book& from, session_book& book, const std::string& key, std::uint64_t rx);
    void answered(connection_book& from, const protocol::message& message);
    void greet(connection_book& from, const protocol::hello& hello);
    void count(connection_book& from, const protocol::message& message);
    /// The oldest message of the session that its lane has not processed.
    [[nodiscard]] std::optional<std::uint64_t> oldest_pending(const session_book& of) const;
    void on_change(transport::link_id link, link_book::phase to);

    std::uint32_t window_;
    session_lanes& lanes_;
    protocol::decoder decoder_;
    std::map<transport::connection_id, connection_book> connections_;
    std::map<std::string, session_book> sessions_;
    std::vector<transport::connection_id> cuts_;
    std::optional<transport::connection_id> speaking_;
};

} // namespace fenliu::fuzz
