// open_durable with the operating system as a parameter, so that tests can give the log a disk with faults.
#pragma once

#include "storage/file_system.hpp"
#include "storage/open.hpp"

namespace fenliu::storage {

/// As open_durable(options); `files` outlives the store. The archive is SQLite's and uses the real disk.
[[nodiscard]] std::variant<std::unique_ptr<store>, protocol::failure> open_durable(durable_options options, file_system& files);

} // namespace fenliu::storage
