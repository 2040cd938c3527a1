// Frames for the codec's tests: written as JSON or hex, read back as messages. Test code, single-threaded.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "protocol/codec.hpp"

namespace fenliu::protocol {

/// The bytes of one message written as a JSON array.
[[nodiscard]] std::string packed(const nlohmann::json& array);
/// Bytes from hex digits; blanks are skipped.
[[nodiscard]] std::string from_hex(std::string_view digits);
[[nodiscard]] std::string to_hex(std::string_view bytes);
[[nodiscard]] std::string encoded(const message& value);

/// A frame with the messages read from it.
class decoded {
public:
    explicit decoded(std::string_view frame);
    decoded(const decoded&) = delete;
    decoded& operator=(const decoded&) = delete;

    [[nodiscard]] const frame_outcome& outcome() const { return outcome_; }
    [[nodiscard]] const std::vector<message>& messages() const { return messages_; }
    /// The only message, which must be of this kind.
    template <class Kind>
    [[nodiscard]] const Kind& only() const {
        if (!outcome_.whole) throw std::runtime_error(outcome_.what);
        if (messages_.size() != 1) throw std::runtime_error("not one message");
        return std::get<Kind>(messages_.front());
    }

private:
    std::vector<char> frame_; ///< of exactly the frame's size, so that a sanitizer sees a read past its end
    std::vector<message> messages_;
    frame_outcome outcome_;
};

} // namespace fenliu::protocol
