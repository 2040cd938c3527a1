// The far end of a connection, as the connection itself proves it: its CURVE key and its address. Values and pure functions.
#pragma once

#include <string>
#include <string_view>

namespace fenliu::transport {

/// Names of what libzmq knows of a message's connection: what the doorkeeper calls the client, where it is, its descriptor.
inline constexpr const char *user_property = "User-Id", *address_property = "Peer-Address", *descriptor_property = "__fd";

struct remote {
    std::string key;     ///< CURVE public key (Z85); empty: in clear
    std::string address; ///< a number for tcp, e.g. `192.0.2.7`; for ipc empty, or `localhost:` and who it is

    /// It is on this machine.
    [[nodiscard]] bool near() const noexcept {
        constexpr std::string_view mapped = "::ffff:";
        std::string_view text = address;
        if (text.starts_with(mapped)) text.remove_prefix(mapped.size());
        return text.empty() || text.starts_with("127.") || text == "::1" || text.starts_with("localhost:");
    }
    /// Its handshakes and sessions are counted: everybody's but those of this machine in clear.
    [[nodiscard]] bool counted() const noexcept { return !near() || !key.empty(); }
};

} // namespace fenliu::transport
