// The running broker behind its socket: actor system, lanes, the bridges to transport and storage. Made and owned by fenliud;
// the functions are called from its main thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "actors/policy_language.hpp"
#include "protocol/error.hpp"
#include "routing/policy.hpp"
#include "storage/store.hpp"
#include "transport/broker_socket.hpp"

namespace fenliu::actors {

struct broker_options {
    unsigned lanes = 0;       ///< worker lanes; 0: cores − 1, at least 1
    bool auto_create = true;  ///< shops and accounts not known are made on first use; else NOT_FOUND
    routing::policy defaults; ///< policy of shops that no configuration names
    std::vector<routing::shop_settings> shops;
    policy_language language; ///< without it policies can't be put and are kept without their texts
    transport::socket_options socket;
    std::string version;
    /// For the operator's log, on any thread; holds no message texts.
    std::function<void(const std::string&)> warn;
    /// Called once, on any thread, when the process must end (storage error, a lane that died); exit status 1.
    std::function<void(const protocol::failure&)> failed;
};

class broker {
public:
    /// Rebuilds everything from the store, then binds. The store is started and owned from here on.
    [[nodiscard]] static std::variant<std::unique_ptr<broker>, protocol::failure> start(broker_options options,
                                                                                        std::unique_ptr<storage::store> store);
    virtual ~broker() = default;

    /// Puts new shops' settings and defaults in force between two messages (SIGHUP); tokens too. After a failure everything is as
    /// it was.
    [[nodiscard]] virtual std::optional<protocol::failure> reload(const broker_options& options) = 0;
    /// Answers new work DRAINING, finishes what is in flight, says bye, archives, stops every thread. Idempotent.
    virtual void stop() = 0;

    [[nodiscard]] virtual std::vector<std::string> bus_endpoints() const = 0;
    [[nodiscard]] virtual std::vector<std::string> feed_endpoints() const = 0;
    /// Shops, buyers, open conversations and journal records that start-up rebuilt.
    struct start_figures {
        std::size_t shops = 0, buyers = 0, open_conversations = 0;
        std::uint64_t replayed = 0;
        double seconds = 0;
    };
    [[nodiscard]] virtual start_figures started() const = 0;
};

} // namespace fenliu::actors
