#include "apps/fenliud/logging.hpp"

#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace fenliu::apps::fenliud {

namespace {

/// The message as a JSON text.
class json_text : public spdlog::custom_flag_formatter {
public:
    void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
        const nlohmann::json value = std::string_view(message.payload.data(), message.payload.size());
        const std::string text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
        out.append(text.data(), text.data() + text.size());
    }
    [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<json_text>(); }
};

spdlog::level::level_enum level_of(log_level level) noexcept {
    switch (level) {
    case log_level::debug:
        return spdlog::level::debug;
    case log_level::info:
        return spdlog::level::info;
    case log_level::warn:
        return spdlog::level::warn;
    case log_level::error:
        return spdlog::level::err;
    }
    return spdlog::level::info;
}

} // namespace

std::unique_ptr<spdlog::formatter> json_lines() {
    auto lines = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
    lines->add_flag<json_text>('*').set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","text":%*})");
    return lines;
}

std::unique_ptr<spdlog::formatter> text_lines() {
    return std::make_unique<spdlog::pattern_formatter>("%Y-%m-%d %H:%M:%S.%e %-5l %v");
}

void start_logging(const log_settings& settings) {
    const bool text =
        settings.format == log_format::text || (settings.format == log_format::automatic && ::isatty(STDERR_FILENO) == 1);
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    sink->set_formatter(text ? text_lines() : json_lines());
    auto logger = std::make_shared<spdlog::logger>("fenliud", std::move(sink));
    logger->set_level(level_of(settings.level));
    spdlog::set_default_logger(std::move(logger));
}

} // namespace fenliu::apps::fenliud
