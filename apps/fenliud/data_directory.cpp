#include "apps/fenliud/data_directory.hpp"

#include <cstdlib>
#include <system_error>

#include <sys/stat.h>
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

std::optional<protocol::failure> make_data_directory(const std::filesystem::path& directory) {
    // What people wrote is for this user alone; also for the files that are made in it later.
    ::umask(S_IRWXG | S_IRWXO);
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (!error) return std::nullopt;
    return protocol::failure{protocol::errc::storage_failed,
                             "can't make the data directory " + directory.string() + " (" + error.message() +
                                 "): name another with --data DIR, or keep nothing with --memory"};
}

} // namespace fenliu::apps::fenliud
