// A CAF actor without a mailbox of its own: what is sent to it is handled by its lane, one message at a time. It has a handle
// like any actor (send, monitor, link) but costs a tenth of an event-based one, and its messages from the same lane pass by a
// local queue without an atomic. Owned by its shop, runs on its lane's thread; `enqueue` may be called from any thread.
#pragma once

#include <caf/all.hpp>

#include "actors/messages.hpp"

namespace fenliu::actors {

class lane;

class hosted_actor : public caf::monitorable_actor {
public:
    hosted_actor(caf::actor_config& config, lane& host);

    /// Mail from outside the lane: forwarded to it.
    void enqueue(caf::mailbox_element_ptr what, caf::execution_unit* context) final;

    /// One message, on the lane's thread. A type that isn't this actor's is a programmer's error (assert) and ignored.
    virtual void handle(hosted_message&& message) = 0;

    /// Mail from outside, on the lane's thread: monitors and links by CAF, `hosted_message` types to `handle`. An exit message
    /// ends the lane, and so the process: state that others rely on can't be taken out of a running shop.
    void handle_mail(caf::mailbox_element& mail);

    /// Ends the actor for those who monitor it; its owner drops it afterwards.
    void retire();

protected:
    lane& lane_;
};

/// A hosted actor and what keeps it alive.
template <class Actor>
class hosted {
public:
    hosted() = default;
    explicit hosted(caf::strong_actor_ptr handle)
        : handle_{std::move(handle)}
        , actor_{static_cast<Actor*>(caf::actor_cast<caf::abstract_actor*>(handle_))} {}
    [[nodiscard]] Actor* get() const noexcept { return actor_; }
    Actor* operator->() const noexcept { return actor_; }
    /// For others to send to, monitor, link to.
    [[nodiscard]] const caf::strong_actor_ptr& handle() const noexcept { return handle_; }

private:
    caf::strong_actor_ptr handle_;
    Actor* actor_ = nullptr;
};

/// Makes a hosted actor of type Actor.
template <class Actor, class... Args>
[[nodiscard]] hosted<Actor> spawn_hosted(caf::actor_system& system, Args&&... args) {
    caf::actor_config config;
    return hosted<Actor>{caf::make_actor<Actor, caf::strong_actor_ptr>(system.next_actor_id(), system.node(), &system, config,
                                                                       std::forward<Args>(args)...)};
}

} // namespace fenliu::actors
