// Flips each byte of a small store, cuts each of its files at each offset and takes each file away: whatever was acknowledged and
// is lost by that has to be found by a look at the store (what `fenliu doctor` does) and by a start. tests/faults/README.md has
// the commands.
#include <chrono>
#include <fstream>
#include <future>
#include <iostream>
#include <map>
#include <thread>

#include "storage/archive_schema.hpp"
#include "storage/open.hpp"
#include "storage/store_check.hpp"
#include "tests/storage/promised_release.hpp"
#include "tests/storage/story.hpp"
#include "tests/storage/temporary_directory.hpp"

namespace fenliu::tests::faults {
namespace {

namespace fs = std::filesystem;
using namespace storage;
using image = std::map<std::string, std::string>; // the files of a store by name

constexpr routing::timestamp_ms all = 0; // of the closed conversations, too

durable_options options_for(const fs::path& directory) {
    return {.directory = directory,
            .segment_bytes = 8 * 1024,
            .keep_closed_ms = 0,
            .log_retention = std::chrono::milliseconds{0},
            .now = [] { return all; }};
}

std::unique_ptr<store> open(const fs::path& directory, std::string* refused = nullptr) {
    auto opened = open_durable(options_for(directory));
    if (auto* failure = std::get_if<protocol::failure>(&opened)) {
        if (refused == nullptr) throw std::runtime_error{failure->text};
        *refused = failure->text;
        return nullptr;
    }
    return std::get<0>(std::move(opened));
}

void commit(store& to, const std::vector<std::string>& story, std::size_t begin, std::size_t end) {
    record_batch batch;
    for (std::size_t i = begin; i < end; ++i)
        add_payload(batch, story[i]);
    std::promise<void> done;
    to.commit(std::move(batch), std::make_unique<promised_release>(done));
    if (done.get_future().wait_for(std::chrono::seconds{60}) != std::future_status::ready) throw std::runtime_error{"it hangs"};
}

void wait_until_archived(store& one) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (one.figures().archived_position < one.figures().position) {
        if (std::chrono::steady_clock::now() > end) throw std::runtime_error{"the archive doesn't follow"};
        std::this_thread::yield();
    }
}

image read_image(const fs::path& directory) {
    image files;
    for (const auto& each : fs::directory_iterator{directory}) {
        const auto name = each.path().filename().string();
        if (name == "LOCK" || name.ends_with("-shm")) continue;
        std::ifstream from{each.path(), std::ios::binary};
        files[name] = {std::istreambuf_iterator<char>{from}, {}};
    }
    return files;
}

void write_file(const fs::path& path, std::string_view bytes) {
    std::ofstream{path, std::ios::binary | std::ios::trunc}.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

void write_image(const fs::path& directory, const image& files) {
    fs::remove_all(directory);
    fs::create_directory(directory);
    for (const auto& [name, bytes] : files)
        write_file(directory / name, bytes);
}

/// A store whose archive has most of a story, in small pages so that there are few bytes, and whose log has the rest. Stopped in
/// order, or as a kill leaves it: SQLite's log not written back, the newest group of the log vouched for by nothing.
image make_store(std::uint32_t seed, bool killed) {
    const temporary_directory scratch;
    const auto story = make_story(seed, 220);
    {
        SQLite::Database pages{(scratch.path() / "archive.sqlite").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
        pages.exec("PRAGMA page_size = 512; CREATE TABLE t (a); DROP TABLE t");
    }
    write_file(scratch.path() / "VERSION", "1\n");
    const auto one = open(scratch.path());
    one->start(nullptr, [](const protocol::failure& failure) { throw std::runtime_error{failure.text}; });
    for (std::size_t i = 0; i < 180; i += 30)
        commit(*one, story, i, i + 30);
    wait_until_archived(*one);
    for (std::size_t i = 180; i < story.size(); i += 10)
        commit(*one, story, i, i + 10);
    if (!killed) one->stop();
    return read_image(scratch.path());
}

/// Everything that a look at a whole store shows, and everything that its archive holds.
std::string contents(const fs::path& directory, const store_report& report) {
    std::string text = describe(*report.state);
    const auto database = open_archive_at_rest(directory / "archive.sqlite");
    if (!database->tableExists("decision")) return text;
    for (const auto* table : {"policy", "order_event", "decision", "roster_note", "audit", "conversation_part"}) {
        SQLite::Statement rows{*database, std::string{"SELECT * FROM "} + table};
        while (rows.executeStep())
            for (int i = 0; i < rows.getColumnCount(); ++i)
                text += rows.getColumn(i).getString() + "|";
    }
    return text;
}

struct tally {
    std::uint64_t cases = 0, found = 0, same = 0, again = 0, last_group = 0, starts = 0, refused = 0;
    std::vector<std::string> silent;
};

/// Damages one store in many ways and judges each.
class damaged_store {
public:
    damaged_store(std::string name, image files)
        : name_{std::move(name)}
        , files_{std::move(files)}
        , directory_{scratch_.path() / "store"} {
        write_image(directory_, files_);
        const auto report = look();
        if (!report || !report->whole()) throw std::runtime_error{name_ + " isn't whole to begin with"};
        whole_ = contents(directory_, *report);
        state_ = describe(*report->state);
        vouched_ = report->vouched;
        archived_ = report->archived;
        end_ = report->log_end;
    }

    void flip_bytes(std::size_t step) {
        for (const auto& [name, bytes] : files_)
            for (std::size_t at = 0; at < bytes.size(); at += step)
                flip(name, at, at / step % 3 == 0 ? 0xff : 1 << at % 8);
    }
    /// Each of a byte's bits and all of them, with a start for each.
    void flip_byte(const std::string& name, std::size_t at) {
        if (!files_.contains(name) || at >= files_.at(name).size()) throw std::runtime_error{"there is no such byte"};
        start_each_ = 1;
        for (int bit = 0; bit < 8; ++bit)
            flip(name, at, 1 << bit);
        flip(name, at, 0xff);
    }
    void cut_files(std::size_t step) {
        for (const auto& [name, bytes] : files_)
            for (std::size_t end = 0; end < bytes.size(); end += step)
                judge(name, bytes.substr(0, end), "cut at " + std::to_string(end));
    }
    void take_files() {
        for (const auto& [name, bytes] : files_)
            judge(name, std::nullopt, "removal");
    }

    tally& counts() { return counts_; }

private:
    void flip(const std::string& name, std::size_t at, int mask) {
        std::string flipped = files_.at(name);
        flipped[at] = static_cast<char>(flipped[at] ^ mask);
        judge(name, flipped, "flip of byte " + std::to_string(at) + " by " + std::to_string(mask));
    }

    std::optional<store_report> look() const {
        auto looked = check_store(directory_, all);
        if (looked.index() != 0) return std::nullopt;
        return std::get<0>(std::move(looked));
    }

    void judge(const std::string& name, const std::optional<std::string>& bytes, const std::string& what) {
        if (bytes)
            write_file(directory_ / name, *bytes);
        else
            fs::remove(directory_ / name);
        ++counts_.cases;
        const auto report = look();
        const std::string where = name_ + ", " + name + ": " + what;
        if (!report || !report->whole()) {
            ++counts_.found;
            if (report && report->findings[0].file.empty()) counts_.silent.push_back(where + ": no file is named");
        } else if (contents(directory_, *report) == whole_) {
            ++counts_.same;
        } else if (report->archived < archived_ && report->log_end == end_ && describe(*report->state) == state_) {
            ++counts_.again; // SQLite's last transaction is gone, and the log still has all of it
        } else if (name.ends_with(".log") && vouched_ < end_ && report->log_end == vouched_) {
            ++counts_.last_group; // nothing vouches for it: what it held, peers know
        } else {
            counts_.silent.push_back(where);
        }
        if (counts_.cases % start_each_ == 0) start(where, report && report->whole());
        write_image_file(name);
    }

    /// A start either refuses, or finds what there was. In a copy: it changes the directory.
    void start(const std::string& where, bool whole) {
        const auto copy = scratch_.path() / "copy";
        fs::remove_all(copy);
        fs::copy(directory_, copy);
        ++counts_.starts;
        std::string refused;
        const auto one = open(copy, &refused);
        if (!one) {
            ++counts_.refused;
            if (whole) counts_.silent.push_back(where + ": a look finds nothing, a start refuses: " + refused);
            return;
        }
        if (one->figures().position < end_ && vouched_ < end_) return; // without the last group
        if (describe(one->take_recovered()) != state_) counts_.silent.push_back(where + ": a start finds something else");
    }

    void write_image_file(const std::string& name) { write_file(directory_ / name, files_.at(name)); }

    std::string name_;
    image files_;
    temporary_directory scratch_;
    fs::path directory_;
    std::string whole_, state_;
    std::uint64_t vouched_ = 0, end_ = 0, archived_ = 0, start_each_ = 5;
    tally counts_;
};

bool is_silent(const std::string& name, const tally& counts) {
    std::cout << name << ": " << counts.cases << " cases: found " << counts.found << ", no difference " << counts.same
              << ", archived again from the log " << counts.again << ", the last group alone " << counts.last_group << ", silent "
              << counts.silent.size() << "; " << counts.starts << " starts, " << counts.refused << " refused" << std::endl;
    for (std::size_t i = 0; i < counts.silent.size() && i < 20; ++i)
        std::cout << "  " << counts.silent[i] << std::endl;
    return !counts.silent.empty();
}

struct wish {
    std::size_t step = 1;
    std::vector<std::string> stores = {"stopped", "killed"};
    std::string file;
    std::size_t byte = 0;
};

std::optional<wish> wish_of(const std::vector<std::string>& words) {
    wish said;
    if (!words.empty()) said.step = std::strtoull(words[0].c_str(), nullptr, 10);
    if (words.size() > 1) said.stores = {words[1]};
    if (words.size() > 3) {
        said.file = words[2];
        said.byte = std::strtoull(words[3].c_str(), nullptr, 10);
    }
    const bool known = said.stores[0] == "stopped" || said.stores[0] == "killed";
    return said.step > 0 && known && words.size() != 3 && words.size() < 5 ? std::optional{said} : std::nullopt;
}

int run(const wish& said) {
    bool silent = false;
    for (const auto& name : said.stores) {
        damaged_store one{name, make_store(7, name == "killed")};
        if (!said.file.empty()) {
            one.flip_byte(said.file, said.byte);
        } else {
            one.take_files();
            one.flip_bytes(said.step);
            one.cut_files(said.step * 2);
        }
        silent = is_silent(name, one.counts()) || silent;
    }
    return silent ? 1 : 0;
}

} // namespace

int run_program(int count, char** words) {
    if (const auto said = wish_of({words + 1, words + count})) return run(*said);
    std::cerr << "damage [STEP [stopped|killed [FILE BYTE]]]: every STEPth byte of both stores or one, 1 if nothing is said; or\n"
                 "one byte of one file, each of its bits"
              << std::endl;
    return 2;
}

} // namespace fenliu::tests::faults

int main(int argc, char** argv) { return fenliu::tests::faults::run_program(argc, argv); }
