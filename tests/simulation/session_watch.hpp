// The wire as an eavesdropper sees it, session by session: acks, replays, credit, one session an account, and that everything the
// lanes released goes out once and in order (invariants 21, 22, 23). Session ids are random and take no part in the hash.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "event_hash.hpp"
#include "ground.hpp"
#include "network.hpp"
#include "protocol/codec.hpp"
#include "transport/outbound.hpp"

namespace fenliu::simulation {

class session_watch {
public:
    session_watch(ground& on, event_hash& hash)
        : on_{on}
        , hash_{hash} {}

    void link_opened(connection_id from, const transport::link_opened& news);
    void posted(const transport::outbound_batch& batch);
    void received(connection_id from, std::string_view frame);
    void sent(connection_id to, std::string_view frame);
    void crashed();

    std::function<void(const std::string&)> trace; ///< may be empty

private:
    struct watched_link {
        std::string account;               ///< of an agent
        connection_id at = 0;              ///< where it was welcomed last
        std::vector<std::uint64_t> data;   ///< what was ever sent, by number − 1
        std::vector<std::uint64_t> posted; ///< what lanes released for it, not yet sent
        std::size_t posted_sent = 0;
        std::uint64_t next = 0, acked = 0; ///< sent on this connection; acked by the client
        std::uint64_t received = 0, ack_sent = 0;
        std::uint32_t window = 0;
    };

    void tell(const char* what, connection_id at) const;
    void hash(std::string_view frame, const std::vector<protocol::message>& messages);
    void welcome(connection_id to, const protocol::welcome& message);
    void data(watched_link& on, const protocol::message& message);

    ground& on_;
    event_hash& hash_;
    protocol::decoder decoder_;
    std::vector<protocol::message> messages_;
    std::string encoded_;
    std::map<transport::link_id, watched_link> links_;
    std::map<connection_id, transport::link_id> link_at_; ///< whose hello was taken there
    std::map<connection_id, std::uint64_t> resumes_from_; ///< what that hello said it has
    std::map<std::string, transport::link_id> link_of_key_;
    std::map<std::string, transport::link_id> live_; ///< by account, the one welcomed last
};

} // namespace fenliu::simulation
