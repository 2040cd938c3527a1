// What becomes of acknowledged rows when the disk fails or the power goes: writers run below the disk shim, and what they leave
// is judged. tests/faults/README.md has the commands.
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <random>

#include <sys/wait.h>
#include <unistd.h>

#include "storage/open.hpp"
#include "storage/store_check.hpp"
#include "tests/faults/rows.hpp"
#include "tests/storage/temporary_directory.hpp"

namespace fenliu::tests::faults {
namespace {

namespace fs = std::filesystem;
using settings = std::map<std::string, std::string>;

struct outcome_of_run {
    int status = 0; ///< 77: the power went
    std::uint64_t acked = 0, calls = 0;
    std::string failed, told; ///< the call that failed; what the writer wrote to stderr
};

std::string content(const fs::path& path) {
    std::ifstream from{path};
    return {std::istreambuf_iterator<char>{from}, {}};
}

/// Runs a writer below the shim and waits for its end.
outcome_of_run run_writer(const fs::path& scratch, std::uint64_t life, std::uint64_t rows, std::size_t segment, settings disk) {
    const fs::path store = scratch / "store", acks = scratch / "acks", told = scratch / "told", report = scratch / "report";
    for (const auto& each : {acks, told, report})
        fs::remove(each);
    fs::remove_all(store.string() + ".gone");
    fs::create_directory(store);
    const fs::path self = fs::read_symlink("/proc/self/exe");
    disk["DISK_UNDER"] = store;
    disk["DISK_REPORT"] = report;
    disk["LD_PRELOAD"] = self.parent_path() / "libdisk_shim.so";
    const std::string words[] = {self, "write", store, std::to_string(life), std::to_string(rows), std::to_string(segment)};
    const pid_t child = ::fork();
    if (child == 0) {
        if (!std::freopen(acks.c_str(), "w", stdout) || !std::freopen(told.c_str(), "w", stderr)) std::_Exit(2);
        for (const auto& [name, value] : disk)
            ::setenv(name.c_str(), value.c_str(), 1);
        ::alarm(120); // ends a writer that hangs
        ::execl(words[0].c_str(), words[0].c_str(), words[1].c_str(), words[2].c_str(), words[3].c_str(), words[4].c_str(),
                words[5].c_str(), nullptr);
        std::_Exit(2);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    outcome_of_run done{.status = WIFEXITED(status) ? WEXITSTATUS(status) : 1'000 + WTERMSIG(status), .told = content(told)};
    const auto text = content(acks);
    done.acked = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    std::ifstream from{report};
    from >> done.calls >> std::ws;
    std::getline(from, done.failed);
    return done;
}

/// What is wrong with the store by now; empty: nothing. A look from outside and a start have to agree.
std::string wrong_with(const fs::path& store, const std::vector<std::uint64_t>& acked) {
    if (fs::exists(store / "VERSION")) {
        auto looked = storage::check_store(store, 0);
        if (const auto* failure = std::get_if<protocol::failure>(&looked)) return "a look at it fails: " + failure->text;
        const auto& report = std::get<0>(looked);
        if (!report.whole()) return "a look at it finds: " + report.findings[0].text;
        if (auto wrong = judge(*report.state, acked); !wrong.empty()) return "a look at it finds that " + wrong;
    }
    auto opened = storage::open_durable(
        {.directory = store, .segment_bytes = 32 * 1024, .keep_closed_ms = 1, .now = [] { return routing::timestamp_ms{1}; }});
    if (const auto* failure = std::get_if<protocol::failure>(&opened)) return "it doesn't start: " + failure->text;
    const auto one = std::get<0>(std::move(opened));
    return judge(one->take_recovered(), acked);
}

struct range {
    std::uint32_t from = 1, to = 10;
};

/// Several lives of a store, each ended by a power cut at a place that the seed chooses.
std::string power_cuts(std::uint32_t seed, bool lies, std::uint64_t& cuts, std::uint64_t& rows, std::uint64_t& calls) {
    const storage::temporary_directory scratch;
    std::mt19937 random{seed};
    std::vector<std::uint64_t> acked;
    const std::uint64_t lives = 3, rows_wanted = 150 + random() % 500;
    const std::size_t segment = 8'192U << random() % 4;
    std::uint64_t calls_expected = 3 * rows_wanted / 4;
    for (std::uint64_t life = 0; life < lives; ++life) {
        settings disk{{"DISK_SEED", std::to_string(random())}};
        // Now and then the first calls: of making a store, or of a start after a crash.
        const std::uint64_t at = random() % 5 == 0 ? 1 + random() % 30 : 1 + random() % calls_expected;
        disk["DISK_CUT_AT"] = random() % 20 == 0 ? "exit" : std::to_string(at);
        if (lies) disk["DISK_LIES"] = "1";
        const auto done = run_writer(scratch.path(), life, rows_wanted, segment, disk);
        if (done.status != 77 && done.status != 0)
            return "life " + std::to_string(life) + " ends with status " + std::to_string(done.status) + ": " + done.told;
        cuts += done.status == 77;
        calls += done.calls;
        if (done.status == 0) calls_expected = done.calls;
        acked.push_back(done.acked);
        rows += done.acked;
        if (auto wrong = wrong_with(scratch.path() / "store", acked); !wrong.empty())
            return "life " + std::to_string(life) + ", cut at call " + disk["DISK_CUT_AT"] + ": " + wrong;
    }
    return {};
}

int run_power(range seeds, bool lies) {
    std::uint64_t cuts = 0, rows = 0, calls = 0, losses = 0;
    for (std::uint32_t seed = seeds.from; seed <= seeds.to; ++seed) {
        const auto wrong = power_cuts(seed, lies, cuts, rows, calls);
        if (wrong.empty()) continue;
        ++losses;
        std::cout << "seed " << seed << ": " << wrong << std::endl;
    }
    std::cout << seeds.to - seeds.from + 1 << " seeds, " << cuts << " power cuts, " << calls << " calls, " << rows
              << " rows acknowledged; something was wrong with " << losses << " seeds" << std::endl;
    if (!lies) return losses == 0 ? 0 : 1;
    std::cout << (losses > 0 ? "the lying disk was found out" : "a lying disk went unnoticed: these tests show nothing")
              << std::endl;
    return losses > 0 ? 0 : 1;
}

/// Lets every `step`th call fail with this error, until a run doesn't get that far.
int run_errors(int error, std::uint64_t step) {
    std::uint64_t stopped = 0, refused = 0, in_order = 0, wrong = 0, at = 1;
    std::map<std::string, int> harmless;
    for (;; at += step) {
        const storage::temporary_directory scratch;
        const settings disk{{"DISK_FAIL_AT", std::to_string(at)},
                            {"DISK_FAIL_WITH", std::to_string(error)},
                            {"DISK_SEED", std::to_string(at)},
                            {"DISK_CUT_AT", "exit"}};
        // A life before it, so that the start has something to recover.
        const auto before = run_writer(scratch.path(), 0, 60, 16 * 1024, {{"DISK_CUT_AT", "90"}});
        const auto done = run_writer(scratch.path(), 1, 150, 16 * 1024, disk);
        if (done.failed.empty()) break;
        const auto complain = [&](const std::string& text) {
            ++wrong;
            std::cout << "call " << at << " (" << done.failed << "): " << text << std::endl;
        };
        const bool named = done.told.find(std::strerror(error)) != std::string::npos &&
                           done.told.find(scratch.path() / "store") != std::string::npos;
        const bool full = error == ENOSPC && done.told.find("is full") != std::string::npos; // SQLite's words for it
        if (done.told.empty() && done.acked == 150) {
            ++in_order;
            ++harmless[done.failed.substr(0, done.failed.find(' '))];
        } else {
            ++(done.acked == 0 ? refused : stopped);
            if (!named && !full) complain("it ends without file and error: '" + done.told + "'");
        }
        if (auto lost = wrong_with(scratch.path() / "store", {before.acked, done.acked}); !lost.empty()) complain(lost);
    }
    std::cout << std::strerror(error) << " at every " << step << ". of " << at << " calls: stopped " << stopped
              << " times with file and error, before the first row " << refused << " times; it made no difference " << in_order
              << " times (";
    for (const auto& [call, count] : harmless)
        std::cout << call << " " << count << " ";
    std::cout << "); wrong " << wrong << std::endl;
    return wrong == 0 && stopped > 0 && refused > 0 ? 0 : 1;
}

range range_of(const char* text) {
    range seeds;
    if (std::sscanf(text, "%u-%u", &seeds.from, &seeds.to) == 1) seeds.to = seeds.from;
    return seeds;
}

int usage() {
    std::cerr << "disk_faults power 1-200 | lies 1-20 | errors EIO|ENOSPC [EVERY]" << std::endl;
    return 2;
}

} // namespace

int run_program(int count, char** words) {
    const std::string wanted = count > 2 ? words[1] : "";
    if (wanted == "write" && count == 6)
        return write_rows({.directory = words[2],
                           .life = std::strtoull(words[3], nullptr, 10),
                           .rows = std::strtoull(words[4], nullptr, 10),
                           .segment_bytes = std::strtoull(words[5], nullptr, 10)});
    if (wanted == "vips") return write_vips(words[2]);
    if (wanted == "power" || wanted == "lies") return run_power(range_of(words[2]), wanted == "lies");
    if (wanted == "errors")
        return run_errors(std::strcmp(words[2], "EIO") == 0 ? EIO : ENOSPC, count > 3 ? std::strtoull(words[3], nullptr, 10) : 1);
    return usage();
}

} // namespace fenliu::tests::faults

int main(int argc, char** argv) { return fenliu::tests::faults::run_program(argc, argv); }
