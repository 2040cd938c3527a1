// Keys as text and in files: CURVE pairs (Z85), with which broker and clients know each other and encrypt, and the issuer's
// Ed25519 pair (base64url), with which tokens are signed and checked. Stateless; any thread. No failure's text holds a key.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "protocol/error.hpp"

namespace fenliu::transport {

enum class key_kind : std::uint8_t { curve_public, curve_secret, issuer_public, issuer_secret };

struct key_pair {
    std::string public_key, secret_key;
};
[[nodiscard]] key_pair make_curve_pair();
[[nodiscard]] key_pair make_issuer_pair();
/// The public half of a CURVE secret key.
[[nodiscard]] std::string curve_public_of(const std::string& secret_key);
/// Whether the text is a key of that kind by its form.
[[nodiscard]] bool is_key(key_kind kind, std::string_view text);
/// Whether it has letters of that alphabet alone. libsodium 1.0.18 takes bytes above 127 for some of them.
[[nodiscard]] bool is_base64url(std::string_view text) noexcept;
/// The 32 bytes of an issuer's key; nothing for a text that is none.
[[nodiscard]] std::optional<std::array<unsigned char, 32>> issuer_bytes(std::string_view text);

/// A file of one line, `fenliu-<kind> <key>`. Written for its owner alone (0600) and never over another: a file that is there is
/// a failure.
[[nodiscard]] std::optional<protocol::failure> write_key_file(const std::filesystem::path& path, key_kind kind,
                                                              std::string_view key);
/// The key of such a file. A failure names the file and the remedy: it can't be read, it holds another kind, or it holds a secret
/// that others than its owner may read.
[[nodiscard]] std::variant<std::string, protocol::failure> read_key_file(const std::filesystem::path& path, key_kind kind);

} // namespace fenliu::transport
