// One shop as its lane holds it: the directory of buyers, the open conversations, the accounts, the policy in force. Owned by
// the lane; only actors of the same lane touch it. Buyers without an open conversation are plain records here, not actors.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "actors/hosted_actor.hpp"
#include "protocol/text_hash.hpp"
#include "routing/buyer.hpp"
#include "routing/compiled_policy.hpp"
#include "routing/policy_version.hpp"
#include "routing/reason.hpp"
#include "routing/shop_rating.hpp"
#include "transport/link.hpp"

namespace fenliu::actors {

class agent;
class buyer_session;
class dispatcher;

/// A line among all lines of a buyer: conversations are numbered in the order of time.
struct line_place {
    routing::conversation_number number = 0;
    std::uint64_t seq = 0;
    auto operator<=>(const line_place&) const = default;
};

/// A frontend session that gets what concerns a buyer.
struct follower {
    transport::link_id link = 0;
    line_place since; ///< it has been sent, or will be, every reply above this
};

/// A buyer known to the shop.
struct buyer_entry {
    routing::buyer facts;
    routing::timestamp_ms prompted_steady = 0; ///< when the last prompt was sent, if there was one, by the lane's steady clock
    buyer_session* current = nullptr;          ///< the open conversation
    std::vector<buyer_session*> past;          ///< closed ones still held for dedupe and history, oldest first
    std::vector<follower> followers;           ///< at most limits::buyer_links, newest last
    std::weak_ptr<const void> joining;         ///< alive while lines of the archive are read, to be joined with those held

    /// Held by whoever joins.
    [[nodiscard]] std::shared_ptr<const void> join_lines() {
        auto held = joining.lock();
        if (!held) joining = held = std::make_shared<char>();
        return held;
    }
};

/// Counts since start, for `stats`.
struct shop_figures {
    std::uint64_t published = 0, delivered = 0, said = 0, duplicates = 0, rejected = 0;
    std::map<routing::reason, std::uint64_t> assigned;
};

struct shop {
    std::string name;
    std::shared_ptr<const routing::compiled_policy> policy; ///< in force; replaced whole between two messages
    std::vector<routing::policy_version> versions;          ///< of the policy, by number; the last is in force
    routing::shop_rating rating;
    std::uint64_t seed = 0; ///< of chance in its decisions
    hosted<actors::dispatcher> dispatcher;
    std::map<std::string, hosted<agent>, std::less<>> agents;
    std::unordered_map<std::string, buyer_entry, protocol::text_hash, std::equal_to<>> buyers;
    std::unordered_map<routing::conversation_number, hosted<buyer_session>> conversations;
    std::uint64_t feed_count = 0;
    shop_figures figures;

    [[nodiscard]] const routing::policy_version& version() const {
        static const routing::policy_version none;
        return versions.empty() ? none : versions.back();
    }
};

} // namespace fenliu::actors
