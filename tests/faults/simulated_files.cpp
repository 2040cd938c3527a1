#include "tests/faults/simulated_files.hpp"

#include <algorithm>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fenliu::tests::faults {

simulated_files::simulated_files(const system_calls& real, std::string directory)
    : real_{real}
    , directory_{std::move(directory)}
    , gone_{directory_ + ".gone"} {
    std::filesystem::create_directory(gone_);
    std::error_code none;
    for (const auto& each : std::filesystem::directory_iterator{directory_, none})
        if (each.is_regular_file()) opened(each.path().filename().string());
    directory_synced();
    for (auto& each : files_)
        each.size_on_disk = size_of(each);
}

std::uint64_t simulated_files::size_of(const known_file& file) const {
    struct stat status {};
    return ::fstat(file.fd, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

int simulated_files::opened(const std::string& name) {
    if (const auto known = names_.find(name); known != names_.end()) return known->second;
    const int number = static_cast<int>(files_.size());
    auto& made = files_.emplace_back();
    made.place = directory_ + "/" + name;
    made.fd = real_.open(made.place.c_str(), O_RDWR | O_CLOEXEC);
    names_[name] = number;
    changes_.push_back({"", name, number});
    return number;
}

void simulated_files::before_write(int number, std::uint64_t offset, std::uint64_t size, const char* bytes) {
    auto& file = files_[static_cast<std::size_t>(number)];
    // Zeros behind the end are the same whether they were written or not; the size is kept apart. Most bytes of a log are such.
    if (bytes != nullptr && offset >= size_of(file) && file.size_on_disk <= offset &&
        std::all_of(bytes, bytes + size, [](char each) { return each == 0; }))
        return;
    const std::uint64_t first = offset / sector_bytes, end = (offset + size + sector_bytes - 1) / sector_bytes;
    std::string now((end - first) * sector_bytes, '\0');
    (void)real_.pread(file.fd, now.data(), now.size(), static_cast<off_t>(first * sector_bytes));
    for (std::uint64_t at = first; at < end; ++at) {
        auto& known = file.sectors[at];
        sector content;
        std::copy_n(now.data() + (at - first) * sector_bytes, sector_bytes, content.data());
        constexpr std::size_t most = 4; // versions, so that memory stays bounded
        if (known.versions.size() < most) known.versions.push_back(content);
        known.dirty = true;
    }
}

void simulated_files::before_truncate(int number, std::uint64_t size) {
    const auto now = size_of(files_[static_cast<std::size_t>(number)]);
    if (size < now) before_write(number, size, now - size);
}

void simulated_files::synced(int number) {
    auto& file = files_[static_cast<std::size_t>(number)];
    std::erase_if(file.sectors, [](const auto& each) { return each.second.dirty; });
    file.size_on_disk = size_of(file);
}

void simulated_files::sync_failed(int number) {
    for (auto& [at, each] : files_[static_cast<std::size_t>(number)].sectors)
        each.dirty = false;
}

void simulated_files::directory_synced() {
    names_on_disk_ = names_;
    changes_.clear();
}

void simulated_files::set_aside(int number) {
    auto& file = files_[static_cast<std::size_t>(number)];
    const std::string place = gone_ + "/" + std::to_string(number);
    real_.rename(file.place.c_str(), place.c_str());
    file.place = place;
}

int simulated_files::rename(const std::string& from, const std::string& to) {
    const int number = opened(from);
    if (const auto old = names_.find(to); old != names_.end()) set_aside(old->second);
    auto& file = files_[static_cast<std::size_t>(number)];
    const std::string place = directory_ + "/" + to;
    if (const int status = real_.rename(file.place.c_str(), place.c_str()); status != 0) return status;
    file.place = place;
    names_.erase(from);
    names_[to] = number;
    changes_.push_back({from, to, number});
    return 0;
}

int simulated_files::unlink(const std::string& name) {
    const int number = opened(name);
    set_aside(number);
    names_.erase(name);
    changes_.push_back({name, "", number});
    return 0;
}

std::map<std::string, int> simulated_files::names_after_cut(std::mt19937& random) const {
    auto names = names_on_disk_;
    const auto mode = random() % 4; // nothing, all, what came first, any
    const auto first = changes_.empty() ? 0 : random() % (changes_.size() + 1);
    for (std::size_t i = 0; i < changes_.size(); ++i) {
        if (mode == 0 || (mode == 2 && i >= first) || (mode == 3 && random() % 2 == 0)) continue;
        const auto& [from, to, file] = changes_[i];
        if (!from.empty()) {
            const auto known = names.find(from);
            if (known == names.end() || known->second != file) continue;
            names.erase(known);
        }
        if (!to.empty()) names[to] = file;
    }
    return names;
}

void simulated_files::cut_file(known_file& file, std::mt19937& random) {
    const std::uint64_t now = size_of(file), low = std::min(now, file.size_on_disk), high = std::max(now, file.size_on_disk);
    const auto mode = random() % 4; // nothing, all, any twice as often
    std::uint64_t size = mode == 0 ? file.size_on_disk : mode == 1 ? now : random() % 2 == 0 ? low : high;
    if (mode > 1 && now > low && low / sector_bytes < high / sector_bytes && random() % 3 == 0)
        size = (low / sector_bytes + 1) * sector_bytes +
               random() % (high / sector_bytes - low / sector_bytes) * sector_bytes; // torn
    for (const auto& [at, each] : file.sectors) {
        // An index past the versions means the newest, which the file has. What was cut off a file comes back as it was, or not.
        const bool cut_off = at * sector_bytes >= now;
        const std::size_t version = mode == 0 || cut_off ? 0
                                    : mode == 1          ? each.versions.size()
                                                         : random() % (each.versions.size() + 1);
        if (version < each.versions.size())
            (void)real_.pwrite(file.fd, each.versions[version].data(), sector_bytes, static_cast<off_t>(at * sector_bytes));
    }
    (void)real_.ftruncate(file.fd, static_cast<off_t>(size));
}

void simulated_files::cut(std::uint32_t seed) {
    std::mt19937 random{seed};
    const auto names = names_after_cut(random);
    for (std::size_t i = 0; i < files_.size(); ++i)
        set_aside(static_cast<int>(i));
    for (const auto& [name, number] : names) {
        auto& file = files_[static_cast<std::size_t>(number)];
        cut_file(file, random);
        real_.rename(file.place.c_str(), (directory_ + "/" + name).c_str());
        file.place = directory_ + "/" + name;
    }
}

} // namespace fenliu::tests::faults
