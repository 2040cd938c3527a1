// The error codes of the wire contract, one table of names and texts. Errors are values everywhere in fenliu; a library's
// exception is caught where that library is used and becomes one of these.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fenliu::protocol {

enum class errc : std::uint8_t {
    ok,
    malformed,
    unsupported_version,
    unauthenticated,
    forbidden,
    not_found,
    reject_account,
    id_reused,
    stale_epoch,
    session_not_found,
    superseded,
    credit_exceeded,
    rate_limited,
    overloaded,
    too_large,
    expired,
    forward_rejected,
    storage_failed,
    wrong_node,
    draining,
    internal,
};

/// The name on the wire, e.g. `STALE_EPOCH`; `OK` for ok.
[[nodiscard]] std::string_view name(errc code) noexcept;
/// The code of a wire name, or nothing for a name this version doesn't know.
[[nodiscard]] std::optional<errc> errc_of(std::string_view name) noexcept;
/// One English sentence for people, used where an error has no text of its own.
[[nodiscard]] std::string_view describe(errc code) noexcept;
/// Whether the same message may succeed when it is sent again later.
[[nodiscard]] bool retryable(errc code) noexcept;

/// A failed step: what went wrong and a text that names the place and the remedy.
struct failure {
    errc code = errc::internal;
    std::string text;
};

} // namespace fenliu::protocol
