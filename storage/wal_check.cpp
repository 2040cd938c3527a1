#include "storage/wal_check.hpp"

#include "storage/journal_cursor.hpp"

namespace fenliu::storage {
namespace {

constexpr std::size_t header_bytes = 32, frame_head_bytes = 24, checked_of_header = 24, checked_of_frame = 8, salt_bytes = 8;
constexpr std::uint32_t magic = 0x377f0682; // its last bit: the checksums count big-endian words

std::uint32_t big_endian(const char* at) {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i)
        value = value << 8 | static_cast<unsigned char>(at[i]);
    return value;
}

std::uint32_t little_endian(const char* at) { return __builtin_bswap32(big_endian(at)); }

struct checksum {
    bool big = false;
    std::uint32_t first = 0, second = 0;

    void add(std::string_view bytes) {
        for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
            first += (big ? big_endian(&bytes[i]) : little_endian(&bytes[i])) + second;
            second += (big ? big_endian(&bytes[i + 4]) : little_endian(&bytes[i + 4])) + first;
        }
    }
    [[nodiscard]] bool is_at(const char* at) const { return first == big_endian(at) && second == big_endian(at + 4); }
};

struct wal_header {
    std::size_t page_bytes = 0;
    std::string salts;
    checksum sum;
};

bool is_page_size(std::size_t bytes) { return bytes >= 512 && bytes <= 65'536 && (bytes & (bytes - 1)) == 0; }

std::optional<wal_header> read_header(std::string_view bytes) {
    if (bytes.size() < header_bytes || (big_endian(&bytes[0]) & ~1U) != magic) return std::nullopt;
    wal_header found{.page_bytes = big_endian(&bytes[8]), .salts = std::string{bytes.substr(16, salt_bytes)}};
    found.sum.big = (big_endian(&bytes[0]) & 1U) != 0;
    found.sum.add(bytes.substr(0, checked_of_header));
    if (!found.sum.is_at(&bytes[checked_of_header]) || !is_page_size(found.page_bytes)) return std::nullopt;
    return found;
}

/// Frames from the place where the chain breaks. Those of the log's own time have its salts; older ones stand behind its end.
class rest_of_wal {
public:
    /// True when the frame shows that a transaction that stood at the break was followed by another.
    [[nodiscard]] bool shows_damage(std::string_view head, const std::string& salts) {
        if (head.substr(8, salt_bytes) != salts) return false;
        if (committed_) return true;
        committed_ = big_endian(&head[4]) != 0;
        return false;
    }

private:
    bool committed_ = false;
};

/// Page size of a database file, for a write-ahead log whose own header is no good.
std::size_t page_size_of(file_system& files, const std::filesystem::path& database) {
    auto opened = files.open(database, file_system::mode::read);
    if (opened.index() != 0) return 0;
    std::string bytes(18, '\0');
    auto got = std::get<0>(opened)->read(0, bytes.data(), bytes.size());
    if (got.index() != 0 || std::get<0>(got) < bytes.size()) return 0;
    const std::size_t size = big_endian(&bytes[14]) & 0xffff; // two bytes at 16; 1 means 65,536
    return size == 1 ? 65'536 : size;
}

outcome check_frames(file& source, const std::filesystem::path& path, std::uint64_t size, std::optional<wal_header> header,
                     std::size_t page_bytes) {
    const std::size_t frame_bytes = frame_head_bytes + page_bytes;
    std::string frame(frame_bytes, '\0');
    std::string salts = header ? header->salts : "";
    std::optional<std::uint64_t> broken = header ? std::nullopt : std::optional<std::uint64_t>{0};
    rest_of_wal rest;
    for (std::uint64_t at = header_bytes; at + frame_bytes <= size; at += frame_bytes) {
        auto got = source.read(at, frame.data(), frame.size());
        if (auto* failure = std::get_if<protocol::failure>(&got)) return std::move(*failure);
        const std::string_view bytes = frame, head = bytes.substr(0, frame_head_bytes);
        if (salts.empty()) salts = head.substr(8, salt_bytes);
        if (!broken) {
            auto& sum = header->sum;
            sum.add(bytes.substr(0, checked_of_frame));
            sum.add(bytes.substr(frame_head_bytes));
            if (head.substr(8, salt_bytes) == salts && sum.is_at(&frame[16])) continue;
            broken = at;
        }
        if (rest.shows_damage(head, salts))
            return damaged(path, *broken, "transactions follow that were written after it was on disk");
    }
    return {};
}

} // namespace

outcome check_wal(file_system& files, const std::filesystem::path& database) {
    const std::filesystem::path path = database.string() + "-wal";
    std::error_code none;
    if (!std::filesystem::exists(path, none)) return {};
    auto opened = files.open(path, file_system::mode::read);
    if (auto* failure = std::get_if<protocol::failure>(&opened)) return std::move(*failure);
    auto& source = *std::get<0>(opened);
    auto size = source.size();
    if (auto* failure = std::get_if<protocol::failure>(&size)) return std::move(*failure);
    std::string bytes(header_bytes, '\0');
    auto got = source.read(0, bytes.data(), bytes.size());
    if (auto* failure = std::get_if<protocol::failure>(&got)) return std::move(*failure);
    bytes.resize(std::get<0>(got));
    auto header = read_header(bytes);
    const std::size_t page_bytes = header ? header->page_bytes : page_size_of(files, database);
    if (!is_page_size(page_bytes)) return {}; // without a database nothing stands in it
    return check_frames(source, path, std::get<0>(size), std::move(header), page_bytes);
}

} // namespace fenliu::storage
