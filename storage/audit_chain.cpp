#include "storage/audit_chain.hpp"

#include <sodium.h>

#include "storage/archive_rows.hpp"
#include "storage/binding.hpp"

namespace fenliu::storage {
namespace {

static_assert(hash_bytes == crypto_generichash_BYTES);

/// Fields of any length, none of which can pass for another's part.
class hasher {
public:
    hasher() { crypto_generichash_init(&state_, nullptr, 0, hash_bytes); }
    hasher& add(std::string_view field) {
        add(static_cast<std::uint64_t>(field.size()));
        crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(field.data()), field.size());
        return *this;
    }
    hasher& add(std::uint64_t number) {
        unsigned char bytes[sizeof number];
        for (std::size_t i = 0; i < sizeof number; ++i)
            bytes[i] = static_cast<unsigned char>(number >> (8 * i));
        crypto_generichash_update(&state_, bytes, sizeof bytes);
        return *this;
    }
    [[nodiscard]] std::string done() {
        std::string out(hash_bytes, '\0');
        crypto_generichash_final(&state_, reinterpret_cast<unsigned char*>(out.data()), out.size());
        return out;
    }

private:
    crypto_generichash_state state_;
};

std::string bytes_of(const SQLite::Column& column) {
    const auto* bytes = static_cast<const char*>(column.getBlob());
    return bytes == nullptr ? std::string{} : std::string{bytes, static_cast<std::size_t>(column.getBytes())};
}

std::string hex(const std::string& bytes) {
    std::string out(2 * bytes.size() + 1, '\0');
    sodium_bin2hex(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    out.pop_back();
    return out;
}

} // namespace

std::string fresh_salt() {
    [[maybe_unused]] static const int begun = sodium_init(); // a source of chance is opened once, for all threads
    std::string out(salt_bytes, '\0');
    randombytes_buf(out.data(), out.size());
    return out;
}

std::string detail_digest(std::string_view salt, std::string_view detail) { return hasher{}.add(salt).add(detail).done(); }

std::string link_hash(std::string_view before, std::uint64_t position, const routing::admin_acted& deed,
                      std::string_view digest) {
    return hasher{}
        .add(before)
        .add(position)
        .add(deed.shop)
        .add(static_cast<std::uint64_t>(deed.at))
        .add(deed.by)
        .add(deed.verb)
        .add(digest)
        .done();
}

audit_report verify_audit(SQLite::Database& from, const std::string& head) {
    audit_report report;
    report.head_found = head.empty();
    std::string before;
    SQLite::Statement rows{from, "SELECT position, shop, at, by, verb, digest, hash, salt, detail FROM audit ORDER BY position"};
    while (rows.executeStep()) {
        const auto position = unsigned_of(rows.getColumn(0));
        const auto shop = rows.getColumn(1).getString(), by = rows.getColumn(3).getString(), verb = rows.getColumn(4).getString();
        const routing::admin_acted deed{shop, rows.getColumn(2).getInt64(), by, verb, {}};
        const auto digest = bytes_of(rows.getColumn(5)), hash = bytes_of(rows.getColumn(6));
        const bool erased = rows.getColumn(8).isNull();
        const bool told = erased || detail_digest(bytes_of(rows.getColumn(7)), rows.getColumn(8).getString()) == digest;
        if (!told || link_hash(before, position, deed, digest) != hash) {
            report.broken_at = position;
            return report;
        }
        ++report.rows;
        report.erased += erased;
        report.head = hex(hash);
        report.head_found = report.head_found || report.head == head;
        before = hash;
    }
    return report;
}

} // namespace fenliu::storage
