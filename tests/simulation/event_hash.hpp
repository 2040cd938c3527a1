// What a run came to, in one number: FNV-1a over every event, record and frame. Two runs of one seed must agree in it. A value.
#pragma once

#include <cstdint>
#include <string_view>

namespace fenliu::simulation {

class event_hash {
public:
    void add(std::string_view bytes) noexcept {
        for (const char each : bytes)
            add_byte(static_cast<unsigned char>(each));
    }
    void add(std::uint64_t number) noexcept {
        for (unsigned shift = 0; shift < 64; shift += 8)
            add_byte(static_cast<unsigned char>(number >> shift));
    }
    [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

private:
    void add_byte(unsigned char byte) noexcept { value_ = (value_ ^ byte) * 0x100000001b3U; }

    std::uint64_t value_ = 0xcbf29ce484222325U;
};

[[nodiscard]] inline std::uint64_t hash_of(std::string_view bytes) noexcept {
    event_hash made;
    made.add(bytes);
    return made.value();
}

} // namespace fenliu::simulation
