#include "transport/curve.hpp"

#include <algorithm>
#include <cerrno>

#include "transport/keys.hpp"

namespace fenliu::transport {

namespace {

using protocol::errc;
using protocol::failure;

constexpr std::string_view tcp = "tcp://", ipc = "ipc://";

bool is_loopback_ip4(std::string_view host) noexcept {
    const bool dotted = std::all_of(host.begin(), host.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
    return dotted && host.starts_with("127.") && std::count(host.begin(), host.end(), '.') == 3;
}

std::string remedy_of(int fault) {
    switch (fault) {
    case EADDRINUSE:
        return "it is in use; stop what listens there or choose another";
    case EACCES:
        return "this user may not; choose a port from 1024 up or a directory that is writable";
    case EADDRNOTAVAIL:
    case ENODEV:
        return "this machine has no such address";
    case ENOENT:
        return "there is no such directory";
    case EINVAL:
    case EPROTONOSUPPORT:
        return "not an address; write tcp://127.0.0.1:5570 or ipc:///path";
    default:
        return zmq_strerror(fault);
    }
}

/// For the endpoints that are bound from now on.
void encrypt_next(zmq::socket_t& socket, const std::string& secret_key, bool yes) {
    socket.set(zmq::sockopt::curve_server, yes); // false: the mechanism is NULL
    if (yes) socket.set(zmq::sockopt::curve_secretkey, secret_key);
}

} // namespace

bool is_local(std::string_view endpoint) noexcept {
    if (endpoint.starts_with(ipc)) return true;
    if (!endpoint.starts_with(tcp)) return false;
    const auto host = endpoint.substr(tcp.size(), endpoint.rfind(':') - tcp.size());
    return host == "localhost" || host == "[::1]" || is_loopback_ip4(host);
}

std::optional<failure> bind_all(zmq::socket_t& socket, const std::vector<std::string>& endpoints,
                                const security_options& security, const char* domain, std::vector<std::string>& bound) {
    socket.set(zmq::sockopt::zap_domain, domain); // with a name clients in clear are asked about too
    for (const auto& endpoint : endpoints) {
        if (!endpoint.starts_with(tcp) && !endpoint.starts_with(ipc))
            return failure{errc::malformed, "cannot bind to " + endpoint + ": " + remedy_of(EINVAL)};
        const bool local = is_local(endpoint);
        const bool may = !security.curve_secret.empty() && endpoint.starts_with(tcp);
        const bool encrypted = may && (!local || security.encrypt_loopback);
        if (!local && !encrypted && !security.insecure)
            return failure{errc::forbidden,
                           "cannot bind to " + endpoint +
                               ": other machines reach it, and without the broker's secret key it would be in clear"};
        try {
            encrypt_next(socket, security.curve_secret, encrypted);
            socket.bind(endpoint);
            bound.push_back(socket.get(zmq::sockopt::last_endpoint));
        } catch (const zmq::error_t& fault) {
            return failure{errc::internal, "cannot bind to " + endpoint + ": " + remedy_of(fault.num())};
        }
    }
    return std::nullopt;
}

void encrypt_client(zmq::socket_t& socket, const std::string& server_key, const std::string& secret_key) {
    key_pair own{curve_public_of(secret_key), secret_key};
    if (secret_key.empty()) own = make_curve_pair();
    socket.set(zmq::sockopt::curve_serverkey, server_key);
    socket.set(zmq::sockopt::curve_publickey, own.public_key);
    socket.set(zmq::sockopt::curve_secretkey, own.secret_key);
}

} // namespace fenliu::transport
