#include <algorithm>

#include "apps/fenliu/admin.hpp"
#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/table.hpp"
#include "protocol/limits.hpp"

namespace fenliu::apps::fenliu {

namespace {

struct history_arguments {
    std::string shop, buyer;
    std::size_t limit = 50;
    bool all = false;
};

/// The newest lines, oldest first.
std::variant<std::vector<history_entry>, problem> read_history(admin& session, const history_arguments& given) {
    std::vector<history_entry> newest_first;
    std::string cursor;
    do {
        const auto wanted = given.all ? limits::page_lines : std::min(limits::page_lines, given.limit - newest_first.size());
        auto asked = session.history(given.buyer, cursor, static_cast<std::uint32_t>(wanted));
        if (auto* bad = std::get_if<problem>(&asked)) return std::move(*bad);
        auto& part = std::get<history_part>(asked);
        newest_first.insert(newest_first.end(), std::make_move_iterator(part.lines.rbegin()),
                            std::make_move_iterator(part.lines.rend()));
        cursor = std::move(part.cursor);
    } while (!cursor.empty() && (given.all || newest_first.size() < given.limit));
    std::reverse(newest_first.begin(), newest_first.end());
    return newest_first;
}

exit_status run_history(const common_options& options, const history_arguments& given) {
    admin session(options, given.shop);
    if (const auto bad = session.open()) return complain(*bad);
    auto read = read_history(session, given);
    if (const auto* bad = std::get_if<problem>(&read)) return complain(*bad);

    const auto& lines = std::get<std::vector<history_entry>>(read);
    if (options.json) {
        for (const auto& line : lines)
            print_json({{"conversation", line.conversation},
                        {"seq", line.seq},
                        {"ts", line.ts},
                        {"from", line.from},
                        {"text", line.text}});
        return exit_status::ok;
    }
    if (lines.empty()) {
        if (!options.quiet) print("nothing was said yet between " + given.buyer + " and " + given.shop + "\n");
        return exit_status::ok;
    }
    table out({{"conversation"}, {"seq", alignment::right}, {"at"}, {"from"}, {"text"}});
    for (const auto& line : lines)
        out.add({line.conversation, std::to_string(line.seq), local_time(line.ts), line.from, line.text});
    print(out.render());
    return exit_status::ok;
}

} // namespace

void add_history(CLI::App& program, command_line& line) {
    auto* command = program.add_subcommand("history", "What a buyer and a shop said to each other");
    const auto given = std::make_shared<history_arguments>();
    command->add_option("shop", given->shop, "The shop")->required();
    command->add_option("buyer", given->buyer, "The buyer")->required();
    command->add_option("--limit", given->limit, "Newest lines to show")
        ->capture_default_str()
        ->check(whole_between(1, 1'000'000));
    command->add_flag("--all", given->all, "Show every line");
    command->callback([&line, given] { line.run = [&line, given] { return run_history(line.common, *given); }; });
}

} // namespace fenliu::apps::fenliu
