// Opens a store by kind; the only place that knows the implementations.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <variant>

#include "protocol/limits.hpp"
#include "storage/store.hpp"

namespace fenliu::storage {

/// Wall clock in milliseconds; injected so that start-up's "closed within the session expiry" can be tested.
using wall_clock = std::function<routing::timestamp_ms()>;

struct durable_options {
    std::filesystem::path directory;
    std::size_t segment_bytes = limits::segment_bytes;
    routing::timestamp_ms keep_closed_ms = limits::session_expiry.count();
    std::chrono::milliseconds log_retention = limits::log_retention; ///< for explaining decisions in full
    std::size_t log_retention_bytes = limits::log_retention_bytes;   ///< of that, at most
    std::uint64_t archive_lag_bytes = limits::archive_lag_bytes;     ///< where `lag` is 1
    wall_clock now;
};

/// Locks the directory, checks its version and recovers. Errors name the path and the remedy: in use by another process
/// (with its pid), not writable, no space, written by a newer version, damaged (segment and offset).
[[nodiscard]] std::variant<std::unique_ptr<store>, protocol::failure> open_durable(durable_options options);

/// Nothing survives the process. Holds at most `bytes` of closed conversations; the oldest go first.
[[nodiscard]] std::unique_ptr<store> open_memory(wall_clock now, std::size_t bytes = 256 * 1024 * 1024);

} // namespace fenliu::storage
