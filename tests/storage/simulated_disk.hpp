// A disk in memory that knows what was synced: it can fail a call, lose power, and keep any part of what was not synced. Any
// thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "storage/file_system.hpp"

namespace fenliu::storage {

class simulated_disk final : public file_system {
public:
    /// How a call that changes something ends.
    enum class fault : std::uint8_t {
        error,     ///< this one fails, and loses what it was to sync; later ones work
        power_off, ///< this one and all later ones fail until power_on()
    };
    /// The `call`th change from now on (1: the next) meets the fault; a write does half of its work first.
    void fail_at(std::uint64_t call, fault how);
    /// What was not synced is kept or lost by sectors and names, as the seed decides; then everything works again.
    void power_on(std::uint32_t seed);

    /// Calls so far that change something.
    [[nodiscard]] std::uint64_t changes() const;
    [[nodiscard]] bool met_fault() const;
    /// `write NAME`, `sync NAME`, … and what note() was told, in order.
    [[nodiscard]] std::vector<std::string> events() const;
    void note(std::string event);

    [[nodiscard]] std::vector<std::string> names() const;
    [[nodiscard]] std::string content(const std::string& name) const;
    void set_content(const std::string& name, std::string bytes);

    result<std::unique_ptr<file>> open(const std::filesystem::path& path, mode how) override;
    outcome rename(const std::filesystem::path& from, const std::filesystem::path& to) override;
    outcome remove(const std::filesystem::path& path) override;
    outcome sync_directory(const std::filesystem::path& path) override;
    outcome make_directory(const std::filesystem::path& path) override;
    result<std::vector<std::string>> list(const std::filesystem::path& path) override;
    result<std::unique_ptr<directory_lock>> lock(const std::filesystem::path& path) override;

private:
    class open_file;
    struct dirty_range {
        std::uint64_t offset;
        std::string bytes;
    };
    struct inode {
        std::string name, current, synced;
        std::vector<dirty_range> dirty;
    };
    using entries = std::map<std::string, std::shared_ptr<inode>>;

    /// Counts a change; a failure if it meets the fault. Holds the lock already.
    [[nodiscard]] outcome change(const std::string& what, const std::string& name);
    static void put(std::string& bytes, std::uint64_t offset, std::string_view with);

    mutable std::mutex mutex_;
    entries current_, synced_;
    std::vector<std::string> events_;
    std::uint64_t changes_ = 0;
    std::optional<std::uint64_t> fails_at_;
    fault how_ = fault::error;
    bool off_ = false, met_ = false;
};

} // namespace fenliu::storage
