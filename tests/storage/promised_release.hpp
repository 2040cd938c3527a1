// Keeps a promise when what was committed with it is durable.
#pragma once

#include <future>

#include "storage/store.hpp"

namespace fenliu::storage {

class promised_release final : public release {
public:
    explicit promised_release(std::promise<void>& done)
        : done_{done} {}
    void run() noexcept override { done_.set_value(); }

private:
    std::promise<void>& done_;
};

} // namespace fenliu::storage
