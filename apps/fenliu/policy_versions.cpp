#include "apps/fenliu/policy_versions.hpp"

#include <charconv>

#include "apps/fenliu/display_width.hpp"
#include "apps/fenliu/input_text.hpp"
#include "apps/fenliu/table.hpp"
#include "apps/policy/text_difference.hpp"

namespace fenliu::apps::fenliu {

namespace {

/// One side of a comparison.
struct side {
    std::string name, text;
};

/// Named so that `patch` takes what stands before the tab for the file's name.
side side_of(const std::string& shop, kept_policy kept) {
    const auto by = cell(kept.about, "by");
    const auto made = local_time(number(kept.about, "at")) + (by.empty() ? "" : " by " + by);
    return {printable(shop + " version " + cell(kept.about, "version")) + "\t" + printable(made), std::move(kept.text)};
}

std::optional<std::uint64_t> version_of(std::string_view word) {
    std::uint64_t version = 0;
    const auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), version);
    if (code != std::errc() || end != word.data() + word.size()) return std::nullopt;
    return version;
}

std::variant<side, problem> read_side(admin& session, const std::string& shop, const std::string& word) {
    if (!version_of(word)) {
        auto text = read_input(word);
        if (auto* bad = std::get_if<problem>(&text)) return std::move(*bad);
        return side{input_name(word), std::move(std::get<std::string>(text))};
    }
    auto kept = fetch_policy(session, shop, version_of(word));
    if (auto* bad = std::get_if<problem>(&kept)) return std::move(*bad);
    return side_of(shop, std::move(std::get<kept_policy>(kept)));
}

std::variant<side, problem> read_side_in_force(admin& session, const std::string& shop) {
    auto kept = fetch_policy(session, shop, std::nullopt);
    if (auto* bad = std::get_if<problem>(&kept)) return std::move(*bad);
    return side_of(shop, std::move(std::get<kept_policy>(kept)));
}

/// The version before the newest, as a word of the command line.
std::variant<std::string, problem> version_before(admin& session, const std::string& shop) {
    auto asked = session.ask_all("policy.history", {{"shop", shop}}, "versions", 2);
    if (auto* bad = std::get_if<problem>(&asked)) return std::move(*bad);
    const auto& versions = field(std::get<json>(asked), "versions");
    if (versions.size() < 2)
        return problem{exit_status::failed, "the policy of " + shop + " has one version only; compare it with a file"};
    return cell(versions[1], "version");
}

/// From what, and to what.
std::variant<std::pair<side, side>, problem> read_sides(admin& session, const std::string& shop, std::vector<std::string> words) {
    if (words.empty()) {
        auto before = version_before(session, shop);
        if (auto* bad = std::get_if<problem>(&before)) return std::move(*bad);
        words.push_back(std::move(std::get<std::string>(before)));
    }
    auto first = read_side(session, shop, words.front());
    if (auto* bad = std::get_if<problem>(&first)) return std::move(*bad);
    auto second = words.size() > 1 ? read_side(session, shop, words.back()) : read_side_in_force(session, shop);
    if (auto* bad = std::get_if<problem>(&second)) return std::move(*bad);
    std::pair both{std::move(std::get<side>(first)), std::move(std::get<side>(second))};
    // A file alone is what might be put: what it would change.
    if (words.size() == 1 && !version_of(words.front())) std::swap(both.first, both.second);
    return both;
}

} // namespace

std::variant<kept_policy, problem> fetch_policy(admin& session, const std::string& shop, std::optional<std::uint64_t> version) {
    kept_policy kept;
    json body{{"shop", shop}};
    if (version) body["version"] = *version;
    for (std::int64_t part = 1;; ++part) {
        body["part"] = part;
        auto asked = session.ask("policy.get", body);
        if (auto* bad = std::get_if<problem>(&asked)) return std::move(*bad);
        auto& answer = std::get<json>(asked);
        const auto& text = field(answer, "text");
        if (text.is_string()) kept.text += text.get_ref<const std::string&>();
        if (part >= number(answer, "parts")) {
            for (const auto* key : {"text", "part", "parts"})
                answer.erase(key);
            kept.about = std::move(answer);
            return kept;
        }
        body["version"] = field(answer, "version"); // another one may come into force meanwhile
    }
}

exit_status get_policy(const common_options& options, const std::string& shop, std::optional<std::uint64_t> version) {
    admin session(options, shop);
    if (const auto bad = session.open()) return complain(*bad);
    auto fetched = fetch_policy(session, shop, version);
    if (const auto* bad = std::get_if<problem>(&fetched)) return complain(*bad);
    auto& kept = std::get<kept_policy>(fetched);
    if (!options.json) {
        print(kept.text);
        return exit_status::ok;
    }
    kept.about["text"] = kept.text;
    print_json(kept.about);
    return exit_status::ok;
}

exit_status compare_policies(const common_options& options, const std::string& shop, const std::vector<std::string>& sides) {
    admin session(options, shop);
    if (const auto bad = session.open()) return complain(*bad);
    const auto read = read_sides(session, shop, sides);
    if (const auto* bad = std::get_if<problem>(&read)) return complain(*bad);
    const auto& [before, after] = std::get<std::pair<side, side>>(read);
    const auto difference = policy::text_difference({before.name, before.text}, {after.name, after.text});
    if (options.json)
        print_json({{"shop", shop}, {"before", before.name}, {"after", after.name}, {"difference", difference}});
    else if (!difference.empty())
        print(difference);
    else if (!options.quiet)
        print("no difference\n");
    return exit_status::ok;
}

exit_status list_policies(const common_options& options, const std::string& shop, std::size_t limit) {
    admin session(options, shop);
    if (const auto bad = session.open()) return complain(*bad);
    const auto asked = session.ask_all("policy.history", {{"shop", shop}}, "versions", limit);
    if (const auto* bad = std::get_if<problem>(&asked)) return complain(*bad);
    const auto& rows = field(std::get<json>(asked), "versions");
    if (options.json) {
        for (const auto& row : rows)
            print_json(row);
        return exit_status::ok;
    }
    table out({{"version", alignment::right}, {"in force"}, {"at"}, {"by"}, {"source"}, {"bytes", alignment::right}, {"note"}});
    for (const auto& row : rows)
        out.add({cell(row, "version"), field(row, "current") == true ? "yes" : "", local_time(number(row, "at")), cell(row, "by"),
                 cell(row, "source"), cell(row, "bytes"), cell(row, "note")});
    print(out.render(terminal_width()));
    return exit_status::ok;
}

exit_status roll_back_policy(const common_options& options, const std::string& shop, std::uint64_t version,
                             const std::string& note) {
    admin session(options, shop);
    if (const auto bad = session.open()) return complain(*bad);
    json body{{"shop", shop}, {"version", version}};
    if (!note.empty()) body["note"] = note;
    const auto asked = session.ask("policy.rollback", body);
    if (const auto* bad = std::get_if<problem>(&asked)) return complain(*bad);
    const auto& answer = std::get<json>(asked);
    if (options.json)
        print_json(answer);
    else
        print("version " + cell(answer, "version") + " of " + shop + " is in force, with the text of version " +
              std::to_string(version) + "\n");
    return exit_status::ok;
}

} // namespace fenliu::apps::fenliu
