#include "transport/doorkeeper.hpp"

#include <array>
#include <string>

#include "transport/counted_address.hpp"
#include "transport/remote.hpp"

namespace fenliu::transport {

namespace {

constexpr const char* place = "inproc://zeromq.zap.01";
constexpr std::string_view version = "1.0";

// The parts of a request.
constexpr std::size_t of_version = 0, of_request_id = 1, of_domain = 2, of_address = 3, of_mechanism = 5, of_credentials = 6;
constexpr std::size_t parts_in_clear = 6, parts_encrypted = 7;
/// A request of more parts than any mechanism has is read to its end, but not kept.
constexpr std::size_t parts_most = 8;

constexpr std::size_t key_bytes = 32, key_characters = 40;

std::string z85_of(const zmq::message_t& key) {
    std::array<char, key_characters + 1> text{};
    zmq_z85_encode(text.data(), key.data<std::uint8_t>(), key.size());
    return text.data();
}

} // namespace

doorkeeper::doorkeeper(zmq::context_t& context, const security_options& security)
    : asked_(context, zmq::socket_type::rep)
    , knocks_(security.handshakes_per_s, limits::handshakes_saved_s, limits::counted_addresses)
    , insecure_(security.insecure) {
    asked_.set(zmq::sockopt::linger, 0);
    asked_.set(zmq::sockopt::rcvhwm, 0); // libzmq asks once for each connection, and has to get its answer
    asked_.set(zmq::sockopt::sndhwm, 0);
    asked_.bind(place);
}

void doorkeeper::read(const std::function<bool(std::string_view key)>& may_follow, instant now) {
    zmq::message_t part;
    while (asked_.recv(part, zmq::recv_flags::dontwait)) {
        parts_.clear();
        bool more = part.more();
        parts_.push_back(std::move(part));
        while (more && asked_.recv(part, zmq::recv_flags::dontwait)) {
            more = part.more();
            if (parts_.size() < parts_most) parts_.push_back(std::move(part));
        }
        const verdict given = judge(parts_, may_follow, now);
        if (given.code[0] != '2') ++refused_;
        answer(parts_, given);
    }
}

doorkeeper::verdict doorkeeper::judge(const std::vector<zmq::message_t>& request,
                                      const std::function<bool(std::string_view key)>& may_follow, instant now) {
    if (request.size() < parts_in_clear || request[of_version].to_string_view() != version)
        return {"500", "not a request of ZAP 1.0", {}};
    remote peer;
    peer.address = request[of_address].to_string();
    const std::string_view domain = request[of_domain].to_string_view();
    const std::string_view mechanism = request[of_mechanism].to_string_view();
    if (domain != bus_domain && domain != feed_domain) return {"400", "an unknown domain", {}};
    if (mechanism == "CURVE" && request.size() == parts_encrypted && request[of_credentials].size() == key_bytes)
        peer.key = z85_of(request[of_credentials]);
    else if (mechanism != "NULL" || request.size() != parts_in_clear)
        return {"400", "a mechanism that is not spoken here", {}};
    if (peer.key.empty() && !peer.near() && !insecure_) return {"400", "not in clear", {}};
    if (peer.counted() && knocks_.take(counted_address(peer.address), now)) return {"300", "too often", {}};
    if (domain == feed_domain && !peer.key.empty() && !may_follow(peer.key))
        return {"400", "a session on the bus that may read the feed comes first", {}};
    return {"200", "", peer.key};
}

void doorkeeper::answer(const std::vector<zmq::message_t>& request, const verdict& given) {
    const auto id = request.size() > of_request_id ? request[of_request_id].to_string_view() : std::string_view{};
    const std::array<std::string_view, 6> parts{version, id, given.code, given.text, given.user_id, {}};
    for (std::size_t index = 0; index < parts.size(); ++index) {
        const auto flags = index + 1 < parts.size() ? ZMQ_SNDMORE | ZMQ_DONTWAIT : ZMQ_DONTWAIT;
        // Who asked may be gone by now.
        if (zmq_send(asked_.handle(), parts[index].data(), parts[index].size(), flags) < 0) return;
    }
}

} // namespace fenliu::transport
