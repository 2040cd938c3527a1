#include "actors/hosted_actor.hpp"

#include "actors/lane.hpp"

namespace fenliu::actors {
namespace {

/// Takes the content as the first alternative that matches; false if none does.
template <class... Ts>
bool take(std::variant<Ts...>*, const caf::type_erased_tuple& content, hosted_actor& self) {
    const auto take_as = [&]<class T>(const T*) {
        if (!content.match_elements<T>()) return false;
        self.handle(T{content.get_as<T>(0)});
        return true;
    };
    return (take_as(static_cast<const Ts*>(nullptr)) || ...);
}

} // namespace

hosted_actor::hosted_actor(caf::actor_config& config, lane& host)
    : caf::monitorable_actor(config)
    , lane_{host} {}

void hosted_actor::enqueue(caf::mailbox_element_ptr what, caf::execution_unit* context) {
    auto mail = hosted_mail{caf::strong_actor_ptr{ctrl()}, std::shared_ptr<caf::mailbox_element>{std::move(what)}};
    lane_.ctrl()->enqueue(nullptr, caf::make_message_id(), caf::make_message(std::move(mail)), context);
}

void hosted_actor::handle_mail(caf::mailbox_element& mail) {
    if (mail.content().match_elements<caf::exit_msg>()) {
        lane_.quit(mail.content().get_as<caf::exit_msg>(0).reason);
        return;
    }
    if (!take(static_cast<hosted_message*>(nullptr), mail.content(), *this)) {
        caf::mailbox_element_ptr unexpected; // nothing to answer unless it was a request
        handle_system_message(mail, lane_.context(), true);
    }
}

void hosted_actor::retire() { cleanup(caf::exit_reason::normal, lane_.context()); }

} // namespace fenliu::actors
