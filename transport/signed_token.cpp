#include "transport/signed_token.hpp"

#include <array>
#include <cassert>
#include <optional>
#include <utility>

#include <sodium.h>

#include "protocol/limits.hpp"
#include "transport/keys.hpp"

namespace fenliu::transport {

namespace {

using protocol::errc;
using protocol::failure;

constexpr std::string_view prefix = "fl1.";
constexpr int variant_used = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

using signature_bytes = std::array<unsigned char, crypto_sign_BYTES>;

const unsigned char* bytes_of(std::string_view text) noexcept { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string base64_of(const unsigned char* bytes, std::size_t size) {
    std::string text(sodium_base64_encoded_len(size, variant_used), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes, size, variant_used);
    text.pop_back(); // its closing zero
    return text;
}

/// Exactly the bytes of a canonical text: libsodium takes no bits that no byte has.
std::optional<std::string> from_base64(std::string_view text) {
    std::string bytes(text.size(), '\0');
    std::size_t size = 0;
    if (text.empty() || !is_base64url(text) ||
        sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(), nullptr, &size,
                          nullptr, variant_used) != 0)
        return std::nullopt;
    bytes.resize(size);
    return bytes;
}

/// libsodium chooses the fastest code of the machine when it is told to begin; without it the slower one runs.
void begin() { [[maybe_unused]] static const int begun = sodium_init(); }

failure unknown() { return {errc::unauthenticated, "the token is none that this broker's issuer signed"}; }

} // namespace

bool is_signed_token(std::string_view text) noexcept { return text.starts_with(prefix); }

std::string sign(const protocol::token_claims& claims, std::string_view issuer_secret) {
    begin();
    assert(!protocol::check(claims));
    const auto seed = issuer_bytes(issuer_secret);
    assert(seed);
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> open{};
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
    crypto_sign_seed_keypair(open.data(), secret.data(), seed->data());
    std::string payload;
    protocol::encode(payload, claims);
    std::string text = std::string(prefix) + base64_of(bytes_of(payload), payload.size());
    signature_bytes signature{};
    crypto_sign_detached(signature.data(), nullptr, bytes_of(text), text.size(), secret.data());
    sodium_memzero(secret.data(), secret.size());
    return text + "." + base64_of(signature.data(), signature.size());
}

std::variant<protocol::token_claims, failure> verify(std::string_view token, std::string_view issuer_public) {
    begin();
    const auto key = issuer_bytes(issuer_public);
    const auto dot = token.rfind('.');
    if (!key || token.size() > limits::token_bytes || !is_signed_token(token) || dot < prefix.size()) return unknown();
    const std::string_view signed_text = token.substr(0, dot);
    const auto signature = from_base64(token.substr(dot + 1));
    if (!signature || signature->size() != crypto_sign_BYTES) return unknown();
    if (crypto_sign_verify_detached(bytes_of(*signature), bytes_of(signed_text), signed_text.size(), key->data()) != 0)
        return unknown();
    // Signed by the issuer, so what is wrong from here on is the issuer's.
    const auto payload = from_base64(signed_text.substr(prefix.size()));
    if (!payload) return unknown();
    auto claims = protocol::decode_token_claims(*payload);
    if (auto* why = std::get_if<failure>(&claims)) return failure{errc::unauthenticated, std::move(why->text)};
    return std::move(std::get<protocol::token_claims>(claims));
}

} // namespace fenliu::transport
