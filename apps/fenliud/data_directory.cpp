#include "apps/fenliud/data_directory.hpp"

#include <cstdlib>

#include <unistd.h>

namespace fenliu::apps::fenliud {

namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): before any thread is started
    return value != nullptr ? value : "";
}

} // namespace

environment process_environment() { return {::geteuid() == 0, variable("XDG_STATE_HOME"), variable("HOME")}; }

std::optional<std::filesystem::path> default_data_directory(const environment& where) {
    if (where.root) return "/var/lib/fenliu";
    if (where.xdg_state_home.starts_with('/')) return std::filesystem::path(where.xdg_state_home) / "fenliu";
    if (where.home.empty()) return std::nullopt;
    return std::filesystem::path(where.home) / ".local/state/fenliu";
}

} // namespace fenliu::apps::fenliud
