#include "storage/data_directory.hpp"

#include <algorithm>
#include <charconv>

#include "storage/segment_list.hpp"

namespace fenliu::storage {
namespace {

protocol::failure unusable(const std::filesystem::path& path, std::string_view why) {
    return {protocol::errc::storage_failed, path.string().append(" ").append(why)};
}

} // namespace

outcome write_version(file_system& files, const std::filesystem::path& directory) {
    const auto unfinished = directory / "VERSION.tmp";
    auto opened = files.open(unfinished, file_system::mode::create);
    if (auto* failure = std::get_if<protocol::failure>(&opened)) return std::move(*failure);
    auto& target = *std::get<0>(opened);
    if (auto failure = target.write(0, std::to_string(directory_version) + "\n")) return failure;
    if (auto failure = target.sync()) return failure;
    if (auto failure = files.rename(unfinished, directory / version_name)) return failure;
    return files.sync_directory(directory);
}

outcome check_version(file_system& files, const std::filesystem::path& directory) {
    const auto path = directory / version_name;
    auto opened = files.open(path, file_system::mode::read);
    if (auto* failure = std::get_if<protocol::failure>(&opened)) return std::move(*failure);
    std::string text(16, '\0');
    auto got = std::get<0>(opened)->read(0, text.data(), text.size());
    if (auto* failure = std::get_if<protocol::failure>(&got)) return std::move(*failure);
    text.resize(std::get<0>(got));
    unsigned version = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (error != std::errc{} || version == 0 || std::string_view{end, text.data() + text.size()} != "\n")
        return unusable(path, "holds no version; this is no data directory of fenliu");
    if (version > directory_version)
        return unusable(directory, "is in format " + std::to_string(version) + ", this fenliu reads formats up to " +
                                       std::to_string(directory_version) + "; start a version that reads format " +
                                       std::to_string(version));
    return {};
}

result<std::unique_ptr<directory_lock>> enter_directory(file_system& files, const std::filesystem::path& directory) {
    if (auto failure = files.make_directory(directory)) return std::move(*failure);
    auto lock = files.lock(directory / lock_name);
    if (std::holds_alternative<protocol::failure>(lock)) return lock;
    auto listed = files.list(directory);
    if (auto* failure = std::get_if<protocol::failure>(&listed)) return std::move(*failure);
    const auto& names = std::get<0>(listed);
    outcome failure;
    if (std::find(names.begin(), names.end(), version_name) != names.end())
        failure = check_version(files, directory);
    else if (std::any_of(names.begin(), names.end(),
                         [](const auto& each) { return each == archive_name || segment_index(each); }))
        failure = unusable(directory, "has data but no VERSION file; restore the data directory from a backup");
    else
        failure = write_version(files, directory);
    if (failure) return std::move(*failure);
    return lock;
}

} // namespace fenliu::storage
