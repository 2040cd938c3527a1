#include "protocol/error.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace fenliu::protocol {

namespace {

struct entry {
    std::string_view name;
    bool retryable;
    std::string_view text;
};

// In the order of errc.
constexpr std::array<entry, 21> table{{
    {"OK", false, "Done."},
    {"MALFORMED", false, "The message breaks the wire contract."},
    {"UNSUPPORTED_VERSION", false, "This protocol version or message kind is not spoken here."},
    {"UNAUTHENTICATED", false, "The token is missing or not known."},
    {"FORBIDDEN", false, "This role or account may not do that."},
    {"NOT_FOUND", false, "There is no such shop, account, buyer or conversation."},
    {"REJECT_ACCOUNT", false, "The account name breaks the naming rules."},
    {"ID_REUSED", false, "This msg_id was used before with another content."},
    {"STALE_EPOCH", false, "The conversation has changed owner since this epoch."},
    {"SESSION_NOT_FOUND", true, "There is no session on this connection; say hello first."},
    {"SUPERSEDED", false, "A newer session of the same account took over."},
    {"CREDIT_EXCEEDED", true, "More messages were sent than the window allows."},
    {"RATE_LIMITED", true, "The shop sends faster than its limit."},
    {"OVERLOADED", true, "The broker is at its limit; send again later."},
    {"TOO_LARGE", false, "A text is longer than allowed."},
    {"EXPIRED", false, "The conversation is closed."},
    {"FORWARD_REJECTED", false, "The conversation cannot be forwarded there."},
    {"STORAGE_FAILED", true, "The message could not be stored."},
    {"WRONG_NODE", true, "Another node owns this shop; connect to the endpoint in the text."},
    {"DRAINING", true, "The broker is shutting down and takes no new work."},
    {"INTERNAL", false, "The broker failed on this message; nothing was changed."},
}};
static_assert(table.size() == static_cast<std::size_t>(errc::internal) + 1);

const entry& entry_of(errc code) noexcept { return table[static_cast<std::size_t>(code)]; }

} // namespace

std::string_view name(errc code) noexcept { return entry_of(code).name; }

std::optional<errc> errc_of(std::string_view name) noexcept {
    const auto found = std::ranges::find(table, name, &entry::name);
    if (found == table.end()) return std::nullopt;
    return static_cast<errc>(found - table.begin());
}

std::string_view describe(errc code) noexcept { return entry_of(code).text; }

bool retryable(errc code) noexcept { return entry_of(code).retryable; }

} // namespace fenliu::protocol
