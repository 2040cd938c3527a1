#include "apps/fenliu/output.hpp"

#include <array>
#include <cstdio>
#include <ctime>

#include <sys/ioctl.h>
#include <unistd.h>

#include "apps/fenliu/display_width.hpp"

namespace fenliu::apps::fenliu {

void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

std::string to_text(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

void print_json(const json& value) { print(to_text(value) + "\n"); }

exit_status complain(const problem& what) {
    const auto line = "fenliu: " + printable(what.text) + "\n";
    std::fwrite(line.data(), 1, line.size(), stderr);
    return what.status;
}

std::string local_time(protocol::timestamp_ms at) {
    if (at == 0) return {};
    const auto seconds = static_cast<std::time_t>(at / 1'000);
    std::tm parts{};
    localtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    const auto length = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts);
    return {text.data(), length};
}

std::string decimal(double value, int places) {
    std::array<char, 48> text{};
    const auto length = std::snprintf(text.data(), text.size(), "%.*f", places, value);
    return {text.data(), static_cast<std::size_t>(length)};
}

std::string duration_text(std::int64_t milliseconds) {
    if (milliseconds < 1'000) return std::to_string(milliseconds) + " ms";
    const auto seconds = milliseconds / 1'000;
    if (seconds < 60) return std::to_string(seconds) + "." + std::to_string(milliseconds % 1'000 / 100) + " s";
    if (seconds < 3'600) return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
    return std::to_string(seconds / 3'600) + " h " + std::to_string(seconds % 3'600 / 60) + " min";
}

namespace {

std::string value_text(const json& value) {
    if (value.is_null()) return {};
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
    if (value.is_number_float()) {
        std::array<char, 32> text{};
        const auto length = std::snprintf(text.data(), text.size(), "%.2f", value.get<double>());
        return {text.data(), static_cast<std::size_t>(length)};
    }
    if (!value.is_array()) return to_text(value);
    std::string out;
    for (const auto& item : value)
        out += (out.empty() ? "" : ", ") + value_text(item);
    return out;
}

} // namespace

const json& field(const json& object, std::string_view name) {
    static const json nothing;
    const auto found = object.find(std::string(name));
    return found == object.end() ? nothing : *found;
}

std::string cell(const json& object, std::string_view name) { return value_text(field(object, name)); }

std::int64_t number(const json& object, std::string_view name) {
    const auto& value = field(object, name);
    return value.is_number() ? value.get<std::int64_t>() : 0;
}

std::size_t terminal_width() {
    winsize size{};
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
    return size.ws_col;
}

} // namespace fenliu::apps::fenliu
