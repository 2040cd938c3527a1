#include "transport/session_table.hpp"

#include <cassert>
#include <utility>

namespace fenliu::transport {

namespace {

/// Bits of a link that are the slot: 16 million sessions at a time, a trillion over a run.
constexpr unsigned slot_bits = 24;
constexpr link_id slot_mask = (link_id{1} << slot_bits) - 1;

} // namespace

session& session_table::add(std::shared_ptr<const identity> who, std::string token, const session_terms& terms, instant now) {
    if (free_.empty()) {
        free_.push_back(static_cast<std::uint32_t>(slots_.size()));
        slots_.emplace_back();
        assert(slots_.size() <= slot_mask);
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    const link_id link = ++made_ << slot_bits | slot;
    slots_[slot] = std::make_unique<session>(link, session_key::random(), std::move(who), std::move(token), terms, now);
    session& made = *slots_[slot];
    by_key_.emplace(made.key(), &made);
    count(made);
    return made;
}

void session_table::bind(session& of, connection_id connection) {
    unbind(of);
    by_connection_[connection] = &of;
}

void session_table::unbind(const session& of) noexcept {
    if (of.connection() != 0) by_connection_.erase(of.connection());
}

void session_table::retire(const session& of) {
    unbind(of);
    if (by_key_.erase(of.key()) != 0) discount(of);
    if (of_agent(of.who()->account) == &of) agents_.erase(of.who()->account);
}

void session_table::count(const session& of) {
    const identity& who = *of.who();
    ++changes_;
    if (!who.key.empty()) by_client_.emplace(who.key, &of);
    if (!who.token_id.empty()) ++by_token_[who.token_id];
    if (!who.address.empty()) ++by_address_[who.address];
}

void session_table::discount(const session& of) {
    const identity& who = *of.who();
    ++changes_;
    const auto [from, to] = by_client_.equal_range(who.key);
    for (auto each = from; each != to; ++each)
        if (each->second == &of) {
            by_client_.erase(each);
            break;
        }
    const auto less = [](counts& all, const std::string& key) {
        const auto found = all.find(key);
        if (found != all.end() && --found->second == 0) all.erase(found);
    };
    less(by_token_, who.token_id);
    less(by_address_, who.address);
}

std::size_t session_table::of_token(const std::string& token_id) const noexcept {
    const auto found = by_token_.find(token_id);
    return found == by_token_.end() ? 0 : found->second;
}

std::size_t session_table::of_address(const std::string& address) const noexcept {
    const auto found = by_address_.find(address);
    return found == by_address_.end() ? 0 : found->second;
}

void session_table::erase(session& of) noexcept {
    const auto slot = static_cast<std::uint32_t>(of.link() & slot_mask);
    slots_[slot].reset();
    free_.push_back(slot);
}

session* session_table::find(link_id link) noexcept {
    const link_id slot = link & slot_mask;
    if (slot >= slots_.size() || !slots_[slot] || slots_[slot]->link() != link) return nullptr;
    return slots_[slot].get();
}

session* session_table::at(connection_id connection) const noexcept {
    const auto found = by_connection_.find(connection);
    return found == by_connection_.end() ? nullptr : found->second;
}

session* session_table::of_key(const session_key& key) const noexcept {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : found->second;
}

session* session_table::of_agent(std::string_view account) const noexcept {
    const auto found = agents_.find(account);
    return found == agents_.end() ? nullptr : found->second;
}

void session_table::set_agent(session& of) { agents_[of.who()->account] = &of; }

} // namespace fenliu::transport
