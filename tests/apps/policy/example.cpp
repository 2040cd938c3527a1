#include "tests/apps/policy/example.hpp"

#include <regex>
#include <sstream>
#include <vector>

#include <gtest/gtest.h>

namespace fenliu::apps::policy {

namespace {

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    std::istringstream stream{std::string(text)};
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

} // namespace

std::string with_examples(std::string_view text) {
    std::string all;
    for (const auto& line : lines_of(text)) {
        const bool example = line.size() > 1 && line[0] == '#' && line[1] != ' ';
        all.append(example ? line.substr(1) : line).append("\n");
    }
    return all;
}

void expect_every_key(const std::string& text, const std::string& header, const std::string& error) {
    const auto list = error.find("; known: ");
    ASSERT_NE(list, std::string::npos) << error;
    const auto lines = "\n" + text;
    const auto begin = header.empty() ? 0 : lines.find("\n" + header + "\n");
    ASSERT_NE(begin, std::string::npos) << header;
    const auto part = header.empty() ? lines : lines.substr(begin, lines.find("\n[", begin + 1) - begin);
    std::string parent;
    if (!header.empty()) parent = header.substr(header.rfind('[') + 1, header.find(']') - header.rfind('[') - 1) + ".";
    const std::regex word("[a-z_]+");
    const auto end_of_list = error.find('\n', list);
    const auto known = error.substr(list + 9, end_of_list == std::string::npos ? end_of_list : end_of_list - list - 9);
    for (std::sregex_iterator each(known.begin(), known.end(), word), end; each != end; ++each) {
        const auto key = each->str();
        const bool named = part.find("\n" + key + " = ") != std::string::npos ||
                           lines.find("\n[" + parent + key + "]\n") != std::string::npos ||
                           lines.find("\n[[" + parent + key + "]]\n") != std::string::npos;
        EXPECT_TRUE(named) << key << " of " << header;
    }
}

int expect_ranges(std::string_view text, const std::function<std::string(const std::string&)>& errors_of) {
    const std::regex range(R"(\((-?[0-9]+)…([0-9]+)\)$)");
    const std::regex setting(R"(^([a-z_]+) = [0-9]+$)");
    std::string header, documented_from, documented_to;
    int checked = 0;
    for (const auto& line : lines_of(text)) {
        std::smatch found;
        if (line.starts_with("[")) header = line + "\n";
        if (std::regex_search(line, found, range)) {
            documented_from = found[1];
            documented_to = found[2];
        } else if (std::regex_match(line, found, setting)) {
            const std::string key = found[1];
            EXPECT_FALSE(documented_to.empty()) << key << " has no range";
            if (documented_to.empty()) continue;
            const auto with = [&](long long value) { return errors_of(header + key + " = " + std::to_string(value) + "\n"); };
            const auto outside = "outside " + documented_from + "…" + documented_to;
            const auto from = std::stoll(documented_from), to = std::stoll(documented_to);
            EXPECT_EQ(with(from) + with(to), "");
            EXPECT_NE(with(from - 1).find(outside), std::string::npos) << with(from - 1);
            EXPECT_NE(with(to + 1).find(outside), std::string::npos) << with(to + 1);
            documented_to.clear();
            ++checked;
        }
    }
    return checked;
}

} // namespace fenliu::apps::policy
