#include "apps/policy/text_difference.hpp"

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "apps/policy/changed_lines.hpp"
#include "protocol/limits.hpp"

namespace fenliu::apps::policy {

namespace {

/// Unchanged lines shown before and after each change.
constexpr std::size_t context = 3;

using text_lines = std::vector<std::string_view>;

/// Lines with their ends; the last may lack it.
text_lines lines_of(std::string_view text) {
    text_lines lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        lines.push_back(text.substr(0, end == std::string_view::npos ? text.size() : end + 1));
        text.remove_prefix(lines.back().size());
    }
    return lines;
}

struct changes_found {
    std::vector<line_change> changes;
    bool whole = false; ///< one change instead of too many
};

changes_found changes_between(const text_lines& before, const text_lines& after) {
    const auto front = static_cast<std::size_t>(std::ranges::mismatch(before, after).in1 - before.begin());
    std::size_t back = 0;
    while (back < std::min(before.size(), after.size()) - front &&
           before[before.size() - 1 - back] == after[after.size() - 1 - back])
        ++back;
    std::unordered_map<std::string_view, std::uint32_t> numbers;
    const auto numbered = [&](const text_lines& lines) {
        std::vector<std::uint32_t> out;
        for (auto at = front; at < lines.size() - back; ++at)
            out.push_back(numbers.try_emplace(lines[at], static_cast<std::uint32_t>(numbers.size())).first->second);
        return out;
    };
    auto found = changed_lines(numbered(before), numbered(after), limits::changed_lines);
    if (!found) return {{{front, before.size() - back, front, after.size() - back}}, true};
    for (auto& each : *found)
        each = {each.before_from + front, each.before_to + front, each.after_from + front, each.after_to + front};
    return {std::move(*found), false};
}

/// `FIRST,COUNT` of a hunk; an empty part is named by the line before it.
std::string range_text(std::size_t from, std::size_t to) {
    const auto count = to - from;
    const auto first = std::to_string(count == 0 ? from : from + 1);
    return count == 1 ? first : first + "," + std::to_string(count);
}

/// Writes changes that are near each other with what stands around and between them.
class hunk_writer {
public:
    hunk_writer(const text_lines& before, const text_lines& after, std::string& out)
        : before_(before)
        , after_(after)
        , out_(out) {}

    void write(const line_change* first, const line_change* last, std::string_view heading) {
        const auto lead = std::min(first->before_from, context);
        const auto trail = std::min(before_.size() - last->before_to, context);
        auto at = first->before_from - lead;
        out_.append("@@ -").append(range_text(at, last->before_to + trail));
        out_.append(" +").append(range_text(first->after_from - lead, last->after_to + trail)).append(" @@");
        out_.append(heading).append("\n");
        for (const auto* each = first; each <= last; ++each) {
            add(' ', before_, at, each->before_from);
            add('-', before_, each->before_from, each->before_to);
            add('+', after_, each->after_from, each->after_to);
            at = each->before_to;
        }
        add(' ', before_, at, at + trail);
    }

private:
    void add(char mark, const text_lines& lines, std::size_t from, std::size_t to) {
        for (; from < to; ++from) {
            out_.append(1, mark).append(lines[from]);
            if (!lines[from].ends_with('\n')) out_.append("\n\\ No newline at end of file\n");
        }
    }

    const text_lines& before_;
    const text_lines& after_;
    std::string& out_;
};

} // namespace

std::string text_difference(const named_text& before, const named_text& after) {
    if (before.text == after.text) return {};
    const auto before_lines = lines_of(before.text), after_lines = lines_of(after.text);
    const auto [changes, whole] = changes_between(before_lines, after_lines);
    const auto heading =
        whole ? " more than " + std::to_string(limits::changed_lines) + " changed lines: shown as replaced" : std::string();
    std::string out;
    out.append("--- ").append(before.name).append("\n+++ ").append(after.name).append("\n");
    hunk_writer hunks(before_lines, after_lines, out);
    for (std::size_t first = 0; first < changes.size();) {
        auto last = first;
        while (last + 1 < changes.size() && changes[last + 1].before_from - changes[last].before_to <= 2 * context)
            ++last;
        hunks.write(&changes[first], &changes[last], heading);
        first = last + 1;
    }
    return out;
}

} // namespace fenliu::apps::policy
