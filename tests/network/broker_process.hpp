// A fenliud of its own for these tests: a process on free ports, with its data in a temporary directory. Owned by main.
#pragma once

#include <filesystem>
#include <string>

#include <sys/types.h>

namespace fenliu::network {

class broker_process {
public:
    /// Starts `program` and waits until it is ready; ends this process with a message if it isn't. `bus` and
    /// `defaults` are more of the configuration's sections.
    broker_process(const std::string& program, const std::string& bus, const std::string& defaults);
    /// SIGTERM, and the directory is removed.
    ~broker_process();
    broker_process(const broker_process&) = delete;
    broker_process& operator=(const broker_process&) = delete;

    [[nodiscard]] int port() const noexcept { return port_; }
    [[nodiscard]] std::string url() const { return "tcp://127.0.0.1:" + std::to_string(port_); }
    /// Whether it still runs.
    [[nodiscard]] bool alive() const noexcept;
    /// Stops its execution, and lets it go on.
    void freeze(bool frozen) const noexcept;
    /// SIGTERM; its exit status.
    int stop();

private:
    std::filesystem::path directory_;
    pid_t process_ = 0;
    int port_ = 0;
};

} // namespace fenliu::network
