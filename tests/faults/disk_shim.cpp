// A library for LD_PRELOAD that stands between a program and the files below one directory. It counts the calls that change
// something there, lets one fail, and at a chosen one cuts the power: the process ends and the directory is left as a disk could
// leave it. Settings come from the environment:
//   DISK_UNDER=DIR    the directory, which exists; its files LOCK and *-shm are let through
//   DISK_CUT_AT=N     the power goes at the Nth call; DISK_CUT_AT=exit: when the process ends by itself
//   DISK_SEED=S       what survives of what was not synced
//   DISK_FAIL_AT=N    the Nth call fails, with DISK_FAIL_WITH=ERRNO; DISK_FAIL_ON=1: those after it, too
//   DISK_LIES=1       a sync says it is done and does nothing
//   DISK_REPORT=FILE  where to write how many calls there were and which one failed
// sync_file_range is no sync: it promises nothing about the disk.
#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/faults/simulated_files.hpp"

namespace {

using fenliu::tests::faults::simulated_files;
using fenliu::tests::faults::system_calls;

template <class Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

std::string setting(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

/// One for the process; never destroyed, because threads go on until the very end.
class shim {
public:
    /// Called once the library is loaded: what this calls comes back through the shim and has to pass.
    void start() {
        if (under_.empty()) return;
        files_ = new simulated_files{{next<int(const char*, int, ...)>("open"), next<ssize_t(int, void*, size_t, off_t)>("pread"),
                                      next<ssize_t(int, const void*, size_t, off_t)>("pwrite"),
                                      next<int(int, off_t)>("ftruncate"), next<int(const char*, const char*)>("rename")},
                                     under_};
        under_ += '/';
        started_ = true;
    }

    std::recursive_mutex mutex;

    /// The file's name within the directory; empty: not ours.
    [[nodiscard]] std::string name_of(const char* path) const {
        if (!started_ || path == nullptr || std::strncmp(path, under_.c_str(), under_.size()) != 0) return {};
        std::string name = path + under_.size();
        return name == "LOCK" || name.ends_with("-shm") || name.find('/') != std::string::npos ? std::string{} : name;
    }
    [[nodiscard]] bool is_directory(const char* path) const {
        return started_ && path != nullptr && std::string{path} + "/" == under_;
    }
    [[nodiscard]] simulated_files& files() { return *files_; }

    /// Counts a call. True: it fails, with errno set. Doesn't come back when the power goes.
    bool fails(const char* call, const std::string& name) {
        ++calls_;
        if (calls_ == cut_at_) cut();
        if (calls_ != fail_at_ && (!fail_on_ || calls_ < fail_at_ || fail_at_ == 0)) return false;
        if (failed_.empty()) failed_ = std::string{call} + " " + name;
        report();
        errno = fail_with_;
        return true;
    }
    [[nodiscard]] bool lies() const { return lies_; }

    void ends() {
        const std::lock_guard lock{mutex};
        report();
        if (started_ && cut_at_exit_) cut();
    }

    // File descriptors: -1 is the directory.
    std::map<int, int> descriptors;

private:
    [[noreturn]] void cut() {
        files_->cut(seed_);
        report();
        ::syscall(SYS_exit_group, 77);
        std::abort();
    }
    void report() const {
        if (report_.empty()) return;
        const int fd = next<int(const char*, int, ...)>("open")(report_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        const std::string text = std::to_string(calls_) + "\n" + failed_ + "\n";
        (void)next<ssize_t(int, const void*, size_t, off_t)>("pwrite")(fd, text.data(), text.size(), 0);
        next<int(int)>("close")(fd);
    }

    std::string under_ = setting("DISK_UNDER"), report_ = setting("DISK_REPORT"), failed_;
    bool cut_at_exit_ = setting("DISK_CUT_AT") == "exit", lies_ = !setting("DISK_LIES").empty(),
         fail_on_ = !setting("DISK_FAIL_ON").empty();
    unsigned long calls_ = 0, cut_at_ = std::strtoul(setting("DISK_CUT_AT").c_str(), nullptr, 10),
                  fail_at_ = std::strtoul(setting("DISK_FAIL_AT").c_str(), nullptr, 10);
    std::uint32_t seed_ = static_cast<std::uint32_t>(std::strtoul(setting("DISK_SEED").c_str(), nullptr, 10));
    int fail_with_ = std::atoi(setting("DISK_FAIL_WITH").c_str());
    simulated_files* files_ = nullptr;
    bool started_ = false;
};

shim& disk() {
    static shim* const one = new shim;
    return *one;
}

int known(int fd, int otherwise) {
    const auto found = disk().descriptors.find(fd);
    return found == disk().descriptors.end() ? otherwise : found->second;
}
constexpr int not_ours = -2, the_directory = -1;

int open_with(const char* call, const char* path, int flags, mode_t mode) {
    const auto real = next<int(const char*, int, ...)>(call);
    const std::lock_guard lock{disk().mutex};
    const auto name = disk().name_of(path);
    if (name.empty()) {
        const int fd = real(path, flags, mode);
        if (fd >= 0 && disk().is_directory(path)) disk().descriptors[fd] = the_directory;
        return fd;
    }
    const bool changes = (flags & (O_CREAT | O_TRUNC)) != 0 && ((flags & O_TRUNC) != 0 || !disk().files().knows(name));
    if (changes && disk().fails("open", name)) return -1;
    if (changes && (flags & O_TRUNC) != 0 && disk().files().knows(name)) {
        disk().files().before_truncate(disk().files().opened(name), 0);
    }
    const int fd = real(path, flags, mode);
    if (fd >= 0) disk().descriptors[fd] = disk().files().opened(name);
    return fd;
}

/// Runs a call that writes [offset, offset + size) of a file of ours, or lets it through.
template <class Call>
ssize_t write_with(int fd, std::uint64_t offset, std::uint64_t size, const void* bytes, Call&& call) {
    std::unique_lock lock{disk().mutex};
    const int file = known(fd, not_ours);
    if (file < 0) {
        lock.unlock(); // it may block
        return call();
    }
    if (disk().fails("write", std::to_string(file))) return -1;
    disk().files().before_write(file, offset, size, static_cast<const char*>(bytes));
    return call();
}

template <class Call>
int sync_with(const char* name, int fd, Call&& call) {
    const std::lock_guard lock{disk().mutex};
    const int file = known(fd, not_ours);
    if (file == not_ours) return call();
    if (disk().fails(name, file == the_directory ? "directory" : std::to_string(file))) {
        if (file >= 0) disk().files().sync_failed(file);
        return -1;
    }
    if (disk().lies()) return 0;
    if (file == the_directory)
        disk().files().directory_synced();
    else
        disk().files().synced(file);
    return 0; // the real disk need not work for it
}

int truncate_with(int fd, off_t size, const char* name) {
    const std::lock_guard lock{disk().mutex};
    const int file = known(fd, not_ours);
    if (file >= 0) {
        if (disk().fails("truncate", std::to_string(file))) return -1;
        disk().files().before_truncate(file, static_cast<std::uint64_t>(size));
    }
    return next<int(int, off_t)>(name)(fd, size);
}

/// Of fallocate and posix_fallocate: 0, or the error.
int allocate_fails(int fd) {
    const std::lock_guard lock{disk().mutex};
    const int file = known(fd, not_ours);
    return file >= 0 && disk().fails("fallocate", std::to_string(file)) ? errno : 0;
}

int unlink_with(const char* path) {
    const std::lock_guard lock{disk().mutex};
    const auto name = disk().name_of(path);
    if (name.empty()) return next<int(const char*)>("unlink")(path);
    if (!disk().files().knows(name)) {
        errno = ENOENT;
        return -1;
    }
    return disk().fails("unlink", name) ? -1 : disk().files().unlink(name);
}

std::uint64_t bytes_of(const iovec* parts, int count) {
    std::uint64_t bytes = 0;
    for (int i = 0; i < count; ++i)
        bytes += parts[i].iov_len;
    return bytes;
}

mode_t mode_of(int flags, va_list more) { return (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0; }

} // namespace

extern "C" {

#define FENLIU_OPEN(name)                                                                                                        \
    int name(const char* path, int flags, ...) {                                                                                 \
        va_list more;                                                                                                            \
        va_start(more, flags);                                                                                                   \
        const mode_t mode = mode_of(flags, more);                                                                                \
        va_end(more);                                                                                                            \
        return open_with(#name, path, flags, mode);                                                                              \
    }
FENLIU_OPEN(open)
FENLIU_OPEN(open64)

// Programs name their files absolutely here; with a directory of their own they are not ours.
int openat(int directory, const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const mode_t mode = mode_of(flags, more);
    va_end(more);
    if (*path == '/') return open_with("open", path, flags, mode);
    return next<int(int, const char*, int, ...)>("openat")(directory, path, flags, mode);
}

int close(int fd) {
    const std::lock_guard lock{disk().mutex};
    disk().descriptors.erase(fd);
    return next<int(int)>("close")(fd);
}

ssize_t pwrite(int fd, const void* from, size_t size, off_t offset) {
    return write_with(fd, static_cast<std::uint64_t>(offset), size, from,
                      [&] { return next<ssize_t(int, const void*, size_t, off_t)>("pwrite")(fd, from, size, offset); });
}
ssize_t pwrite64(int fd, const void* from, size_t size, off64_t offset) { return pwrite(fd, from, size, offset); }
ssize_t write(int fd, const void* from, size_t size) {
    const auto at = static_cast<std::uint64_t>(std::max<off_t>(0, ::lseek(fd, 0, SEEK_CUR)));
    return write_with(fd, at, size, from, [&] { return next<ssize_t(int, const void*, size_t)>("write")(fd, from, size); });
}
ssize_t writev(int fd, const iovec* parts, int count) {
    const auto at = static_cast<std::uint64_t>(std::max<off_t>(0, ::lseek(fd, 0, SEEK_CUR)));
    return write_with(fd, at, bytes_of(parts, count), nullptr,
                      [&] { return next<ssize_t(int, const iovec*, int)>("writev")(fd, parts, count); });
}
ssize_t pwritev(int fd, const iovec* parts, int count, off_t offset) {
    return write_with(fd, static_cast<std::uint64_t>(offset), bytes_of(parts, count), nullptr,
                      [&] { return next<ssize_t(int, const iovec*, int, off_t)>("pwritev")(fd, parts, count, offset); });
}

int fsync(int fd) {
    return sync_with("fsync", fd, [&] { return next<int(int)>("fsync")(fd); });
}
int fdatasync(int fd) {
    return sync_with("fdatasync", fd, [&] { return next<int(int)>("fdatasync")(fd); });
}

int ftruncate(int fd, off_t size) noexcept { return truncate_with(fd, size, "ftruncate"); }
int ftruncate64(int fd, off64_t size) noexcept { return truncate_with(fd, size, "ftruncate64"); }

int fallocate(int fd, int mode, off_t offset, off_t size) {
    return allocate_fails(fd) != 0 ? -1 : next<int(int, int, off_t, off_t)>("fallocate")(fd, mode, offset, size);
}
int posix_fallocate(int fd, off_t offset, off_t size) {
    const int error = allocate_fails(fd);
    return error != 0 ? error : next<int(int, off_t, off_t)>("posix_fallocate")(fd, offset, size);
}
int fallocate64(int fd, int mode, off64_t offset, off64_t size) { return fallocate(fd, mode, offset, size); }
int posix_fallocate64(int fd, off64_t offset, off64_t size) { return posix_fallocate(fd, offset, size); }

int rename(const char* from, const char* to) noexcept {
    const std::lock_guard lock{disk().mutex};
    const auto old_name = disk().name_of(from), new_name = disk().name_of(to);
    if (old_name.empty() || new_name.empty()) return next<int(const char*, const char*)>("rename")(from, to);
    return disk().fails("rename", new_name) ? -1 : disk().files().rename(old_name, new_name);
}

int unlink(const char* path) noexcept { return unlink_with(path); }
int remove(const char* path) noexcept {
    return disk().name_of(path).empty() ? next<int(const char*)>("remove")(path) : unlink_with(path);
}

void _exit(int status) {
    disk().ends();
    ::syscall(SYS_exit_group, status);
    std::abort();
}
void _Exit(int status) noexcept { _exit(status); }

[[gnu::constructor]] void fenliu_disk_starts() { disk().start(); }
[[gnu::destructor]] void fenliu_disk_ends() { disk().ends(); }

} // extern "C"
