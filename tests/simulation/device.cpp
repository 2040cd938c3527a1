#include "device.hpp"

#include <limits>

namespace fenliu::simulation {

device::device(std::size_t number, transport::client_options options, network& links, const virtual_time& time, chance& dice)
    : number_{number}
    , account_{options.account}
    , shop_{options.shop}
    , network_{links}
    , time_{time}
    , dice_{dice}
    , session_{std::move(options), events(), time.instant()} {}

transport::client_events device::events() {
    return {.on_message = [this](const protocol::message& message) { on_message(message); },
            .on_open =
                [this](bool resumed, bool first) {
                    sessions_without_memory += !resumed && !first;
                    on_open(resumed, first);
                },
            .on_lost = [] {},
            .seen = [this] { return seen(); }};
}

bool device::due(bool broker_up) {
    if (!alive()) return false;
    if (connection_ == 0) return broker_up;
    return network_.readable(connection_) || network_.ended_for_client(connection_) || session_.has_output(time_.instant()) ||
           session_.hello_due(time_.instant()) || time_.steady() >= wake_;
}

void device::turn(bool broker_up) {
    if (connection_ != 0) {
        const bool only_one = dice_.one_in(4);
        while (auto frame = network_.take_down(connection_)) {
            session_.receive(*frame, time_.instant());
            if (!session_.active()) return end(false);
            if (only_one) break;
        }
        if (network_.ended_for_client(connection_)) drop_link(!dice_.one_in(3));
    }
    if (session_.tick(time_.instant()) && connection_ != 0) drop_link(true);
    if (connection_ == 0 && broker_up) {
        connection_ = network_.connect(number_);
        if (std::exchange(noticed_, false)) session_.probe();
    }
    flush();
    const auto wake = session_.wake_at(time_.instant());
    wake_ = wake ? steady_ms(*wake) : std::numeric_limits<timestamp_ms>::max();
}

void device::flush() {
    std::string frame;
    while (connection_ != 0 && session_.compose(frame, time_.instant())) {
        network_.send_up(connection_, frame);
        session_.sent(time_.instant());
    }
}

void device::drop_link(bool noticed) {
    network_.leave(connection_);
    connection_ = 0;
    noticed_ = noticed;
    silent_reconnects += !noticed;
}

void device::end(bool politely) {
    if (politely && open()) {
        session_.say_bye();
        flush();
    }
    if (connection_ != 0) network_.leave(connection_);
    connection_ = 0;
    ended_ = true;
}

} // namespace fenliu::simulation
