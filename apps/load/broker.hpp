// fenliu as a target: frontends that publish to open conversations, agents that read them. Each agent is an account of one of the
// shops, named after the run, so that no run meets the conversations of another.
#pragma once

#include <string>

#include "apps/load/target.hpp"
#include "transport/client.hpp"

namespace fenliu::load {

struct broker_access {
    transport::client_options client; ///< url and credentials; the rest is the load's
    std::string run;                  ///< in every name: letters and digits, at most 12
};

/// The broker has to make shops and accounts on first use (`auto_create`).
[[nodiscard]] std::unique_ptr<target> fenliu_broker(broker_access access);

} // namespace fenliu::load
