#include "protocol/account.hpp"

#include <algorithm>
#include <array>

#include "protocol/limits.hpp"
#include "protocol/utf8.hpp"

namespace fenliu::protocol {

namespace {

constexpr char32_t fullwidth_colon = 0xff1a;

bool is_control(char32_t value) noexcept { return value < 0x20 || (value >= 0x7f && value <= 0x9f); }

// Spaces of every width and the marks that show as nothing: a name that looks like another must not be another.
bool is_blank(char32_t value) noexcept {
    return value == ' ' || value == 0xa0 || value == 0x1680 || (value >= 0x2000 && value <= 0x200f) ||
           (value >= 0x2028 && value <= 0x202f) || (value >= 0x205f && value <= 0x206f) || value == 0x3000 || value == 0xfeff;
}

/// The characters that most names are made of: visible ASCII but colon and slash.
constexpr auto plain_bytes = [] {
    std::array<bool, 256> plain{};
    for (std::size_t byte = '!'; byte <= '~'; ++byte)
        plain[byte] = byte != ':' && byte != '/';
    return plain;
}();

/// Takes plain characters off the front and says how many; every publish names a shop and a buyer.
std::size_t skip_plain(std::string_view& text) noexcept {
    std::size_t count = 0;
    while (count < text.size() && plain_bytes[static_cast<unsigned char>(text[count])])
        ++count;
    text.remove_prefix(count);
    return count;
}

/// What a character of a name must not be; empty if it may stand there.
std::string_view fault_of(char32_t value) noexcept {
    if (value == fullwidth_colon) return "holds a full-width colon; write the half-width one, main:sub";
    if (value == ':') return "holds a second colon; write main or main:sub";
    if (value == '/') return "holds a slash";
    if (is_control(value)) return "holds a control character";
    if (is_blank(value)) return "holds a blank";
    return {};
}

struct name_check {
    std::string_view fault; ///< empty: none
    std::size_t units = 0;  ///< R2: a character above U+007F counts 2
};

name_check check_name(std::string_view text) noexcept {
    name_check checked;
    if (text.empty()) checked.fault = "is empty";
    while (!text.empty() && checked.fault.empty()) {
        const std::size_t plain = skip_plain(text);
        checked.units += plain;
        if (text.empty()) break;
        const auto [value, bytes] = first_code_point(text);
        if (bytes == 0) {
            checked.fault = "is not UTF-8";
            break;
        }
        checked.fault = fault_of(value);
        checked.units += value > 0x7f ? 2 : 1;
        text.remove_prefix(bytes);
    }
    return checked;
}

std::string_view main_fault(std::string_view text) noexcept {
    if (text.size() > limits::shop_bytes) return "is longer than 64 bytes";
    return check_name(text).fault;
}

std::string_view sub_fault(std::string_view text) noexcept {
    const name_check checked = check_name(text);
    if (!checked.fault.empty()) return checked.fault;
    if (checked.units > limits::account_name_units) return "is longer than 30 units; a character above U+007F counts 2";
    if (std::ranges::all_of(text, [](char digit) { return digit >= '0' && digit <= '9'; })) return "is all digits; add a letter";
    return {};
}

std::optional<failure> failed(errc code, std::string_view part, std::string_view fault) {
    if (fault.empty()) return std::nullopt;
    std::string text(part);
    text.append(" ").append(fault);
    return failure{code, std::move(text)};
}

} // namespace

std::optional<failure> check_account(std::string_view name, account_name& out) {
    const auto colon = name.find(':');
    const std::string_view main = name.substr(0, colon);
    if (auto found = failed(errc::reject_account, "account: the main part", main_fault(main))) return found;
    std::string_view sub;
    if (colon != std::string_view::npos) {
        sub = name.substr(colon + 1);
        if (auto found = failed(errc::reject_account, "account: the sub part", sub_fault(sub))) return found;
    }
    out = {main, sub};
    return std::nullopt;
}

std::string_view shop_of(std::string_view account) noexcept { return account.substr(0, account.find(':')); }

bool is_main(std::string_view account) noexcept { return account.find(':') == std::string_view::npos; }

std::optional<failure> check_shop(std::string_view shop) { return failed(errc::malformed, "shop: the id", main_fault(shop)); }

std::optional<failure> check_buyer(std::string_view buyer) {
    constexpr std::string_view part = "buyer: the id";
    if (buyer.empty()) return failed(errc::malformed, part, "is empty");
    if (buyer.size() > limits::buyer_bytes) return failed(errc::malformed, part, "is longer than 64 bytes");
    while (!buyer.empty()) {
        skip_plain(buyer);
        if (buyer.empty()) break;
        const auto [value, bytes] = first_code_point(buyer);
        if (bytes == 0) return failed(errc::malformed, part, "is not UTF-8");
        if (is_control(value)) return failed(errc::malformed, part, "holds a control character");
        buyer.remove_prefix(bytes);
    }
    return std::nullopt;
}

} // namespace fenliu::protocol
