// Every session of the broker, found by link, by connection, by session key and by agent account. Owned by the switchboard;
// ROUTER thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "protocol/text_hash.hpp"
#include "transport/session.hpp"

namespace fenliu::transport {

class session_table {
public:
    /// A new session in state `admitting`, not yet bound to a connection.
    [[nodiscard]] session& add(std::shared_ptr<const identity> who, std::string token, const session_terms& terms, instant now);
    /// Binds the session to a connection, instead of the one it had.
    void bind(session& of, connection_id connection);
    /// The connection is no longer the session's; call before the session forgets it.
    void unbind(const session& of) noexcept;
    /// The session is over: it can be found by its link alone.
    void retire(const session& of);
    /// Frees a retired session.
    void erase(session& of) noexcept;

    /// The session of a link, also a closed one; null for a link that is gone.
    [[nodiscard]] session* find(link_id link) noexcept;
    [[nodiscard]] session* at(connection_id connection) const noexcept;
    [[nodiscard]] session* of_key(const session_key& key) const noexcept;
    /// The admitted session of an agent's account.
    [[nodiscard]] session* of_agent(std::string_view account) const noexcept;
    void set_agent(session& of);

    /// Live sessions that were opened with this token, from this address.
    [[nodiscard]] std::size_t of_token(const std::string& token_id) const noexcept;
    [[nodiscard]] std::size_t of_address(const std::string& address) const noexcept;
    /// Live sessions of the client with this CURVE key.
    template <class Visit>
    void for_each_of_client(std::string_view key, Visit visit) const {
        const auto [from, to] = by_client_.equal_range(std::string(key));
        for (auto each = from; each != to; ++each)
            visit(*each->second);
    }
    /// Rises whenever a session is opened or over.
    [[nodiscard]] std::uint64_t changes() const noexcept { return changes_; }

    /// Sessions that are not retired.
    [[nodiscard]] std::size_t open() const noexcept { return by_key_.size(); }
    template <class Visit>
    void for_each(Visit visit) {
        for (auto& slot : slots_)
            if (slot && !slot->closed()) visit(*slot);
    }

private:
    using counts = std::unordered_map<std::string, std::size_t>;
    void count(const session& of);
    void discount(const session& of);

    // A link is its session's slot and, above, a number that rises with each session.
    std::vector<std::unique_ptr<session>> slots_;
    std::vector<std::uint32_t> free_;
    std::uint64_t made_ = 0;
    std::unordered_map<connection_id, session*> by_connection_;
    std::unordered_map<session_key, session*, session_key_hash> by_key_;
    std::unordered_map<std::string, session*, protocol::text_hash, std::equal_to<>> agents_;
    counts by_token_, by_address_; // of those in by_key_
    std::unordered_multimap<std::string, const session*> by_client_;
    std::uint64_t changes_ = 0;
};

} // namespace fenliu::transport
