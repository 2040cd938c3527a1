#include "apps/policy/text_edits.hpp"

#include <algorithm>

namespace fenliu::apps::policy {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

bool continues_character(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U; }

} // namespace

text_edits::text_edits(std::string_view text)
    : text_(text)
    , lines_{text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0} {
    for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
        lines_.push_back(at + 1);
}

std::size_t text_edits::offset_of(toml::source_position at) const {
    std::size_t offset = lines_.at(at.line - 1);
    for (auto column = at.column; column > 1 && offset < text_.size(); --column)
        do
            ++offset;
        while (offset < text_.size() && continues_character(text_[offset]));
    return offset;
}

void text_edits::replace(std::size_t from, std::size_t to, std::string replacement) {
    edits_.push_back({from, to, std::move(replacement)});
}

std::string text_edits::result() && {
    std::ranges::stable_sort(edits_, {}, &edit::from);
    std::string out;
    std::size_t done = 0;
    for (const auto& each : edits_) {
        out.append(text_.substr(done, each.from - done)).append(each.replacement);
        done = each.to;
    }
    return out.append(text_.substr(done));
}

} // namespace fenliu::apps::policy
