// A TCP proxy that breaks: what goes through it ends after so many bytes, or disappears in one direction while the connection
// seems to stand. A link is one listening port before the broker; all of them are carried by the thread of a `link_carrier`,
// which owns them. A link's calls may come from any thread.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace fenliu::network {

enum class direction : std::uint8_t { up, down }; ///< to the broker; to the client

/// What happens to one connection when so many bytes have gone in one direction.
struct link_fault {
    enum class kind : std::uint8_t {
        none,
        finish,   ///< both ends read what was sent, then the end
        reset,    ///< both ends are cut off, and may lose what was on the way
        half_dead ///< nothing more arrives in this direction; the other one goes on, and nobody is told
    } what = kind::none;
    direction in = direction::up;
    std::uint64_t after = 0; ///< bytes
};

class link_carrier;

class broken_link {
public:
    ~broken_link();
    broken_link(const broken_link&) = delete;
    broken_link& operator=(const broken_link&) = delete;

    /// Where a client connects to instead of the broker.
    [[nodiscard]] std::string url() const;
    /// Bytes that went through its first connection.
    [[nodiscard]] std::uint64_t first_bytes(direction in) const noexcept;
    /// Faults that were met.
    [[nodiscard]] std::uint64_t faults() const noexcept { return faults_; }

private:
    friend class link_carrier;
    struct connection;
    using plan = std::function<link_fault(std::uint64_t connection)>;

    broken_link(int broker_port, plan faults);
    void accept_one();

    int broker_port_;
    int listener_ = -1;
    int port_ = 0;
    plan plan_;
    std::uint64_t accepted_ = 0;
    std::vector<std::unique_ptr<connection>> connections_;
    std::array<std::atomic<std::uint64_t>, 2> first_bytes_{};
    std::atomic<std::uint64_t> faults_{0};
};

class link_carrier {
public:
    explicit link_carrier(int broker_port);
    ~link_carrier();

    /// A new link. `faults` is asked, on the carrier's thread, what will happen to each of its connections, counted from 0.
    [[nodiscard]] std::shared_ptr<broken_link> make(std::function<link_fault(std::uint64_t connection)> faults);

private:
    void run();
    void carry(std::vector<std::shared_ptr<broken_link>>& links);
    void wake() const noexcept;

    int broker_port_;
    int event_ = -1;
    std::mutex mutex_;
    std::vector<std::shared_ptr<broken_link>> links_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

} // namespace fenliu::network
