#include "apps/fenliu/token_ledger.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fenliu::apps::fenliu {

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
    const std::string text = to_text(line) + "\n";
    const int fd = ::open(ledger.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
    const bool written =
        fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
    const int fault = errno;
    if (fd >= 0) ::close(fd);
    if (written) return {};
    return problem{exit_status::failed, ledger.string() + ": can't be written, so no token is issued: " +
                                            std::strerror(fault)}; // NOLINT(concurrency-mt-unsafe): one thread
}

std::variant<std::vector<json>, problem> read_ledger(const std::filesystem::path& ledger) {
    std::vector<json> rows;
    std::ifstream file(ledger);
    std::string line;
    for (std::size_t number = 1; std::getline(file, line); ++number) {
        auto row = json::parse(line, nullptr, false);
        if (!row.is_object() || cell(row, "id").empty())
            return problem{exit_status::failed,
                           ledger.string() + ":" + std::to_string(number) + ": is no line of a ledger; mend or remove it"};
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace fenliu::apps::fenliu
