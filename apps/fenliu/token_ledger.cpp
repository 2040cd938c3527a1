#include "apps/fenliu/token_ledger.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fenliu::apps::fenliu {

namespace {

std::string last_error() { return std::strerror(errno); } // NOLINT(concurrency-mt-unsafe): one thread

/// Why the line is not in the file and on the disk; nothing if it is. It is there in whole or not at all.
std::optional<std::string> append(const std::filesystem::path& file, const std::string& line) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0) return last_error();
    std::optional<std::string> why;
    static_cast<void>(::flock(fd, LOCK_EX)); // or what is cut off below may be another's
    const auto end = ::lseek(fd, 0, SEEK_END);
    const auto written = ::write(fd, line.data(), line.size());
    if (written < 0)
        why = last_error();
    else if (written != static_cast<ssize_t>(line.size()))
        why = "there is no room for a line; is the disk full?";
    else if (::fsync(fd) != 0)
        why = last_error();
    if (why && end >= 0 && written > 0 && ::ftruncate(fd, end) != 0)
        *why += "; remove its last line, which can't be taken back: " + last_error();
    ::close(fd);
    return why;
}

} // namespace

std::filesystem::path ledger_beside(const std::filesystem::path& issuer_key) {
    return std::filesystem::path(issuer_key).replace_extension(".ledger");
}

std::optional<problem> add_to_ledger(const std::filesystem::path& ledger, const protocol::token_claims& claims) {
    const json line{{"id", claims.id},
                    {"role", name(claims.grade)},
                    {"shop", claims.shop},
                    {"account", claims.account},
                    {"issued_at", claims.issued_at},
                    {"expires_at", claims.expires_at},
                    {"key", claims.key},
                    {"messages_per_s", claims.messages_per_s},
                    {"connections", claims.connections}};
    const auto why = append(ledger, to_text(line) + "\n");
    if (!why) return {};
    return problem{exit_status::failed, ledger.string() + ": can't be written, so no token is issued: " + *why};
}

std::variant<std::vector<json>, problem> read_ledger(const std::filesystem::path& ledger) {
    std::vector<json> rows;
    std::error_code unknown;
    const bool there = std::filesystem::exists(ledger, unknown) || unknown;
    errno = 0;
    std::ifstream file(ledger);
    if (there && !file) return problem{exit_status::failed, ledger.string() + ": can't be read: " + last_error()};
    std::string line;
    for (std::size_t number = 1; std::getline(file, line); ++number) {
        auto row = json::parse(line, nullptr, false);
        if (!row.is_object() || cell(row, "id").empty())
            return problem{exit_status::failed,
                           ledger.string() + ":" + std::to_string(number) + ": is no line of a ledger; mend or remove it"};
        rows.push_back(std::move(row));
    }
    if (file.bad()) return problem{exit_status::failed, ledger.string() + ": can't be read; is it a file?"};
    return rows;
}

} // namespace fenliu::apps::fenliu
