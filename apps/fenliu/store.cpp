// The commands that need no broker: they look at a data directory on this machine, copy it and bring it back.
#include <sys/stat.h>

#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/language.hpp"
#include "apps/fenliu/output.hpp"
#include "apps/fenliu/store_words.hpp"
#include "storage/backup.hpp"

namespace fenliu::apps::fenliu {

namespace {

struct store_arguments {
    std::string from, to, wanted_language;
};

constexpr bilingual not_looked_at = {"{why}", "无法检查 {directory}：{why}"};

exit_status run_doctor(const common_options& options, const store_arguments& given) {
    const auto looked = storage::check_store(given.from);
    if (const auto* failure = std::get_if<protocol::failure>(&looked)) {
        if (options.json) print_json({{"directory", given.from}, {"whole", json()}, {"text", failure->text}});
        const auto pattern = not_looked_at.in(language_of(given.wanted_language));
        return complain({exit_status::usage, fill(pattern, {{"directory", given.from}, {"why", failure->text}})});
    }
    const auto& report = std::get<0>(looked);
    if (options.json)
        print_json(to_json(report));
    else if (!options.quiet || !report.whole())
        print(to_text(report, language_of(given.wanted_language)));
    return report.whole() ? exit_status::ok : exit_status::failed;
}

struct copy_words {
    bilingual done, failed;
};
constexpr copy_words backup_words = {{"{from} is backed up in {to}: {bytes} bytes\n", "{from} 已备份到 {to}：{bytes} 字节\n"},
                                     {"{why}", "{from} 未能备份到 {to}：{why}"}};
constexpr copy_words restore_words = {{"{from} is restored to {to}: {bytes} bytes\n", "{from} 已恢复到 {to}：{bytes} 字节\n"},
                                      {"{why}", "{from} 未能恢复到 {to}：{why}"}};

/// Makes a copy and tells how that went.
exit_status run_copy(const common_options& options, const store_arguments& given, decltype(storage::back_up)& copy,
                     const copy_words& words) {
    // What people wrote is for this user alone.
    ::umask(S_IRWXG | S_IRWXO);
    const auto copied = copy(given.from, given.to);
    const auto spoken = language_of(given.wanted_language);
    if (const auto* failure = std::get_if<protocol::failure>(&copied)) {
        if (options.json)
            print_json({{"from", given.from}, {"to", given.to}, {"bytes", json()}, {"found", json()}, {"text", failure->text}});
        const facts known{{"from", given.from}, {"to", given.to}, {"why", failure->text}};
        return complain({exit_status::failed, fill(words.failed.in(spoken), known)});
    }
    const auto& [bytes, found] = std::get<0>(copied);
    if (options.json) {
        print_json({{"from", given.from}, {"to", given.to}, {"bytes", bytes}, {"found", to_json(found)}});
    } else if (!options.quiet) {
        print(fill(words.done.in(spoken), {{"from", given.from}, {"to", given.to}, {"bytes", std::to_string(bytes)}}));
        print(to_text(found, spoken));
    }
    return exit_status::ok;
}

} // namespace

void add_store(CLI::App& program, command_line& line) {
    const auto given = std::make_shared<store_arguments>();
    const auto add = [&](const std::string& name, const std::string& what,
                         exit_status (*run)(const common_options&, const store_arguments&)) {
        auto* command = program.add_subcommand(name, what);
        add_language_option(*command, given->wanted_language);
        command->callback([&line, given, run] { line.run = [&line, given, run] { return run(line.common, *given); }; });
        return command;
    };
    auto* doctor = add("doctor", "Look whether a stopped broker's data directory is whole, and where it isn't", run_doctor);
    doctor->add_option("directory", given->from, "The data directory, or a backup")->required();
    doctor->footer("Exit status: 0 whole, 1 damaged, 2 it can't be looked at (in use, not there, no right to read it).");

    auto* backup = add("backup", "Copy a data directory, also while its broker runs", [](const auto& options, const auto& words) {
        return run_copy(options, words, storage::back_up, backup_words);
    });
    backup->add_option("directory", given->from, "The data directory")->required();
    backup->add_option("target", given->to, "A directory that doesn't exist or is empty")->required();

    auto* restore = add("restore", "Make a data directory of a backup", [](const auto& options, const auto& words) {
        return run_copy(options, words, storage::restore, restore_words);
    });
    restore->add_option("backup", given->from, "What `fenliu backup` made")->required();
    restore->add_option("directory", given->to, "A directory that doesn't exist or is empty")->required();
}

} // namespace fenliu::apps::fenliu
