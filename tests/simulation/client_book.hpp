// What clients said, by the ids they gave it: the oracle compares with it what the broker wrote down. Kept by the world; a value.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace fenliu::simulation {

/// A line that some client sent, perhaps several times.
struct sent_line {
    std::set<std::string> texts;    ///< more than one: an id used again on purpose
    std::set<std::size_t> devices;  ///< that sent it
    std::set<std::uint64_t> epochs; ///< of an agent's line
    std::uint64_t order = 0;        ///< among everything sent, when it was sent first
    std::uint64_t times = 0;        ///< sent on purpose
};

class client_book {
public:
    sent_line& note(const std::string& shop, const std::string& sender, const std::string& id, const std::string& text,
                    std::size_t device) {
        auto& line = lines_[{shop + "\n" + sender, id}];
        if (line.order == 0) line.order = ++sent_;
        senders_[id] = shop + "\n" + sender;
        ++line.times;
        line.texts.insert(text);
        line.devices.insert(device);
        return line;
    }
    [[nodiscard]] const sent_line* find(const std::string& shop, const std::string& sender, const std::string& id) const {
        const auto found = lines_.find({shop + "\n" + sender, id});
        return found == lines_.end() ? nullptr : &found->second;
    }
    /// Whose id it is: shop and sender, as the model's line_of has them. Ids are given out once.
    [[nodiscard]] const std::string& sender_of(const std::string& id) const {
        static const std::string nobody;
        const auto found = senders_.find(id);
        return found == senders_.end() ? nobody : found->second;
    }
    std::map<std::string, std::string> commands; ///< what was asked with a request_id
    /// A new id for anything.
    [[nodiscard]] std::string fresh_id(char prefix) { return prefix + std::to_string(++ids_); }

private:
    std::map<std::pair<std::string, std::string>, sent_line> lines_;
    std::map<std::string, std::string> senders_;
    std::uint64_t sent_ = 0, ids_ = 0;
};

} // namespace fenliu::simulation
