#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "protocol/limits.hpp"
#include "tests/protocol/frame.hpp"
#include "tests/protocol/samples.hpp"

namespace fenliu::protocol {
namespace {

/// Text of at least `least` and at most `limit` bytes, made of these pieces.
rc::Gen<std::string> text_of(std::size_t least, std::size_t limit, std::vector<std::string> pieces) {
    const auto join = [limit](const std::vector<std::string>& picked) {
        std::string text;
        for (const std::string& piece : picked)
            if (text.size() + piece.size() <= limit) text += piece;
        return text;
    };
    const auto picked = rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(std::move(pieces)));
    return rc::gen::suchThat(rc::gen::map(picked, join), [least](const std::string& text) { return text.size() >= least; });
}

/// Code points of every length.
rc::Gen<std::string> text_of(std::size_t least, std::size_t limit) {
    return text_of(least, limit, {"a", "Z", "7", " ", "é", "美", "服", "😀", std::string(1, '\0')});
}

rc::Gen<std::string> name_of(std::size_t limit) { return text_of(1, limit, {"a", "Z", "7", "-", "é", "美", "服", "😀"}); }

std::vector<std::string_view> views_of(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

template <class Kind>
void expect_same_bytes(const Kind& value) {
    const std::string bytes = encoded(value);
    const decoded frame(bytes);
    RC_ASSERT(frame.outcome().whole);
    RC_ASSERT(frame.messages().size() == 1U);
    RC_ASSERT(std::holds_alternative<Kind>(frame.messages()[0]));
    RC_ASSERT(encoded(frame.messages()[0]) == bytes);
}

RC_GTEST_PROP(property, any_publish_round_trips, ()) {
    const auto msg_id = *text_of(1, limits::id_bytes), shop = *name_of(limits::shop_bytes), buyer = *name_of(limits::buyer_bytes);
    const auto text = *text_of(0, limits::string_bytes), to = *text_of(0, limits::account_bytes),
               entry = *text_of(0, limits::label_bytes);
    const auto labels = *rc::gen::container<std::vector<std::string>>(text_of(0, limits::label_bytes));
    publish value{.msg_id = msg_id, .shop = shop, .buyer = buyer, .text = text, .to = to, .entry = entry};
    if (labels.size() <= limits::tags) value.tags = views_of(labels);
    if (*rc::gen::arbitrary<bool>() && labels.size() <= limits::crowds) value.crowds = views_of(labels);
    expect_same_bytes(value);
    const std::string bytes = encoded(value);
    const decoded frame(bytes);
    const auto& read = frame.only<publish>();
    RC_ASSERT(read.msg_id == msg_id && read.shop == shop && read.buyer == buyer && read.text == text);
    RC_ASSERT(read.to == to && read.entry == entry && read.tags == value.tags && read.crowds == value.crowds);
}

RC_GTEST_PROP(property, any_numbers_round_trip, ()) {
    const auto number = *rc::gen::arbitrary<std::uint64_t>();
    const auto time = *rc::gen::arbitrary<std::int64_t>();
    const std::string line = encoded(buyer_line{"c-1", number, "b", "hi", time});
    const decoded frame(line);
    RC_ASSERT(frame.only<buyer_line>().seq == number);
    RC_ASSERT(frame.only<buyer_line>().ts == time);
    expect_same_bytes(ack{number});
    expect_same_bytes(order_event{"acme", "b", "o", order_status::paid, time, "r"});
}

RC_GTEST_PROP(property, any_history_page_round_trips, ()) {
    const auto texts = *rc::gen::container<std::vector<std::string>>(text_of(0, limits::string_bytes));
    std::vector<history_line> lines;
    for (const std::string& text : texts)
        if (lines.size() < limits::page_lines) lines.push_back({"c-1", lines.size(), "b", text, 5});
    expect_same_bytes(history_page{"r-1", lines, ""});
}

/// Whatever came in: the decoder came back, kept to its limits, and every view lies in the frame.
void expect_contained(std::string_view bytes) {
    const std::vector<char> exact(bytes.begin(), bytes.end());
    const std::string_view frame(exact.data(), exact.size());
    decoder reader;
    std::vector<message> out;
    const frame_outcome outcome = reader.decode(frame, out);
    RC_ASSERT(outcome.offset <= frame.size());
    RC_ASSERT(outcome.whole == (outcome.offset == frame.size() && !frame.empty()));
    RC_ASSERT(out.size() <= limits::frame_messages);
    for (const message& value : out) {
        const auto ref = ref_of(value);
        if (ref) RC_ASSERT(ref->data() >= frame.data() && ref->data() + ref->size() <= frame.data() + frame.size());
        if (std::holds_alternative<rejected>(value)) continue;
        // Encoding reads every view; what was accepted is accepted again.
        const std::string again = encoded(value);
        const decoded second(again);
        RC_ASSERT(second.outcome().whole);
        RC_ASSERT(encoded(second.messages().at(0)) == again);
    }
}

RC_GTEST_PROP(property, any_bytes_are_survived, (const std::string& bytes)) { expect_contained(bytes); }

RC_GTEST_PROP(property, good_messages_with_any_bytes_changed_are_survived, ()) {
    std::string bytes;
    const auto picks = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, samples().size()));
    for (const std::size_t index : picks)
        encode(bytes, std::next(samples().begin(), static_cast<std::ptrdiff_t>(index))->second);
    RC_PRE(!bytes.empty());
    const auto changes = *rc::gen::container<std::vector<std::pair<std::size_t, char>>>(
        rc::gen::pair(rc::gen::inRange<std::size_t>(0, bytes.size()), rc::gen::arbitrary<char>()));
    for (const auto& [place, value] : changes)
        bytes[place] = value;
    expect_contained(bytes);
}

RC_GTEST_PROP(property, any_slice_of_good_messages_is_survived, ()) {
    std::string bytes;
    for (const auto& [name, sample] : samples())
        encode(bytes, sample);
    const auto start = *rc::gen::inRange<std::size_t>(0, bytes.size());
    const auto size = *rc::gen::inRange<std::size_t>(0, bytes.size() - start + 1);
    expect_contained(std::string_view(bytes).substr(start, size));
}

} // namespace
} // namespace fenliu::protocol
