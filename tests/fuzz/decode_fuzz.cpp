// Any bytes into the decoder. What it accepts must encode, and those bytes must read back as the same message; every view must
// lie in the frame, which stands in a heap block of exactly its size so that AddressSanitizer sees a read past its end.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

namespace {

using namespace fenliu;

void require(bool held) {
    if (!held) std::abort();
}

std::string encoded(const protocol::message& value) {
    std::string bytes;
    protocol::encode(bytes, value);
    return bytes;
}

void check_accepted(const protocol::message& value) {
    const std::string bytes = encoded(value);
    protocol::decoder reader;
    std::vector<protocol::message> again;
    require(reader.decode(bytes, again).whole);
    require(again.size() == 1);
    require(protocol::kind_of(again[0]) == protocol::kind_of(value));
    require(encoded(again[0]) == bytes);
}

void check_rejected(const protocol::rejected& value, std::string_view frame) {
    require(value.code != protocol::errc::ok);
    require(*value.what != '\0');
    if (!value.ref) return;
    require(!value.ref->empty() && value.ref->size() <= limits::id_bytes);
    require(value.ref->data() >= frame.data() && value.ref->data() + value.ref->size() <= frame.data() + frame.size());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static protocol::decoder reader;
    const std::vector<char> exact(data, data + size);
    const std::string_view frame(exact.data(), exact.size());
    std::vector<protocol::message> out;
    const protocol::frame_outcome outcome = reader.decode(frame, out);
    require(outcome.offset <= size);
    require(outcome.whole == (size != 0 && outcome.offset == size));
    require(outcome.whole == (*outcome.what == '\0'));
    require(out.size() <= limits::frame_messages);
    for (const protocol::message& value : out) {
        if (const auto* bad = std::get_if<protocol::rejected>(&value))
            check_rejected(*bad, frame);
        else
            check_accepted(value);
    }
    return 0;
}
