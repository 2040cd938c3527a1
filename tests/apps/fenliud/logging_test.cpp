#include "apps/fenliud/logging.hpp"

#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

namespace fenliu::apps::fenliud {
namespace {

std::string logged(std::unique_ptr<spdlog::formatter> lines, std::string_view text) {
    std::ostringstream out;
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_st>(out);
    sink->set_formatter(std::move(lines));
    spdlog::logger logger("test", sink);
    logger.warn("{}", text);
    return out.str();
}

TEST(logging, a_json_line_is_one_object_whatever_is_logged) {
    const std::string text = "a \"quoted\"\n\\ line \x01 with 小美";
    const auto line = logged(json_lines(), text);
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    const auto value = nlohmann::json::parse(line);
    EXPECT_EQ(value.at("text"), text);
    EXPECT_EQ(value.at("level"), "warning");
    EXPECT_EQ(value.at("time").get<std::string>().size(), std::string_view("2024-01-31T08:15:00.123Z").size());
    EXPECT_EQ(value.size(), 3U);
}

TEST(logging, bytes_that_are_no_utf8_are_replaced) {
    EXPECT_EQ(nlohmann::json::parse(logged(json_lines(), "a\xff"
                                                         "b"))
                  .at("text"),
              "a\xef\xbf\xbd"
              "b");
}

TEST(logging, a_text_line_ends_with_the_text) { EXPECT_TRUE(logged(text_lines(), "hello").ends_with(" warning hello\n")); }

TEST(logging, standard_error_that_is_no_terminal_gets_json) {
    testing::internal::CaptureStderr();
    start_logging({log_level::info, log_format::automatic});
    spdlog::debug("not this");
    spdlog::info("this");
    start_logging({log_level::debug, log_format::text});
    spdlog::debug("and this");
    const auto all = testing::internal::GetCapturedStderr();
    EXPECT_EQ(nlohmann::json::parse(all.substr(0, all.find('\n'))).at("text"), "this");
    EXPECT_TRUE(all.ends_with(" debug and this\n")) << all;
}

} // namespace
} // namespace fenliu::apps::fenliud
