// Writes one message as a msgpack array, field by field, behind what a string holds already. Asserts the limits of the wire
// contract. Internal to the encode functions.
#pragma once

#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <msgpack/pack.hpp>

#include "protocol/kind.hpp"
#include "protocol/limits.hpp"

namespace fenliu::protocol {

/// Counts the entries of a map that are not at their default: a map's size stands before its entries.
class entry_count {
public:
    entry_count& of(bool present) noexcept {
        count_ += present ? 1 : 0;
        return *this;
    }
    [[nodiscard]] std::uint32_t total() const noexcept { return count_; }

private:
    std::uint32_t count_ = 0;
};

class writer {
public:
    /// Opens the array: the kind and `fields` more.
    writer(std::string& out, kind number, std::uint32_t fields)
        : out_{out}
        , packer_(out_) {
        packer_.pack_array(fields + 1);
        packer_.pack_uint32(static_cast<std::uint32_t>(number));
    }
    /// Opens an array of so many items that is no message.
    writer(std::string& out, std::uint32_t items)
        : out_{out}
        , packer_(out_) {
        packer_.pack_array(items);
    }

    void text(std::string_view value, [[maybe_unused]] std::size_t limit = limits::string_bytes) {
        assert(value.size() <= limit);
        packer_.pack_str(static_cast<std::uint32_t>(value.size()));
        packer_.pack_str_body(value.data(), static_cast<std::uint32_t>(value.size()));
    }
    void id(std::string_view value) { text(value, limits::id_bytes); }
    void label(std::string_view value) { text(value, limits::label_bytes); }
    /// nil where it is empty.
    void text_or_nil(std::string_view value, std::size_t limit) {
        if (value.empty())
            packer_.pack_nil();
        else
            text(value, limit);
    }
    void number(std::uint64_t value) { packer_.pack_uint64(value); }
    void integer(std::int64_t value) { packer_.pack_int64(value); }
    void flag(bool value) {
        if (value)
            packer_.pack_true();
        else
            packer_.pack_false();
    }
    void nil() { packer_.pack_nil(); }
    void array(std::size_t items) {
        assert(items <= limits::array_items);
        packer_.pack_array(static_cast<std::uint32_t>(items));
    }
    void labels(const std::vector<std::string_view>& values) {
        array(values.size());
        for (const std::string_view value : values)
            label(value);
    }
    /// One whole msgpack map, as bytes; empty bytes are an empty map.
    void raw_map(std::string_view bytes) {
        if (bytes.empty())
            packer_.pack_map(0);
        else
            out_.write(bytes.data(), bytes.size());
    }

    void map(std::uint32_t entries) { packer_.pack_map(entries); }
    void map(entry_count entries) { map(entries.total()); }
    // Entries of a map; one at its default is left out.
    void entry(std::string_view key, std::string_view value, std::size_t limit = limits::label_bytes) {
        if (value.empty()) return;
        text(key);
        text(value, limit);
    }
    void number_entry(std::string_view key, std::uint64_t value) {
        if (value == 0) return;
        text(key);
        number(value);
    }
    void flag_entry(std::string_view key, bool value) {
        if (!value) return;
        text(key);
        flag(value);
    }
    void labels_entry(std::string_view key, const std::vector<std::string_view>& values) {
        if (values.empty()) return;
        text(key);
        labels(values);
    }

private:
    struct stream {
        std::string& out;
        void write(const char* data, std::size_t size) { out.append(data, size); }
    };

    stream out_;
    msgpack::packer<stream> packer_;
};

} // namespace fenliu::protocol
