#include "apps/policy/policy_members.hpp"

#include <algorithm>

#include <toml++/toml.h>

#include "apps/policy/policy_file.hpp"
#include "apps/policy/text_edits.hpp"
#include "apps/policy/toml_text.hpp"

namespace fenliu::apps::policy {

namespace {

constexpr std::size_t nowhere = std::string_view::npos;

/// Edits the `members` of one group: a text, or an array with the layout and the comments of whoever wrote it.
class members_editor {
public:
    members_editor(text_edits& edits, const toml::node& members)
        : edits_(edits)
        , text_(edits.text())
        , begin_(edits.offset_of(members.source().begin))
        , end_(edits.offset_of(members.source().end)) {
        if (const auto* text = members.as_string()) single_ = &text->get();
        if (const auto* array = members.as_array())
            for (const auto& each : *array)
                items_.push_back(
                    {*each.value<std::string_view>(), edits.offset_of(each.source().begin), edits.offset_of(each.source().end)});
    }

    void set(std::string_view account, bool member) {
        if (single_ != nullptr) return set_single(account, member);
        const auto found = std::ranges::find(items_, account, &item::text);
        if (member && found == items_.end()) add(toml_text(account));
        if (!member && found != items_.end()) remove(static_cast<std::size_t>(found - items_.begin()));
    }

private:
    struct item {
        std::string_view text;
        std::size_t begin, end;
    };

    void set_single(std::string_view account, bool member) {
        if ((*single_ == account) == member) return;
        const std::string written(text_.substr(begin_, end_ - begin_));
        edits_.replace(begin_, end_, member ? "[" + written + ", " + toml_text(account) + "]" : "[]");
    }

    void add(const std::string& written) {
        if (items_.empty()) return edits_.replace(begin_ + 1, begin_ + 1, written);
        const auto& last = items_.back();
        const auto comma = comma_after(last.end);
        const auto line_end = line_end_after(comma == nowhere ? last.end : comma + 1);
        if (!first_on_line(last.begin) || line_end == nowhere) return edits_.replace(last.end, last.end, ", " + written);
        if (comma == nowhere) edits_.replace(last.end, last.end, ",");
        const auto line = line_of(last.begin);
        edits_.replace(line_end, line_end,
                       line_break_before(line) + std::string(text_.substr(line, last.begin - line)) + written +
                           (comma == nowhere ? "" : ","));
    }

    void remove(std::size_t at) {
        const auto [text, begin, end] = items_[at];
        const auto comma = comma_after(end);
        if (comma != nowhere) {
            if (skip_blanks(end) == comma) return cut(begin, comma + 1);
            edits_.replace(comma, comma + 1, "");
        } else if (at > 0) {
            const auto before = comma_after(items_[at - 1].end);
            if (skip_blanks(before + 1) == begin) return edits_.replace(before, end, "");
        }
        cut(begin, end);
    }

    /// Takes bytes [from, to) out, with the line if nothing else is on it, or with the blanks that would be left.
    void cut(std::size_t from, std::size_t to) {
        const auto rest = skip_blanks(to);
        if (!at_line_end(rest)) return edits_.replace(from, rest, "");
        if (first_on_line(from)) return edits_.replace(line_of(from), text_.find('\n', rest) + 1, "");
        edits_.replace(text_.find_last_not_of(" \t", from - 1) + 1, to, "");
    }

    [[nodiscard]] std::size_t skip_blanks(std::size_t at) const {
        return std::min(text_.find_first_not_of(" \t", at), text_.size());
    }
    [[nodiscard]] bool at_line_end(std::size_t at) const {
        return text_.substr(at).starts_with('\n') || text_.substr(at).starts_with("\r\n");
    }
    /// The comma that follows an item, with comments between; nowhere before the array's end.
    [[nodiscard]] std::size_t comma_after(std::size_t at) const {
        for (; text_[at] != ']'; ++at) {
            if (text_[at] == ',') return at;
            if (text_[at] == '#') at = text_.find('\n', at);
        }
        return nowhere;
    }
    /// Where the line ends if only blanks and a comment are left on it.
    [[nodiscard]] std::size_t line_end_after(std::size_t at) const {
        at = skip_blanks(at);
        if (text_[at] == '#') {
            at = text_.find('\n', at);
            if (text_[at - 1] == '\r') --at;
        }
        return at_line_end(at) ? at : nowhere;
    }
    [[nodiscard]] std::size_t line_of(std::size_t at) const {
        const auto before = text_.rfind('\n', at);
        return before == nowhere ? 0 : before + 1;
    }
    [[nodiscard]] bool first_on_line(std::size_t at) const { return skip_blanks(line_of(at)) == at; }
    /// The end of the line before the one that begins here, as it is written there.
    [[nodiscard]] std::string line_break_before(std::size_t line) const {
        return line > 1 && text_[line - 2] == '\r' ? "\r\n" : "\n";
    }

    text_edits& edits_;
    std::string_view text_;
    std::size_t begin_, end_;
    const std::string* single_ = nullptr;
    std::vector<item> items_;
};

/// Groups that the policy doesn't have, reported where its groups begin.
findings unknown_groups(const routing::policy& policy, const std::vector<std::string>& wanted, toml::source_position at) {
    std::vector<std::string_view> known;
    for (const auto& each : policy.groups)
        known.push_back(each.id);
    findings errors;
    for (const auto& id : wanted) {
        if (policy.find_group(id) != nullptr) continue;
        errors.push_back(
            {at.line, at.column,
             known.empty() ? "unknown group " + in_quotes(id) + "; the policy has no groups" : unknown("group", id, "", known)});
    }
    return errors;
}

} // namespace

std::variant<std::string, findings> set_groups(std::string_view text, std::string_view account,
                                               const std::vector<std::string>& groups) {
    const auto read = read_policy_file(text);
    if (const auto* errors = std::get_if<findings>(&read)) return *errors;
    const auto settings = toml::parse(text);
    const auto* tables = settings.get_as<toml::array>("group");
    const auto place = (tables != nullptr ? tables->source() : settings.source()).begin;
    auto errors = unknown_groups(std::get<policy_file>(read).policy, groups, place);
    if (!errors.empty()) return errors;
    if (tables == nullptr) return std::string(text);
    text_edits edits(text);
    for (const auto& each : *tables) {
        const auto& table = *each.as_table();
        const bool wanted = std::ranges::find(groups, table["id"].ref<std::string>()) != groups.end();
        members_editor(edits, *table.get("members")).set(account, wanted);
    }
    return std::move(edits).result();
}

} // namespace fenliu::apps::policy
