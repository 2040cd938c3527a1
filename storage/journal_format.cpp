#include "storage/journal_format.hpp"

#include <algorithm>
#include <cassert>

#include "storage/crc32c.hpp"

namespace fenliu::storage::journal_format {
namespace {

constexpr std::string_view header_magic = "fenliulg";
// Bytes that UTF-8 never has, so that no text in a record can look like a watermark.
constexpr std::string_view watermark_magic = "\xff\xfe\xfd\xfcmark";
constexpr std::size_t watermark_payload = watermark_bytes - frame_bytes;
static_assert(header_magic.size() == 8 && watermark_magic.size() == 8);

template <class Integer>
void append(std::string& out, Integer value) {
    for (std::size_t i = 0; i < sizeof value; ++i)
        out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

template <class Integer>
Integer load(const char* at) noexcept {
    Integer value = 0;
    for (std::size_t i = 0; i < sizeof value; ++i)
        value |= static_cast<Integer>(static_cast<unsigned char>(at[i])) << (8 * i);
    return value;
}

std::uint32_t append_frame(std::string& out, std::uint32_t chain, std::uint32_t length_word, std::string_view payload) {
    const std::uint32_t after = chain_after(chain, length_word, payload);
    append(out, length_word);
    append(out, after);
    out.append(payload);
    return after;
}

} // namespace

std::uint32_t load_32(const char* at) noexcept { return load<std::uint32_t>(at); }
std::uint64_t load_64(const char* at) noexcept { return load<std::uint64_t>(at); }

std::uint32_t chain_after(std::uint32_t chain, std::uint32_t length_word, std::string_view payload) noexcept {
    char length[sizeof length_word];
    for (std::size_t i = 0; i < sizeof length; ++i)
        length[i] = static_cast<char>(length_word >> (8 * i) & 0xff);
    return crc32c(crc32c(chain, {length, sizeof length}), payload);
}

void append_header(std::string& out, const segment_header& value) {
    const std::size_t start = out.size();
    out.append(header_magic);
    append(out, version);
    append(out, value.chain);
    append(out, value.index);
    append(out, value.first_position);
    append(out, value.file_bytes);
    append(out, crc32c(0, std::string_view{out}.substr(start)));
    assert(out.size() - start == header_bytes);
}

header_state read_header(std::string_view bytes, segment_header& out) noexcept {
    if (bytes.size() < header_bytes) return header_state::broken;
    bytes = bytes.substr(0, header_bytes);
    if (std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == 0; })) return header_state::unused;
    if (bytes.substr(0, header_magic.size()) != header_magic) return header_state::broken;
    if (load_32(&bytes[header_bytes - 4]) != crc32c(0, bytes.substr(0, header_bytes - 4))) return header_state::broken;
    if (load_32(&bytes[8]) > version) return header_state::newer;
    out = {.index = load_64(&bytes[16]),
           .first_position = load_64(&bytes[24]),
           .chain = load_32(&bytes[12]),
           .file_bytes = load_32(&bytes[32])};
    return header_state::valid;
}

std::uint32_t append_record(std::string& out, std::uint32_t chain, std::string_view payload) {
    return append_frame(out, chain, static_cast<std::uint32_t>(payload.size()), payload);
}

std::uint32_t append_watermark(std::string& out, std::uint32_t chain, const watermark& value) {
    std::string payload{watermark_magic};
    append(payload, value.position);
    append(payload, value.group_start);
    append(payload, crc32c(0, payload));
    return append_frame(out, chain, watermark_flag | static_cast<std::uint32_t>(payload.size()), payload);
}

std::optional<watermark> read_watermark(std::string_view payload) noexcept {
    if (payload.size() != watermark_payload || payload.substr(0, watermark_magic.size()) != watermark_magic) return std::nullopt;
    const std::size_t checked = watermark_payload - sizeof(std::uint32_t);
    if (load_32(&payload[checked]) != crc32c(0, payload.substr(0, checked))) return std::nullopt;
    const char* at = payload.data() + watermark_magic.size();
    return watermark{.position = load_64(at), .group_start = load_64(at + sizeof(std::uint64_t))};
}

std::optional<watermark> find_watermark(std::string_view bytes, std::size_t& offset) noexcept {
    for (std::size_t at = bytes.find(watermark_magic); at != std::string_view::npos; at = bytes.find(watermark_magic, at + 1)) {
        const auto found = read_watermark(bytes.substr(at, watermark_payload));
        if (!found) continue;
        offset = at;
        return found;
    }
    return std::nullopt;
}

} // namespace fenliu::storage::journal_format
