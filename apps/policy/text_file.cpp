#include "apps/policy/text_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "protocol/limits.hpp"

namespace fenliu::apps::policy {

std::variant<std::string, protocol::failure> read_text_file(const std::string& file) {
    const auto unreadable = [&file](const std::string& why) {
        return protocol::failure{protocol::errc::not_found, file + ": can't be read: " + why};
    };
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return unreadable(std::strerror(errno)); // NOLINT(concurrency-mt-unsafe): only the main thread reads files
    std::string text;
    while (stream && text.size() <= limits::configuration_bytes) {
        const auto before = text.size();
        text.resize(std::clamp<std::size_t>(2 * before, 16 * 1024, limits::configuration_bytes + 1));
        stream.read(text.data() + before, static_cast<std::streamsize>(text.size() - before));
        text.resize(before + static_cast<std::size_t>(stream.gcount()));
    }
    if (stream.bad()) return unreadable("it is no file with text");
    if (text.size() > limits::configuration_bytes) return unreadable("it is larger than 16 MiB");
    return text;
}

} // namespace fenliu::apps::policy
