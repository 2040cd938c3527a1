// The page of messages: every actor of fenliu and everything it takes. Hosted actors (buyer_session, dispatcher, agent) take
// `hosted_message`s; from inside their lane these travel by the lane's local queue, from anywhere else as CAF messages of the
// same types. Lanes and control are ordinary CAF actors.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <caf/all.hpp>

#include "actors/configured_shops.hpp"
#include "routing/decision.hpp"
#include "storage/store.hpp"
#include "transport/link.hpp"

namespace fenliu::actors {

using routing::conversation_number;
using transport::link_id;

// --- dispatcher ------------------------------------------------------------------------------------------------------------

/// From a session: who answers this buyer, or may it go there (R8)? Answered by `awarded` or `placed`.
struct route_me {
    std::shared_ptr<routing::route_request> request;
    routing::question question = routing::question::message;
};
/// From a session: it waits no longer (closed, or its owner is known).
struct left_line {
    conversation_number number = 0;
};
/// From an agent: its live state, after every change.
struct agent_changed {
    routing::agent_report report;
};
/// From an agent: it took the conversation, load + 1.
struct reserved {
    conversation_number number = 0;
    routing::agent_report report;
    link_id link = 0;
};
/// From an agent: its live state doesn't fulfil the terms.
struct declined {
    conversation_number number = 0;
    routing::agent_report report;
};
/// From a session: the award stands, or doesn't (its buyer left).
struct settled {
    conversation_number number = 0;
    bool confirmed = false;
};
/// From the timers: tell waiting buyers their place.
struct tell_positions {};
/// From the timers: another minute of the shop's day, shifts may begin or end (R30).
struct shift_due {};

// --- agent -----------------------------------------------------------------------------------------------------------------

/// From the dispatcher: the live query of an award. Answered by `reserved` or `declined`.
struct reserve {
    conversation_number number = 0;
    routing::terms terms;
};
/// From a session: the reservation became an assignment.
struct confirm {
    conversation_number number = 0;
};
/// From a session: no longer (or never) this agent's; load − 1.
struct release_slot {
    conversation_number number = 0;
};
/// From the timers: the grace for a lost connection is over.
struct grace_over {
    std::uint64_t stamp = 0; ///< of the loss it was armed for
};

// --- buyer_session ---------------------------------------------------------------------------------------------------------

/// From the dispatcher: the chosen agent has reserved a slot. Answered by `settled`.
struct awarded {
    routing::verdict verdict;
    link_id link = 0;
    bool reachable = false; ///< the agent is online or held
    bool counted = false;
    double credit = 0, credit_clock = 0;
};
/// From the dispatcher: no award; the line, the pool, a wait, the same owner, or a rejected forward.
struct placed {
    routing::verdict verdict;
    std::uint8_t wait_class = 0;           ///< in the line or the pool
    std::uint32_t position = 0, eta_s = 0; ///< in the line; 0: not there
};
/// From the dispatcher: a slot may be there, ask again.
struct route_again {};
/// From the dispatcher: the place in the line.
struct place_in_line {
    std::uint32_t position = 0, eta_s = 0;
};
/// From the owner: a new session of its client; send what it owns.
struct owner_attached {
    link_id link = 0;
    std::uint64_t seen = 0; ///< highest seq its client has
    bool seen_given = false;
};
/// From the owner: its client's session is over; nothing can be sent.
struct owner_detached {};
/// From the owner: reachable again over the same session.
struct owner_back {};
/// From the owner: offline, or lost for longer than the grace. The conversation is routed anew.
struct owner_gone {};
/// To conversations: their owner's client has room again for what waits for it.
struct owner_roomy {};
/// From the timers.
struct silence_due {};
struct reply_due {};
struct direct_grace_due {};

using hosted_message =
    std::variant<route_me, left_line, agent_changed, reserved, declined, settled, tell_positions, reserve, confirm, release_slot,
                 grace_over, awarded, placed, route_again, place_in_line, owner_attached, owner_detached, owner_back, owner_gone,
                 owner_roomy, silence_due, reply_due, direct_grace_due, shift_due>;

// --- lane ------------------------------------------------------------------------------------------------------------------

/// From the broker, once the store accepts commits: rebuild what was recovered.
struct begin_work {};
/// From transport: what one drain of the socket brought for this lane. Taken once.
struct inbound {
    std::shared_ptr<transport::inbound_batch> batch;
};
/// From a hosted actor that was sent to from outside: its mail, to be handled in the lane.
struct hosted_mail {
    caf::strong_actor_ptr to;
    std::shared_ptr<caf::mailbox_element> element;
};
/// From itself: timers may be due.
struct tick {};
/// From storage: what the archive has by now.
struct archived {
    std::vector<storage::archived_conversation> conversations;
};
/// From storage's reader or control: go on with what was asked for, in the lane.
struct continuation {
    std::function<void(class lane&)> run;
};
/// From the broker: settings to put in force between two messages.
struct settings_changed {
    std::shared_ptr<const configured_shops> configured;
    bool auto_create = true;
};

// --- control ---------------------------------------------------------------------------------------------------------------

/// From transport: admin requests (kind 50).
struct admin_batch {
    std::shared_ptr<transport::inbound_batch> batch;
};
/// For the worker: something that takes long.
struct job {
    std::function<void()> run;
};
/// From a lane: an agent may ask for this. Taken once.
struct admitted_call {
    std::shared_ptr<struct admin_call> call;
};
/// From a lane: its part of an answer that concerns all lanes.
struct survey_part {
    std::uint64_t survey = 0;
    std::string json;
};

} // namespace fenliu::actors

#define FENLIU_MESSAGE(name) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fenliu::actors::name)
FENLIU_MESSAGE(route_me)
FENLIU_MESSAGE(left_line)
FENLIU_MESSAGE(agent_changed)
FENLIU_MESSAGE(reserved)
FENLIU_MESSAGE(declined)
FENLIU_MESSAGE(settled)
FENLIU_MESSAGE(tell_positions)
FENLIU_MESSAGE(reserve)
FENLIU_MESSAGE(confirm)
FENLIU_MESSAGE(release_slot)
FENLIU_MESSAGE(grace_over)
FENLIU_MESSAGE(awarded)
FENLIU_MESSAGE(placed)
FENLIU_MESSAGE(route_again)
FENLIU_MESSAGE(place_in_line)
FENLIU_MESSAGE(owner_attached)
FENLIU_MESSAGE(owner_detached)
FENLIU_MESSAGE(owner_back)
FENLIU_MESSAGE(owner_gone)
FENLIU_MESSAGE(owner_roomy)
FENLIU_MESSAGE(silence_due)
FENLIU_MESSAGE(reply_due)
FENLIU_MESSAGE(shift_due)
FENLIU_MESSAGE(direct_grace_due)
FENLIU_MESSAGE(begin_work)
FENLIU_MESSAGE(inbound)
FENLIU_MESSAGE(hosted_mail)
FENLIU_MESSAGE(tick)
FENLIU_MESSAGE(archived)
FENLIU_MESSAGE(continuation)
FENLIU_MESSAGE(settings_changed)
FENLIU_MESSAGE(admin_batch)
FENLIU_MESSAGE(survey_part)
FENLIU_MESSAGE(admitted_call)
FENLIU_MESSAGE(job)
#undef FENLIU_MESSAGE
