// Whom libzmq lets in: the ZAP handler (RFC 27) that it asks about every connection to the bus and the feed, encrypted or not. It
// fails closed: whatever it does not expect is refused. Owned by the broker socket; ROUTER thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include <zmq.hpp>

#include "transport/broker_socket.hpp"
#include "transport/rate_table.hpp"

namespace fenliu::transport {

class doorkeeper {
public:
    static constexpr const char* bus_domain = "bus";
    static constexpr const char* feed_domain = "feed";

    /// Binds its place in the context, of which there is one: before the sockets it watches.
    doorkeeper(zmq::context_t& context, const security_options& security);

    /// Answers the connections that wait. `may_follow` says whether an encrypted client may connect to the feed.
    void read(const std::function<bool(std::string_view key)>& may_follow, instant now);
    void close() noexcept { asked_.close(); }
    [[nodiscard]] zmq::socket_t& socket() noexcept { return asked_; }
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

private:
    struct verdict {
        const char* code = "500";
        const char* text = "";
        std::string user_id; ///< its public key; empty: in clear
    };

    [[nodiscard]] verdict judge(const std::vector<zmq::message_t>& request,
                                const std::function<bool(std::string_view key)>& may_follow, instant now);
    void answer(const std::vector<zmq::message_t>& request, const verdict& given);

    zmq::socket_t asked_;
    rate_table knocks_; ///< by address
    bool insecure_;
    std::uint64_t refused_ = 0;
    std::vector<zmq::message_t> parts_;
};

} // namespace fenliu::transport
