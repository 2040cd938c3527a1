#include "broker_process.hpp"

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <utility>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fenliu::network {

namespace {

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "broken_links: %s\n", why.c_str());
    std::exit(2);
}

std::filesystem::path temporary_directory() {
    std::string name = (std::filesystem::temp_directory_path() / "fenliu-links-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) give_up("cannot make " + name);
    return name;
}

/// The port of `bus tcp://127.0.0.1:PORT,` in the line that says that it is ready.
int port_of(const std::string& line) {
    const auto at = line.find(" ready: bus tcp://127.0.0.1:");
    const auto colon = line.find(':', line.find("127.0.0.1", at));
    return at == std::string::npos ? 0 : std::atoi(line.c_str() + colon + 1);
}

} // namespace

broker_process::broker_process(const std::string& program, const std::string& bus, const std::string& defaults)
    : directory_(temporary_directory()) {
    const std::string configuration = directory_ / "fenliud.toml";
    const std::string data = directory_ / "data";
    std::ofstream(configuration) << "[bus]\nlisten = \"tcp://127.0.0.1:0\"\nfeed = []\n"
                                 << bus << "[defaults]\n"
                                 << defaults << "[log]\nlevel = \"error\"\n";
    std::array<const char*, 6> words{program.c_str(), "-c", configuration.c_str(), "--data", data.c_str(), nullptr};
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) give_up("no pipe");
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_addclose(&actions, pipe[0]);
    if (::posix_spawn(&process_, program.c_str(), &actions, nullptr, const_cast<char* const*>(words.data()), environ) != 0)
        give_up("cannot start " + program);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(pipe[1]);
    std::string line;
    for (char each = 0; ::read(pipe[0], &each, 1) == 1 && each != '\n';)
        line.push_back(each);
    // The pipe stays open: what the broker says later has a reader's end.
    port_ = port_of(line);
    if (port_ == 0) give_up("the broker did not start: " + line);
}

bool broker_process::alive() const noexcept { return process_ != 0 && ::waitpid(process_, nullptr, WNOHANG) == 0; }

void broker_process::freeze(bool frozen) const noexcept { ::kill(process_, frozen ? SIGSTOP : SIGCONT); }

int broker_process::stop() {
    if (process_ == 0) return -1;
    ::kill(process_, SIGTERM);
    int status = 0;
    ::waitpid(std::exchange(process_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

broker_process::~broker_process() {
    static_cast<void>(stop());
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

} // namespace fenliu::network
