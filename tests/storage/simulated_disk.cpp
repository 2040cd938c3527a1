#include "tests/storage/simulated_disk.hpp"

#include <algorithm>
#include <cstring>

namespace fenliu::storage {
namespace {

constexpr std::size_t sector = 512;

std::string name_of(const std::filesystem::path& path) { return path.filename().string(); }

protocol::failure error(const std::string& what, const std::string& name) {
    return {protocol::errc::storage_failed, "cannot " + what + " " + name + ": simulated error"};
}

class no_lock final : public directory_lock {};

} // namespace

class simulated_disk::open_file final : public file {
public:
    open_file(simulated_disk& disk, std::shared_ptr<inode> what)
        : disk_{disk}
        , inode_{std::move(what)} {}

    outcome write(std::uint64_t offset, std::string_view bytes) override {
        const std::lock_guard lock{disk_.mutex_};
        const bool was_off = disk_.off_;
        auto failure = disk_.change("write", inode_->name);
        if (was_off) return failure;
        if (failure) bytes = bytes.substr(0, bytes.size() / 2);
        put(inode_->current, offset, bytes);
        inode_->dirty.push_back({offset, std::string{bytes}});
        return failure;
    }
    result<std::size_t> read(std::uint64_t offset, char* to, std::size_t size) override {
        const std::lock_guard lock{disk_.mutex_};
        if (offset >= inode_->current.size()) return std::size_t{0};
        size = std::min(size, inode_->current.size() - offset);
        std::memcpy(to, inode_->current.data() + offset, size);
        return size;
    }
    outcome sync() override {
        const std::lock_guard lock{disk_.mutex_};
        auto failure = disk_.change("sync", inode_->name);
        if (failure && disk_.off_) return failure;
        // After an error the system forgets that these pages were dirty: they can be read, and never reach the disk.
        if (!failure)
            for (const auto& each : inode_->dirty)
                put(inode_->synced, each.offset, each.bytes);
        inode_->dirty.clear();
        return failure;
    }
    result<std::uint64_t> size() override {
        const std::lock_guard lock{disk_.mutex_};
        return std::uint64_t{inode_->current.size()};
    }

private:
    simulated_disk& disk_;
    std::shared_ptr<inode> inode_;
};

void simulated_disk::put(std::string& bytes, std::uint64_t offset, std::string_view with) {
    if (bytes.size() < offset + with.size()) bytes.resize(offset + with.size(), '\0');
    bytes.replace(offset, with.size(), with);
}

outcome simulated_disk::change(const std::string& what, const std::string& name) {
    if (off_) return error(what, name);
    ++changes_;
    if (changes_ == fails_at_) {
        met_ = true;
        off_ = how_ == fault::power_off;
        return error(what, name);
    }
    events_.push_back(what + " " + name);
    return {};
}

void simulated_disk::fail_at(std::uint64_t call, fault how) {
    const std::lock_guard lock{mutex_};
    fails_at_ = changes_ + call;
    how_ = how;
    met_ = false;
}

void simulated_disk::power_on(std::uint32_t seed) {
    const std::lock_guard lock{mutex_};
    std::mt19937 random{seed};
    entries kept = synced_;
    for (const auto& [name, what] : current_) // a new name may be on the disk already
        if (!kept.contains(name) && random() % 2) kept.emplace(name, what);
    for (auto entry = kept.begin(); entry != kept.end();) // and an old one may be gone
        entry = !current_.contains(entry->first) && random() % 2 ? kept.erase(entry) : std::next(entry);
    for (const auto& [name, what] : kept) {
        for (const auto& range : what->dirty)
            for (std::size_t at = 0; at < range.bytes.size();) {
                const std::size_t size = std::min(sector - (range.offset + at) % sector, range.bytes.size() - at);
                if (random() % 2) put(what->synced, range.offset + at, std::string_view{range.bytes}.substr(at, size));
                at += size;
            }
        what->dirty.clear();
        what->current = what->synced;
        what->name = name;
    }
    synced_ = current_ = kept;
    off_ = false;
    fails_at_.reset();
}

std::uint64_t simulated_disk::changes() const {
    const std::lock_guard lock{mutex_};
    return changes_;
}

bool simulated_disk::met_fault() const {
    const std::lock_guard lock{mutex_};
    return met_;
}

std::vector<std::string> simulated_disk::events() const {
    const std::lock_guard lock{mutex_};
    return events_;
}

void simulated_disk::note(std::string event) {
    const std::lock_guard lock{mutex_};
    events_.push_back(std::move(event));
}

std::vector<std::string> simulated_disk::names() const {
    const std::lock_guard lock{mutex_};
    std::vector<std::string> names;
    for (const auto& [name, what] : current_)
        names.push_back(name);
    return names;
}

std::string simulated_disk::content(const std::string& name) const {
    const std::lock_guard lock{mutex_};
    return current_.at(name)->current;
}

void simulated_disk::set_content(const std::string& name, std::string bytes) {
    const std::lock_guard lock{mutex_};
    auto& what = current_[name];
    what = std::make_shared<inode>(inode{name, bytes, bytes, {}});
    synced_[name] = what;
}

result<std::unique_ptr<file>> simulated_disk::open(const std::filesystem::path& path, mode how) {
    const std::lock_guard lock{mutex_};
    const std::string name = name_of(path);
    if (how == mode::read) {
        const auto found = current_.find(name);
        if (found == current_.end()) return error("open", name);
        return std::make_unique<open_file>(*this, found->second);
    }
    if (auto failure = change("create", name)) return std::move(*failure);
    auto made = std::make_shared<inode>(inode{name, {}, {}, {}});
    current_[name] = made;
    return std::make_unique<open_file>(*this, std::move(made));
}

outcome simulated_disk::rename(const std::filesystem::path& from, const std::filesystem::path& to) {
    const std::lock_guard lock{mutex_};
    if (auto failure = change("rename", name_of(to))) return failure;
    auto moved = current_.extract(name_of(from));
    moved.mapped()->name = name_of(to);
    current_[name_of(to)] = moved.mapped();
    return {};
}

outcome simulated_disk::remove(const std::filesystem::path& path) {
    const std::lock_guard lock{mutex_};
    if (auto failure = change("remove", name_of(path))) return failure;
    current_.erase(name_of(path));
    return {};
}

outcome simulated_disk::sync_directory(const std::filesystem::path& path) {
    const std::lock_guard lock{mutex_};
    if (auto failure = change("sync directory", name_of(path))) return failure;
    synced_ = current_;
    return {};
}

outcome simulated_disk::make_directory(const std::filesystem::path&) { return {}; }

result<std::vector<std::string>> simulated_disk::list(const std::filesystem::path&) { return names(); }

result<std::unique_ptr<directory_lock>> simulated_disk::lock(const std::filesystem::path&) { return std::make_unique<no_lock>(); }

} // namespace fenliu::storage
