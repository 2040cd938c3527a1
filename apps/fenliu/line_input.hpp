// Lines from a file descriptor that may be a terminal, a pipe or a file, without ever blocking the caller. One thread.
#pragma once

#include <optional>
#include <string>

namespace fenliu::apps::fenliu {

class line_input {
public:
    explicit line_input(int fd) noexcept
        : fd_(fd) {}

    /// The next whole line without its end, if one is there or can be read now. The last line may lack its end.
    [[nodiscard]] std::optional<std::string> next();
    /// Nothing will come any more.
    [[nodiscard]] bool ended() const noexcept { return ended_ && buffer_.empty(); }
    [[nodiscard]] int fd() const noexcept { return fd_; }

private:
    [[nodiscard]] bool readable() const;

    int fd_;
    bool ended_ = false;
    std::string buffer_;
};

} // namespace fenliu::apps::fenliu
