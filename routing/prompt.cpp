#include "routing/prompt.hpp"

#include "routing/language.hpp"

namespace fenliu::routing {
namespace {

/// "Landed on recent contact" of the prompt table.
bool on_recent_contact(reason why) noexcept {
    return why == reason::recent || why == reason::recent_suspended || why == reason::forwarded || why == reason::open_session ||
           why == reason::manual_pin;
}

} // namespace

std::string_view priority_prompt::title(std::string_view lang) const noexcept {
    if (speaks_english(lang)) return member ? "Member service" : "Priority service";
    return member ? "会员专属客服" : "优先接待生效";
}

std::string_view priority_prompt::text(std::string_view lang) const noexcept {
    const bool in_english = speaks_english(lang);
    switch (body) {
    case prompt_body::skipped_queue:
        return in_english ? "You skipped the queue and are with a person" : "已跳过排队直连人工";
    case prompt_body::skipped_robot:
        return in_english ? "You skipped the robot and are with a person" : "已跳过机器人直连人工";
    case prompt_body::arranged:
        break;
    }
    return in_english ? "You are served with priority" : "已安排优先接待";
}

std::optional<priority_prompt> prompt_for(const prompt_question& given, reason why, timestamp_ms now) noexcept {
    const bool recent = on_recent_contact(why);
    if (given.entry != entry_kind::lit_icon || (!recent && why != reason::priority_direct)) return std::nullopt;
    if (given.last_prompt != 0 && now - given.last_prompt < prompt_interval_ms) return std::nullopt;
    if (given.queue_enabled) return priority_prompt{given.member, prompt_body::skipped_queue};
    if (recent) return std::nullopt; // R26
    return priority_prompt{given.member, given.robot_first ? prompt_body::skipped_robot : prompt_body::arranged};
}

} // namespace fenliu::routing
