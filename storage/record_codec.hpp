// Records ↔ the journal's payload bytes (msgpack arrays `[type, …]`, storage/FORMAT.md). Stateless; any thread.
#pragma once

#include <string>
#include <string_view>

#include "protocol/error.hpp"
#include "routing/record.hpp"

namespace fenliu::storage {

/// Appends one record's payload.
void encode(std::string& out, const routing::record& value);
/// The same for one of the records, so that no variant has to be made.
template <class Record>
void encode(std::string& out, const Record& value);

/// Reads one payload; the record's views point into it. False for bytes that are no record of a known type.
[[nodiscard]] bool decode(std::string_view payload, routing::record& out);

/// The records of one step or drain, ready for the log: payloads one after another with their lengths.
class record_batch {
public:
    template <class Record>
    void add(const Record& value) {
        const std::size_t start = open();
        encode(bytes_, value);
        close(start);
    }
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    [[nodiscard]] std::uint32_t count() const noexcept { return count_; }
    /// `[u32 little-endian length][payload]…`
    [[nodiscard]] std::string_view bytes() const noexcept { return bytes_; }
    void reserve(std::size_t bytes) { bytes_.reserve(bytes); }
    void clear() noexcept {
        bytes_.clear();
        count_ = 0;
    }

private:
    std::size_t open();
    void close(std::size_t start);

    std::string bytes_;
    std::uint32_t count_ = 0;
};

} // namespace fenliu::storage
