// The process's own log on standard error: text lines for people, JSON lines for collectors. It never gets what buyers and
// agents write, nor tokens. Set up and changed by the main thread; logging itself (spdlog) is free to any.
#pragma once

#include <memory>

#include <spdlog/formatter.h>

#include "apps/fenliud/configuration.hpp"

namespace fenliu::apps::fenliud {

/// Makes spdlog's default logger write as the settings say. May be called again.
void start_logging(const log_settings& settings);

/// One JSON object a line: `{"time":"2024-01-31T08:15:00.123Z","level":"info","text":"…"}`; bytes that are no UTF-8 are replaced.
[[nodiscard]] std::unique_ptr<spdlog::formatter> json_lines();
/// `2024-01-31 08:15:00.123 info  text`, in local time.
[[nodiscard]] std::unique_ptr<spdlog::formatter> text_lines();

} // namespace fenliu::apps::fenliud
