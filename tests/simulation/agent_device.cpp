#include "agent_device.hpp"

#include <algorithm>

namespace fenliu::simulation {

void agent_device::set_presence(protocol::presence to, const std::string& request_id) {
    presence_ = to;
    presence_told_ = open();
    if (open()) send(protocol::presence_change{to, request_id});
}

void agent_device::forward(const protocol::forward& command) {
    forwards_.insert(std::string{command.request_id});
    send(command);
}

void agent_device::on_message(const protocol::message& message) {
    if (const auto* assigned = std::get_if<protocol::assigned>(&message)) {
        const auto number = routing::from_id(assigned->conversation);
        auto& entry = desk_[number];
        entry.epoch = assigned->epoch;
        entry.unanswered = true;
        if (const auto known = read_before_.find(number); known != read_before_.end()) entry.read = known->second;
        for (const auto& line : assigned->tail)
            entry.read = std::max(entry.read, line.seq);
    } else if (const auto* unassigned = std::get_if<protocol::unassigned>(&message)) {
        const auto place = desk_.find(routing::from_id(unassigned->conversation));
        if (place == desk_.end() || place->second.epoch != unassigned->epoch) return;
        former[place->first] = place->second.epoch;
        desk_.erase(place);
    } else if (const auto* line = std::get_if<protocol::buyer_line>(&message)) {
        const auto place = desk_.find(routing::from_id(line->conversation));
        if (place == desk_.end()) return;
        place->second.read = std::max(place->second.read, line->seq);
        place->second.unanswered = true;
    } else if (const auto* result = std::get_if<protocol::result>(&message)) {
        forwards_.erase(std::string{result->request_id});
    }
}

void agent_device::on_open(bool resumed, bool) {
    if (resumed) {
        resumed_in_forward += !forwards_.empty();
        return;
    }
    for (const auto& [number, entry] : desk_) {
        read_before_[number] = entry.read;
        former[number] = entry.epoch;
    }
    desk_.clear();
    send(protocol::presence_change{presence_, "open-" + std::to_string(number()) + "-" + std::to_string(++presences_)});
}

std::vector<std::pair<std::string, std::uint64_t>> agent_device::seen() const {
    std::vector<std::pair<std::string, std::uint64_t>> all;
    for (const auto& [number, entry] : desk_)
        all.emplace_back(routing::to_id(number), entry.read);
    return all;
}

} // namespace fenliu::simulation
