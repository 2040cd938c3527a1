// What the disk shim knows of the files below one directory: which sectors, sizes and names were synced, and what a disk could
// hold of the others when the power goes. The files themselves are real and hold what the process sees; what was on the disk
// before is remembered here. Every call is made under the shim's lock.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <sys/types.h>

namespace fenliu::tests::faults {

/// The system's own calls, past the shim.
struct system_calls {
    int (*open)(const char*, int, ...);
    ssize_t (*pread)(int, void*, size_t, off_t);
    ssize_t (*pwrite)(int, const void*, size_t, off_t);
    int (*ftruncate)(int, off_t);
    int (*rename)(const char*, const char*);
};

class simulated_files {
public:
    /// What is in `directory` now counts as being on the disk. Files that are removed are kept in `directory`.gone until the end.
    simulated_files(const system_calls& real, std::string directory);

    [[nodiscard]] bool knows(const std::string& name) const { return names_.contains(name); }
    /// The number of the file with that name; a new one is made known.
    int opened(const std::string& name);
    /// Before the bytes change: keeps what is on the disk there. `bytes` is what will be written, null if that isn't at hand.
    void before_write(int file, std::uint64_t offset, std::uint64_t size, const char* bytes = nullptr);
    void before_truncate(int file, std::uint64_t size);
    void synced(int file);
    /// A sync that failed: what was dirty stays readable and will never be on the disk, unless it is written again.
    void sync_failed(int file);
    void directory_synced();
    /// Both leave the name's old file where cut() can find it.
    int rename(const std::string& from, const std::string& to);
    int unlink(const std::string& name);

    /// Leaves the directory as the disk could: with what was synced, and of the rest whatever chance says.
    void cut(std::uint32_t seed);

private:
    static constexpr std::size_t sector_bytes = 512;
    using sector = std::array<char, sector_bytes>;
    struct volatile_sector {
        std::vector<sector> versions; // the first is the disk's, then what was written and not synced but for the newest
        bool dirty = true;            // the next sync takes it to the disk
    };
    struct known_file {
        int fd = -1;
        std::uint64_t size_on_disk = 0;
        std::map<std::uint64_t, volatile_sector> sectors;
        std::string place; // where it is now
    };
    struct name_change {
        std::string from, to; // no `from`: made; no `to`: removed
        int file;
    };

    [[nodiscard]] std::uint64_t size_of(const known_file& file) const;
    void set_aside(int file);
    std::map<std::string, int> names_after_cut(std::mt19937& random) const;
    void cut_file(known_file& file, std::mt19937& random);

    system_calls real_;
    std::string directory_, gone_;
    std::vector<known_file> files_;
    std::map<std::string, int> names_, names_on_disk_;
    std::vector<name_change> changes_; // of names, since the directory was synced
};

} // namespace fenliu::tests::faults
