// The priority prompt (domain.md §3, R22–R27): whether a buyer is told that priority took effect, and in what words. The clock of
// 8 hours starts when a prompt is really sent; the sender journals it first. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "routing/policy.hpp"
#include "routing/reason.hpp"

namespace fenliu::routing {

/// At most one prompt per (shop, buyer) in this time, rolling (R25); exactly so much later one is allowed.
inline constexpr timestamp_ms prompt_interval_ms = 8 * 3'600'000;

enum class prompt_body : std::uint8_t {
    skipped_queue, ///< 已跳过排队直连人工
    skipped_robot, ///< 已跳过机器人直连人工
    arranged,      ///< 已安排优先接待
};

struct priority_prompt {
    bool member = false; ///< 会员专属客服 instead of 优先接待生效
    prompt_body body = prompt_body::arranged;
    friend bool operator==(const priority_prompt&, const priority_prompt&) = default;

    /// Chinese, or English for a `lang` that begins with `en`.
    [[nodiscard]] std::string_view title(std::string_view lang) const noexcept;
    [[nodiscard]] std::string_view text(std::string_view lang) const noexcept;
};

struct prompt_question {
    bool queue_enabled = false, robot_first = false; ///< as the modes are now; no line need exist (domain.md §5)
    bool member = false;
    entry_kind entry = entry_kind::none;
    timestamp_ms last_prompt = 0; ///< 0: never
};

/// The prompt for a priority buyer whose message somebody available received because of `why`; nothing if none is due. A last
/// prompt in the future, after a clock was set back, holds one back for 8 hours from then.
[[nodiscard]] std::optional<priority_prompt> prompt_for(const prompt_question& given, reason why, timestamp_ms now) noexcept;

} // namespace fenliu::routing
