// The unguessable name of a session: 128 random bits, 32 hexadecimal digits on the wire. A value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fenliu::transport {

struct session_key {
    std::uint64_t high = 0, low = 0;

    friend bool operator==(const session_key&, const session_key&) = default;

    /// A new one, from the kernel's generator.
    [[nodiscard]] static session_key random();
    [[nodiscard]] static std::optional<session_key> parse(std::string_view text) noexcept;
    [[nodiscard]] std::string text() const;
};

struct session_key_hash {
    /// The bits are random: any of them do.
    [[nodiscard]] std::size_t operator()(const session_key& key) const noexcept { return static_cast<std::size_t>(key.low); }
};

} // namespace fenliu::transport
