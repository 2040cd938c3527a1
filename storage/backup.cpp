#include "storage/backup.hpp"

#include <algorithm>
#include <map>

#include <SQLiteCpp/Backup.h>

#include "protocol/limits.hpp"
#include "storage/archive_rows.hpp"
#include "storage/archive_schema.hpp"
#include "storage/data_directory.hpp"
#include "storage/journal_format.hpp"
#include "storage/journal_recovery.hpp"
#include "storage/segment_reader.hpp"

namespace fenliu::storage {
namespace {

namespace fs = std::filesystem;

protocol::failure refused(const fs::path& path, std::string_view why) {
    return {protocol::errc::storage_failed, path.string().append(" ").append(why)};
}

fs::path absolute_path(const fs::path& given) {
    auto path = fs::absolute(given).lexically_normal();
    return path.has_filename() ? path : path.parent_path();
}

outcome make_empty(file_system& files, const fs::path& directory) {
    if (auto failure = files.make_directory(directory)) return failure;
    auto listed = files.list(directory);
    if (auto* failure = std::get_if<protocol::failure>(&listed)) return std::move(*failure);
    const auto& names = std::get<0>(listed);
    if (std::all_of(names.begin(), names.end(), [](const std::string& each) { return each == lock_name; })) return {};
    return refused(directory, "is not empty; name a directory that doesn't exist or is empty");
}

/// Copies the first `bytes` of a file, or all that are there, and syncs them. The copy gets the size of the file.
outcome copy_file(file_system& files, const fs::path& from, const fs::path& to, std::uint64_t bytes = UINT64_MAX) {
    auto source = files.open(from, file_system::mode::read);
    if (auto* failure = std::get_if<protocol::failure>(&source)) return std::move(*failure);
    auto target = files.open(to, file_system::mode::create);
    if (auto* failure = std::get_if<protocol::failure>(&target)) return std::move(*failure);
    std::string buffer(limits::copy_bytes, '\0');
    for (std::uint64_t at = 0; at < bytes;) {
        auto got = std::get<0>(source)->read(at, buffer.data(), std::min<std::uint64_t>(buffer.size(), bytes - at));
        if (auto* failure = std::get_if<protocol::failure>(&got)) return std::move(*failure);
        const std::size_t size = std::get<0>(got);
        if (size == 0) break;
        if (auto failure = std::get<0>(target)->write(at, std::string_view{buffer}.substr(0, size))) return failure;
        at += size;
    }
    auto size = std::get<0>(source)->size();
    if (auto* failure = std::get_if<protocol::failure>(&size)) return std::move(*failure);
    if (const auto whole = std::get<0>(size); whole > bytes)
        if (auto failure = std::get<0>(target)->write(whole - 1, std::string_view{"", 1})) return failure;
    return std::get<0>(target)->sync();
}

/// The last steps: only a directory with VERSION is a store, and only one that was looked at is told of.
result<copied_store> finish(file_system& files, const fs::path& directory) {
    if (auto failure = files.sync_directory(directory)) return std::move(*failure);
    if (auto failure = write_version(files, directory)) return std::move(*failure);
    auto looked = check_store(directory);
    if (auto* failure = std::get_if<protocol::failure>(&looked)) return std::move(*failure);
    copied_store made{.found = std::get<0>(std::move(looked))};
    if (!made.found.whole()) {
        (void)files.remove(directory / version_name);
        return refused(directory, "is a copy of a damaged store: " + made.found.findings.front().text);
    }
    std::error_code none;
    for (const auto& each : fs::directory_iterator{directory, none})
        made.bytes += each.is_regular_file() ? each.file_size() : 0;
    return made;
}

/// One attempt at a backup.
class backup_copy {
public:
    backup_copy(const fs::path& from, const fs::path& to)
        : from_{from}
        , to_{to} {}

    outcome run() {
        if (auto failure = copy_archive()) return failure;
        if (auto failure = find_segments()) return failure;
        const auto first = segments_.begin();
        // A store without any log is one that is new.
        overtaken_ = first == segments_.end() ? applied_ > 0 : first->second.first_position > applied_;
        for (auto each = first; each != segments_.end() && !overtaken_; ++each) {
            const auto next = std::next(each);
            const auto& [index, where] = *each;
            if (next != segments_.end() && next->second.first_position <= applied_) continue;
            std::uint64_t bytes = 0;
            if (next != segments_.end())
                bytes = journal_format::header_bytes + next->second.first_position - where.first_position;
            else if (auto failure = find_end(where, bytes))
                return failure;
            auto failure = copy_file(files_, where.path, to_ / where.path.filename(), bytes);
            std::error_code none;
            overtaken_ = !fs::exists(where.path, none);
            if (failure) return failure;
        }
        return {};
    }
    /// The broker has dropped a part of the log that the archive needed when it was copied.
    [[nodiscard]] bool overtaken() const { return overtaken_; }

private:
    outcome open_target(std::unique_ptr<SQLite::Database>& target) const {
        const auto path = to_ / archive_name;
        try {
            target = std::make_unique<SQLite::Database>(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
            return {};
        } catch (const std::exception& error) {
            return refused(path, std::string{"can't be made: "} + error.what());
        }
    }

    outcome copy_archive() {
        const auto path = from_ / archive_name;
        try {
            const auto source = open_archive_to_read(path);
            std::unique_ptr<SQLite::Database> target;
            if (auto failure = open_target(target)) return failure;
            return guarded(*source, [&]() -> outcome {
                source->exec("BEGIN"); // one moment for the position and for the pages
                applied_ = unsigned_of(source->execAndGet("SELECT applied FROM meta"));
                return guarded(*target, [&]() -> outcome {
                    SQLite::Backup{*target, *source}.executeStep();
                    return {};
                });
            });
        } catch (const std::exception& error) {
            return refused(path, std::string{"can't be read: "} + error.what());
        }
    }

    outcome find_segments() {
        auto listed = files_.list(from_);
        if (auto* failure = std::get_if<protocol::failure>(&listed)) return std::move(*failure);
        for (const auto& name : std::get<0>(listed)) {
            const auto index = segment_index(name);
            if (!index) continue;
            segment found{.index = *index, .path = from_ / name};
            auto opened = files_.open(found.path, file_system::mode::read);
            if (opened.index() != 0) continue; // dropped since; if it was needed, the look at the copy says so
            std::string bytes(journal_format::header_bytes, '\0');
            auto got = std::get<0>(opened)->read(0, bytes.data(), bytes.size());
            if (auto* failure = std::get_if<protocol::failure>(&got)) return std::move(*failure);
            journal_format::segment_header header;
            if (journal_format::read_header(bytes, header) != journal_format::header_state::valid) continue; // not in use yet
            found.first_position = header.first_position;
            found.chain = header.chain;
            segments_.emplace(*index, std::move(found));
        }
        return {};
    }

    /// Where the last whole group of the newest segment ends by now, as an offset in its file.
    outcome find_end(const segment& newest, std::uint64_t& bytes) {
        auto opened = segment_reader::open(files_, newest);
        if (auto* failure = std::get_if<protocol::failure>(&opened)) return std::move(*failure);
        auto& reader = *std::get<0>(opened);
        bytes = reader.offset();
        for (std::optional<std::uint64_t> broken;;) {
            auto read = reader.next();
            if (auto* failure = std::get_if<protocol::failure>(&read)) return std::move(*failure);
            const auto what = std::get<0>(read).what;
            if (what == frame::kind::watermark) bytes = reader.offset();
            if (what != frame::kind::none) continue;
            auto damage = check_nothing_lost(files_, newest.path, bytes);
            if (!damage) return {};
            // Groups follow: they may have been written since this place was read.
            if (broken == reader.offset()) return damage;
            broken = reader.offset();
        }
    }

    file_system& files_ = operating_system();
    const fs::path from_, to_;
    std::uint64_t applied_ = 0;
    std::map<std::uint64_t, segment> segments_;
    bool overtaken_ = false;
};

outcome empty_again(file_system& files, const fs::path& directory) {
    auto listed = files.list(directory);
    if (auto* failure = std::get_if<protocol::failure>(&listed)) return std::move(*failure);
    for (const auto& name : std::get<0>(listed))
        if (auto failure = files.remove(directory / name)) return failure;
    return {};
}

} // namespace

result<copied_store> back_up(const fs::path& directory, const fs::path& target) {
    auto& files = operating_system();
    const auto from = absolute_path(directory), to = absolute_path(target);
    if (auto failure = check_version(files, from)) return std::move(*failure);
    if (auto failure = make_empty(files, to)) return std::move(*failure);
    for (int attempt = 1;; ++attempt) {
        backup_copy copy{from, to};
        auto failure = copy.run();
        const bool overtaken = copy.overtaken();
        if (!failure && !overtaken) return finish(files, to);
        if (!overtaken) return std::move(*failure);
        if (attempt == limits::backup_attempts)
            return refused(from, "drops its log faster than it can be copied; try again when it is less busy");
        if (auto uncleared = empty_again(files, to)) return std::move(*uncleared);
    }
}

result<copied_store> restore(const fs::path& backup, const fs::path& directory) {
    auto& files = operating_system();
    const auto from = absolute_path(backup), to = absolute_path(directory);
    auto looked = check_store(from);
    if (auto* failure = std::get_if<protocol::failure>(&looked)) return std::move(*failure);
    if (const auto& report = std::get<0>(looked); !report.whole())
        return refused(from, "is damaged; use another backup: " + report.findings.front().text);
    if (auto failure = make_empty(files, to)) return std::move(*failure);
    {
        auto lock = files.lock(to / lock_name);
        if (auto* failure = std::get_if<protocol::failure>(&lock)) return std::move(*failure);
        auto listed = files.list(from);
        if (auto* failure = std::get_if<protocol::failure>(&listed)) return std::move(*failure);
        for (const auto& name : std::get<0>(listed))
            if (name == archive_name || name == std::string{archive_name} + "-wal" || segment_index(name))
                if (auto failure = copy_file(files, from / name, to / name)) return std::move(*failure);
    }
    return finish(files, to);
}

} // namespace fenliu::storage
