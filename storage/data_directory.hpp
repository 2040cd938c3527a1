// The data directory as a whole: whose it is (LOCK) and in which format (VERSION). Used once, when a store is opened.
#pragma once

#include <filesystem>
#include <memory>

#include "storage/file_system.hpp"

namespace fenliu::storage {

/// Format of the directory, as VERSION says it (storage/FORMAT.md).
inline constexpr unsigned directory_version = 1;

inline constexpr const char* archive_name = "archive.sqlite";
inline constexpr const char* lock_name = "LOCK";
inline constexpr const char* version_name = "VERSION";

/// The version of a directory that is there; fails, naming the remedy, for one that this program can't read.
[[nodiscard]] outcome check_version(file_system& files, const std::filesystem::path& directory);
/// Makes a directory with data one of this format, durably; the last step of filling it.
[[nodiscard]] outcome write_version(file_system& files, const std::filesystem::path& directory);

/// Makes the directory if there is none, locks it for this process and checks its version.
[[nodiscard]] result<std::unique_ptr<directory_lock>> enter_directory(file_system& files, const std::filesystem::path& directory);

} // namespace fenliu::storage
