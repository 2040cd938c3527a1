#include "storage/file_system.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fenliu::storage {
namespace {

std::string_view remedy(int error) noexcept {
    switch (error) {
    case ENOSPC:
    case EDQUOT:
        return "; free some space on that disk";
    case EACCES:
    case EPERM:
        return "; the user who runs this needs to be allowed to read and write there";
    case EROFS:
        return "; choose a directory on a disk that can be written to";
    case ENOTDIR:
    case EEXIST:
        return "; choose another directory";
    default:
        return "";
    }
}

protocol::failure failed(std::string_view what, const std::filesystem::path& path, int error = errno) {
    std::string text;
    text.append(what).append(" ").append(path.string()).append(": ");
    text.append(std::generic_category().message(error)).append(remedy(error));
    return {protocol::errc::storage_failed, std::move(text)};
}

/// Owns a file descriptor.
class descriptor {
public:
    explicit descriptor(int fd) noexcept
        : fd_{fd} {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] bool valid() const noexcept { return fd_ >= 0; }

private:
    int fd_;
};

class real_file final : public file {
public:
    real_file(std::filesystem::path path, int fd)
        : path_{std::move(path)}
        , fd_{fd} {}

    outcome write(std::uint64_t offset, std::string_view bytes) override {
        while (!bytes.empty()) {
            const ssize_t written = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
            if (written < 0 && errno == EINTR) continue;
            if (written <= 0) return failed("cannot write", path_, written < 0 ? errno : EIO);
            bytes.remove_prefix(static_cast<std::size_t>(written));
            offset += static_cast<std::uint64_t>(written);
        }
        return {};
    }
    result<std::size_t> read(std::uint64_t offset, char* to, std::size_t size) override {
        std::size_t done = 0;
        while (done < size) {
            const ssize_t got = ::pread(fd_.get(), to + done, size - done, static_cast<off_t>(offset + done));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return failed("cannot read", path_);
            if (got == 0) break;
            done += static_cast<std::size_t>(got);
        }
        return done;
    }
    outcome sync() override {
        if (::fdatasync(fd_.get()) != 0) return failed("cannot sync", path_);
        return {};
    }
    result<std::uint64_t> size() override {
        struct stat status;
        if (::fstat(fd_.get(), &status) != 0) return failed("cannot examine", path_);
        return static_cast<std::uint64_t>(status.st_size);
    }
    void forget_in_memory() noexcept override { ::posix_fadvise(fd_.get(), 0, 0, POSIX_FADV_DONTNEED); }

private:
    std::filesystem::path path_;
    descriptor fd_;
};

class real_lock final : public directory_lock {
public:
    explicit real_lock(int fd) noexcept
        : fd_{fd} {}

private:
    descriptor fd_; // closing it gives the lock back
};

/// Why flock() did not lock the file.
protocol::failure not_locked(const std::filesystem::path& path, int fd) {
    if (errno != EWOULDBLOCK) return failed("cannot lock", path);
    std::array<char, 24> text{};
    const ssize_t size = ::pread(fd, text.data(), text.size() - 1, 0);
    std::string holder{text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
    holder.erase(holder.find_last_not_of('\n') + 1);
    return {protocol::errc::storage_failed, path.parent_path().string() + " is in use by process " +
                                                (holder.empty() ? "?" : holder) +
                                                "; stop that process or choose another directory"};
}

class real_file_system final : public file_system {
public:
    result<std::unique_ptr<file>> open(const std::filesystem::path& path, mode how) override {
        const int flags = how == mode::read ? O_RDONLY : O_RDWR | O_CREAT | O_TRUNC;
        const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0640);
        if (fd < 0) return failed("cannot open", path);
        return std::make_unique<real_file>(path, fd);
    }
    outcome rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
        if (::rename(from.c_str(), to.c_str()) != 0) return failed("cannot rename to", to);
        return {};
    }
    outcome remove(const std::filesystem::path& path) override {
        if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failed("cannot remove", path);
        return {};
    }
    outcome sync_directory(const std::filesystem::path& path) override {
        const descriptor directory{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
        if (!directory.valid()) return failed("cannot open", path);
        if (::fsync(directory.get()) != 0) return failed("cannot sync", path);
        return {};
    }
    outcome make_directory(const std::filesystem::path& path) override {
        struct stat status;
        if (::stat(path.c_str(), &status) != 0) {
            if (errno != ENOENT) return failed("cannot use", path);
            const auto parent = path.parent_path();
            if (auto failure = make_directory(parent)) return failure;
            if (::mkdir(path.c_str(), 0750) != 0) return failed("cannot make", path);
            return sync_directory(parent);
        }
        if (!S_ISDIR(status.st_mode)) return failed("cannot use", path, ENOTDIR);
        return {};
    }
    result<std::vector<std::string>> list(const std::filesystem::path& path) override {
        std::error_code error;
        std::vector<std::string> names;
        for (std::filesystem::directory_iterator each{path, error}, end; !error && each != end; each.increment(error))
            names.push_back(each->path().filename().string());
        if (error) return failed("cannot list", path, error.value());
        return names;
    }
    result<std::unique_ptr<directory_lock>> lock(const std::filesystem::path& path) override {
        const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
        if (fd < 0) return failed("cannot open", path);
        auto held = std::make_unique<real_lock>(fd);
        if (::flock(fd, LOCK_EX | LOCK_NB) != 0) return not_locked(path, fd);
        std::array<char, 24> text{};
        const int length = std::snprintf(text.data(), text.size(), "%ld\n", static_cast<long>(::getpid()));
        if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, text.data(), static_cast<std::size_t>(length), 0) != length)
            return failed("cannot write", path);
        return held;
    }
};

} // namespace

result<std::unique_ptr<directory_lock>> share_lock(const std::filesystem::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        if (errno == ENOENT) return std::unique_ptr<directory_lock>{};
        return failed("cannot open", path);
    }
    auto held = std::make_unique<real_lock>(fd);
    if (::flock(fd, LOCK_SH | LOCK_NB) != 0) return not_locked(path, fd);
    return held;
}

file_system& operating_system() noexcept {
    static real_file_system instance;
    return instance;
}

} // namespace fenliu::storage
