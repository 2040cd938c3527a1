// Which endpoints are encrypted, and how a socket is told (CURVE). Stateless; each socket's own thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <zmq.hpp>

#include "protocol/error.hpp"
#include "transport/broker_socket.hpp"

namespace fenliu::transport {

/// Whether only this machine reaches it: ipc, or tcp on 127.x.x.x, [::1] or localhost.
[[nodiscard]] bool is_local(std::string_view endpoint) noexcept;

/// Binds to each endpoint, encrypted where `security` says so, and appends where it is now reachable. Everybody who connects is
/// asked for at the doorkeeper, under the name `domain`. A failure names the endpoint and the remedy; an endpoint that other
/// machines reach in clear is one, unless `insecure`.
[[nodiscard]] std::optional<protocol::failure> bind_all(zmq::socket_t& socket, const std::vector<std::string>& endpoints,
                                                        const security_options& security, const char* domain,
                                                        std::vector<std::string>& bound);

/// Makes the socket speak to the broker with this public key alone, as the client with `secret_key`; without one as a client
/// nobody knows.
void encrypt_client(zmq::socket_t& socket, const std::string& server_key, const std::string& secret_key);

} // namespace fenliu::transport
