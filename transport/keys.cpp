#include "transport/keys.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include "protocol/limits.hpp"

namespace fenliu::transport {

namespace {

using protocol::errc;
using protocol::failure;

constexpr std::size_t z85_characters = 40;
constexpr std::size_t curve_bytes = 32;
constexpr std::size_t issuer_characters = 43;
static_assert(crypto_sign_SEEDBYTES == 32 && crypto_sign_PUBLICKEYBYTES == 32);

std::string_view word_of(key_kind kind) noexcept {
    switch (kind) {
    case key_kind::curve_public:
        return "fenliu-curve-public";
    case key_kind::curve_secret:
        return "fenliu-curve-secret";
    case key_kind::issuer_public:
        return "fenliu-issuer-public";
    case key_kind::issuer_secret:
        break;
    }
    return "fenliu-issuer-secret";
}

bool is_secret(key_kind kind) noexcept { return kind == key_kind::curve_secret || kind == key_kind::issuer_secret; }

std::string issuer_text(const unsigned char* bytes) {
    std::string text(sodium_base64_encoded_len(32, sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes, 32, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    text.pop_back(); // its closing zero
    return text;
}

failure because(const std::filesystem::path& path, const std::string& why) {
    return {errc::not_found, path.string() + ": " + why};
}

/// A descriptor that closes itself.
class descriptor {
public:
    explicit descriptor(int fd) noexcept
        : fd_(fd) {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] int get() const noexcept { return fd_; }

private:
    int fd_;
};

std::string last_error() { return std::strerror(errno); } // NOLINT(concurrency-mt-unsafe): glibc's is safe

} // namespace

key_pair make_curve_pair() {
    std::array<char, z85_characters + 1> open{}, secret{};
    if (zmq_curve_keypair(open.data(), secret.data()) != 0) std::abort(); // a libzmq without CURVE
    return {open.data(), secret.data()};
}

key_pair make_issuer_pair() {
    if (sodium_init() < 0) std::abort(); // no randomness: no key would be a secret
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> open{};
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
    crypto_sign_keypair(open.data(), secret.data());
    return {issuer_text(open.data()), issuer_text(secret.data())}; // its first half is the seed
}

std::string curve_public_of(const std::string& secret_key) {
    std::array<char, z85_characters + 1> open{};
    if (zmq_curve_public(open.data(), secret_key.c_str()) != 0) return {};
    return open.data();
}

bool is_base64url(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    });
}

std::optional<std::array<unsigned char, 32>> issuer_bytes(std::string_view text) {
    std::array<unsigned char, 32> bytes{};
    std::size_t size = 0;
    if (text.size() != issuer_characters || !is_base64url(text) ||
        sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        size != bytes.size())
        return std::nullopt;
    return bytes;
}

bool is_key(key_kind kind, std::string_view text) {
    if (kind == key_kind::issuer_public || kind == key_kind::issuer_secret) return issuer_bytes(text).has_value();
    std::array<unsigned char, curve_bytes> bytes{};
    return text.size() == z85_characters && zmq_z85_decode(bytes.data(), std::string(text).c_str()) != nullptr;
}

std::optional<failure> write_key_file(const std::filesystem::path& path, key_kind kind, std::string_view key) {
    const descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (file.get() < 0 && errno == EEXIST) return because(path, "is there already, and keys are not written over; name another");
    if (file.get() < 0) return because(path, "can't be made: " + last_error());
    const std::string line = std::string(word_of(kind)).append(" ").append(key).append("\n");
    errno = 0; // which a write of less than all leaves alone
    const ssize_t written = ::write(file.get(), line.data(), line.size());
    if (written == static_cast<ssize_t>(line.size()) && ::fsync(file.get()) == 0) return std::nullopt;
    return because(path, "can't be written: " + (errno != 0 ? last_error() : "the disk is full"));
}

std::variant<std::string, failure> read_key_file(const std::filesystem::path& path, key_kind kind) {
    const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat about {};
    if (file.get() < 0 || ::fstat(file.get(), &about) != 0) return because(path, "can't be read: " + last_error());
    if (!S_ISREG(about.st_mode)) return because(path, "is no file");
    if (is_secret(kind) && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return because(path, "holds a secret that others may read; chmod 600 it, and make a new one if it has been like that");
    std::string text(limits::key_file_bytes, '\0');
    const ssize_t size = ::read(file.get(), text.data(), text.size());
    if (size < 0) return because(path, "can't be read: " + last_error());
    std::string_view line(text.data(), static_cast<std::size_t>(size));
    if (line.ends_with('\n')) line.remove_suffix(1);
    const std::string begin = std::string(word_of(kind)) + " ";
    if (!line.starts_with(begin) || !is_key(kind, line.substr(begin.size())))
        return because(path, "holds no key of the kind " + begin.substr(0, begin.size() - 1) + "; fenliu keygen makes them");
    std::string key(line.substr(begin.size()));
    sodium_memzero(text.data(), text.size());
    return key;
}

} // namespace fenliu::transport
