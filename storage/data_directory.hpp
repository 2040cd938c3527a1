// The data directory as a whole: whose it is (LOCK) and in which format (VERSION). Used once, when a store is opened.
#pragma once

#include <filesystem>
#include <memory>

#include "storage/file_system.hpp"

namespace fenliu::storage {

/// Format of the directory, as VERSION says it (storage/FORMAT.md).
inline constexpr unsigned directory_version = 1;

inline constexpr const char* archive_name = "archive.sqlite";

/// Makes the directory if there is none, locks it for this process and checks its version.
[[nodiscard]] result<std::unique_ptr<directory_lock>> enter_directory(file_system& files, const std::filesystem::path& directory);

} // namespace fenliu::storage
