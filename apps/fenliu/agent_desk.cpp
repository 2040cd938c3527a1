#include "apps/fenliu/agent_desk.hpp"

#include <algorithm>

namespace fenliu::apps::fenliu {

std::vector<fresh_line> agent_desk::take(const protocol::assigned& value) {
    const std::string id(value.conversation);
    if (auto known = expected_.extract(id)) conversations_.insert(std::move(known));
    auto [place, added] = conversations_.try_emplace(id);
    auto& conversation = place->second;
    if (added) {
        conversation.number = next_number_++;
        conversation.id = id;
        conversation.buyer = value.buyer;
    }
    conversation.epoch = value.epoch;
    conversation.reason = value.reason;
    if (!find(current_)) current_ = id;

    const auto before = conversation.read_seq;
    std::vector<fresh_line> fresh;
    for (const auto& line : value.tail) {
        if (line.from != value.buyer) {
            for (auto& each : fresh)
                each.answered = true;
        } else if (line.seq > before) {
            fresh.push_back({id, conversation.buyer, std::string(line.text), line.seq});
            conversation.read_seq = std::max(conversation.read_seq, line.seq);
        }
    }
    return fresh;
}

bool agent_desk::give_up(const protocol::unassigned& value) {
    const auto place = conversations_.find(value.conversation);
    if (place == conversations_.end() || place->second.epoch != value.epoch) return false;
    conversations_.erase(place);
    if (!find(current_)) current_ = conversations_.empty() ? std::string() : list().front()->id;
    return true;
}

bool agent_desk::read(const protocol::buyer_line& value) {
    const auto place = conversations_.find(value.conversation);
    if (place == conversations_.end() || value.seq <= place->second.read_seq) return false;
    place->second.read_seq = value.seq;
    return true;
}

void agent_desk::expect_again() {
    expected_.merge(conversations_);
    conversations_.clear();
}

const desk_conversation* agent_desk::find(std::string_view id) const {
    const auto place = conversations_.find(id);
    return place == conversations_.end() ? nullptr : &place->second;
}

const desk_conversation* agent_desk::current() const { return find(current_); }

bool agent_desk::use(std::size_t number) {
    for (const auto* each : list()) {
        if (each->number != number) continue;
        current_ = each->id;
        return true;
    }
    return false;
}

std::vector<const desk_conversation*> agent_desk::list() const {
    std::vector<const desk_conversation*> out;
    for (const auto& [id, conversation] : conversations_)
        out.push_back(&conversation);
    std::ranges::sort(out, {}, &desk_conversation::number);
    return out;
}

std::vector<std::pair<std::string, std::uint64_t>> agent_desk::seen() const {
    std::vector<std::pair<std::string, std::uint64_t>> out;
    for (const auto* held : {&conversations_, &expected_})
        for (const auto& [id, conversation] : *held)
            out.emplace_back(id, conversation.read_seq);
    return out;
}

} // namespace fenliu::apps::fenliu
