#include "apps/fenliu/text_parts.hpp"

namespace fenliu::apps::fenliu {

std::vector<std::string_view> text_parts(std::string_view text) {
    constexpr std::size_t character_bytes = 4;
    std::vector<std::string_view> parts;
    while (text.size() > limits::policy_part_bytes) {
        auto end = limits::policy_part_bytes;
        // Bytes that are no UTF-8 may never end a character: they are cut anywhere.
        while (end > limits::policy_part_bytes - character_bytes && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U)
            --end;
        parts.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    parts.push_back(text);
    return parts;
}

} // namespace fenliu::apps::fenliu
