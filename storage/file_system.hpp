// The operating system as the log sees it: a few calls on files and one directory, so that tests can put a disk in its place
// that fails, tears or forgets what was not synced. Failures name the path and the error. Objects may be used from any thread,
// one thread at a time each; the file_system itself from several at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/error.hpp"

namespace fenliu::storage {

/// Nothing, or what went wrong.
using outcome = std::optional<protocol::failure>;
/// A value, or why there is none.
template <class Value>
using result = std::variant<Value, protocol::failure>;

class file {
public:
    virtual ~file() = default;
    /// Writes all of `bytes` at `offset`.
    [[nodiscard]] virtual outcome write(std::uint64_t offset, std::string_view bytes) = 0;
    /// Reads up to `size` bytes into `to`; fewer only at the end of the file.
    [[nodiscard]] virtual result<std::size_t> read(std::uint64_t offset, char* to, std::size_t size) = 0;
    /// On return the data written is on the disk, with what is needed to find it.
    [[nodiscard]] virtual outcome sync() = 0;
    [[nodiscard]] virtual result<std::uint64_t> size() = 0;
    /// A hint: nobody will read it soon, so that memory for it may serve what is written next.
    virtual void forget_in_memory() noexcept {}
};

/// Held until it is destroyed.
class directory_lock {
public:
    virtual ~directory_lock() = default;
};

class file_system {
public:
    virtual ~file_system() = default;

    enum class mode : std::uint8_t {
        read,   ///< an existing file
        create, ///< a new file to write; replaces one with that name
    };
    [[nodiscard]] virtual result<std::unique_ptr<file>> open(const std::filesystem::path& path, mode how) = 0;
    /// Atomic; durable once the directory is synced.
    [[nodiscard]] virtual outcome rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
    [[nodiscard]] virtual outcome remove(const std::filesystem::path& path) = 0;
    [[nodiscard]] virtual outcome sync_directory(const std::filesystem::path& path) = 0;
    /// Makes the directory and its parents, durably; nothing to do if it is there. The path is absolute, without a slash at its
    /// end.
    [[nodiscard]] virtual outcome make_directory(const std::filesystem::path& path) = 0;
    /// Names of the files in a directory, in no order.
    [[nodiscard]] virtual result<std::vector<std::string>> list(const std::filesystem::path& path) = 0;
    /// Takes the lock file for this process and writes the process id into it. A failure names the process that holds it.
    [[nodiscard]] virtual result<std::unique_ptr<directory_lock>> lock(const std::filesystem::path& path) = 0;
};

/// As long as it is held nobody takes the lock file at `path`, and nothing is written to it. Null where there is no such file, so
/// that nobody can hold it. A failure names the process that does.
[[nodiscard]] result<std::unique_ptr<directory_lock>> share_lock(const std::filesystem::path& path);

/// The real one.
[[nodiscard]] file_system& operating_system() noexcept;

} // namespace fenliu::storage
