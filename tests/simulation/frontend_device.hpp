// A frontend's program: shows some buyers what is answered, and remembers up to where, so that it can attach again after a
// session without memory.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "device.hpp"
#include "model.hpp"

namespace fenliu::simulation {

class frontend_device final : public device {
public:
    using device::device;

    /// A place among all lines of a buyer.
    using place = std::pair<conversation_number, std::uint64_t>;
    struct shown_buyer {
        bool entitled = false; ///< it knows from where on it gets every reply
        place from{};          ///< replies above this are due to it
        std::set<place> replies;
    };
    void attach(const std::string& shop, const std::string& buyer);
    [[nodiscard]] const std::map<std::pair<std::string, std::string>, shown_buyer>& shown() const noexcept { return shown_; }
    /// It is about to publish with this id for that buyer.
    void publishes(const std::string& id, const std::string& shop, const std::string& buyer) { asked_[id] = {shop, buyer}; }

private:
    void on_message(const protocol::message& message) override;
    void on_open(bool resumed, bool first) override;

    std::map<std::pair<std::string, std::string>, shown_buyer> shown_;
    std::map<std::string, std::pair<std::string, std::string>> asked_; ///< shop and buyer by msg_id
};

} // namespace fenliu::simulation
