#include "verdict.hpp"

#include <array>

namespace fenliu::simulation {
namespace {

constexpr std::array words{
    "the simulation itself goes on",
    "each acked message is in history exactly once, each unacked one at most once",
    "a conversation's lines are numbered 1 to n without gap, reuse or reorder, across restarts",
    "a sender's accepted messages keep the order in which they were sent",
    "the same msg_id with another payload is ID_REUSED and nothing is written",
    "a duplicate returns the original seq and triggers nothing",
    "a conversation is in exactly one state, a waiting one at exactly one position",
    "at most one owner; the epoch rises with every change of owner",
    "no accepted command carries an old epoch",
    "only the owner speaks, closes and forwards",
    "a forward is one record, with one owner before and after",
    "an agent's live load is its open assignments",
    "load stays within the cap, except for the named reasons",
    "who is suspended, offline or not participating gets no brand-new buyer, except for the named reasons",
    "suspending or lowering a cap drops no assignment",
    "the assignee belongs to the shop and to the required group",
    "no frame names another shop's data",
    "at most one priority prompt per buyer in 8 hours, journaled before it leaves",
    "no buyer waits while an eligible agent has room",
    "first in, first out within a class; nobody is overtaken by a newcomer",
    "a lost agent's conversations are held for the grace, then reassigned once, keeping their age",
    "acks never decrease or exceed what was sent; what is unacked is kept and replayed as it was",
    "one live session per agent account",
    "what is in flight stays within credit",
    "a rejected request leaves no record",
    "what is recovered equals what was journaled",
    "a timer fires at most once per entity and epoch, never early",
    "every privileged action has exactly one audit record",
    "after erasure no plaintext remains",
    "a stored decision gives the same outcome again",
    "after the last fault everything is resolved in bounded time",
};

} // namespace

const char* describe_invariant(int number) noexcept {
    return number >= 0 && static_cast<std::size_t>(number) < words.size() ? words[static_cast<std::size_t>(number)] : "";
}

} // namespace fenliu::simulation
