#include "apps/fenliu/line_input.hpp"

#include <array>
#include <cerrno>

#include <poll.h>
#include <unistd.h>

namespace fenliu::apps::fenliu {

bool line_input::readable() const {
    pollfd entry{fd_, POLLIN, 0};
    return ::poll(&entry, 1, 0) > 0;
}

std::optional<std::string> line_input::next() {
    auto end = buffer_.find('\n');
    while (end == std::string::npos && !ended_ && readable()) {
        std::array<char, 4'096> part{};
        const auto got = ::read(fd_, part.data(), part.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) {
            ended_ = true;
            break;
        }
        const auto before = buffer_.size();
        buffer_.append(part.data(), static_cast<std::size_t>(got));
        end = buffer_.find('\n', before);
    }
    if (end == std::string::npos && (!ended_ || buffer_.empty())) return {};

    auto line = buffer_.substr(0, end);
    buffer_.erase(0, end == std::string::npos ? end : end + 1);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return line;
}

} // namespace fenliu::apps::fenliu
