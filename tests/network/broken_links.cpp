// Talks over links that break, against a fenliud of its own: cut after each single byte of a talk, or broken by chance many
// thousand times. Whatever happens to a link, every line that was said is in history once and in order, every command is
// answered, and the conversation has the owner it was given.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "broken_link.hpp"
#include "broker_process.hpp"
#include "talk.hpp"
#include "tests/simulation/chance.hpp"

namespace fenliu::network {

namespace {

using simulation::chance;
using std::chrono::steady_clock;

/// A talk that is not over by then never will be: a half-open link is found within a second, within ten while it says hello.
constexpr auto talk_deadline = std::chrono::seconds(60);

struct settings {
    std::string program;
    std::uint64_t every = 1, talks = 24, faults = 10'000, seed = 1, first = 1, freezes = 0;
};

/// A talk that runs, and its links.
struct running {
    std::unique_ptr<talk> of;
    std::vector<std::shared_ptr<broken_link>> links;
    std::string what; ///< is done to it
    steady_clock::time_point since = steady_clock::now();
};

struct totals {
    std::uint64_t talks = 0, faults = 0, resumes = 0, repeats = 0, failed = 0;
};

class stand {
public:
    explicit stand(const settings& given)
        : settings_(given)
        , broker_(given.program, "heartbeat_ms = 200\n", "loss_grace_ms = 600000\n")
        , carrier_(broker_.port()) {}

    int cuts();
    int disconnects();

private:
    running start(const std::string& what, party victim, link_fault fault);
    running start_wild(std::uint64_t number);
    void poll(std::vector<running>& all);
    void finish(running& each);
    void run_one(running& each);
    int tell(const char* what);

    settings settings_;
    broker_process broker_;
    link_carrier carrier_;
    totals totals_;
    std::uint64_t shops_ = 0;
};

running stand::start(const std::string& what, party victim, link_fault fault) {
    running made;
    made.what = what;
    made.links.push_back(carrier_.make([fault](std::uint64_t connection) { return connection == 0 ? fault : link_fault{}; }));
    std::array<std::string, 3> urls{broker_.url(), broker_.url(), broker_.url()};
    urls[static_cast<std::size_t>(victim)] = made.links[0]->url();
    made.of = std::make_unique<talk>("s" + std::to_string(++shops_), urls, broker_.url());
    return made;
}

/// Every connection of every party meets some fault, soon.
running stand::start_wild(std::uint64_t number) {
    running made;
    made.what = "faults by chance, talk " + std::to_string(number) + " of seed " + std::to_string(settings_.seed);
    std::array<std::string, 3> urls;
    for (std::size_t index = 0; index < urls.size(); ++index) {
        auto draw = std::make_shared<chance>(settings_.seed * 1'000'003 + number * 3 + index);
        made.links.push_back(carrier_.make([draw](std::uint64_t) {
            using kind = link_fault::kind;
            const auto roll = draw->below(100U);
            const kind what = roll < 45 ? kind::finish : roll < 85 ? kind::reset : roll < 95 ? kind::half_dead : kind::none;
            const direction in = draw->one_in(2) ? direction::up : direction::down;
            return link_fault{what, in, draw->below(std::uint64_t{900})};
        }));
        urls[index] = made.links[index]->url();
    }
    made.of = std::make_unique<talk>("s" + std::to_string(++shops_), urls, broker_.url());
    return made;
}

void stand::poll(std::vector<running>& all) {
    transport::client_set clients;
    for (running& each : all)
        each.of->add_clients(clients);
    clients.poll(std::chrono::milliseconds(20));
    for (running& each : all) {
        each.of->step();
        if (!each.of->done() && steady_clock::now() > each.since + talk_deadline) each.of->fail("not over in time");
        if (each.of->done()) finish(each);
    }
    std::erase_if(all, [](const running& each) { return each.of == nullptr; });
}

void stand::finish(running& each) {
    ++totals_.talks;
    totals_.resumes += each.of->resumes();
    totals_.repeats += each.of->repeats();
    for (const auto& link : each.links)
        totals_.faults += link->faults();
    if (!each.of->fault().empty()) {
        ++totals_.failed;
        std::fprintf(stderr, "%s: %s\n", each.what.c_str(), each.of->fault().c_str());
    }
    each.of.reset();
}

void stand::run_one(running& each) {
    while (each.of && !each.of->done()) {
        transport::client_set clients;
        each.of->add_clients(clients);
        clients.poll(std::chrono::milliseconds(20));
        each.of->step();
        if (steady_clock::now() > each.since + talk_deadline) each.of->fail("not over in time");
    }
}

int stand::cuts() {
    static constexpr std::array<const char*, 3> names{"the frontend", "amy", "ben"};
    std::vector<running> all;
    for (const party victim : parties) {
        // How long the talk is on an unbroken link; heartbeats make it longer now and then, which costs only needless runs.
        running whole = start("nothing", victim, {});
        run_one(whole);
        std::array<std::uint64_t, 2> bytes{whole.links[0]->first_bytes(direction::up),
                                           whole.links[0]->first_bytes(direction::down)};
        finish(whole);
        for (const direction in : {direction::up, direction::down}) {
            const std::uint64_t end = bytes[in == direction::up ? 0 : 1];
            std::printf("%s %s: %llu bytes\n", names[static_cast<std::size_t>(victim)], in == direction::up ? "up" : "down",
                        static_cast<unsigned long long>(end));
            for (std::uint64_t after = 0; after < end; after += settings_.every) {
                const auto kind = after / settings_.every % 2 == 0 ? link_fault::kind::finish : link_fault::kind::reset;
                all.push_back(start(std::string("cut of ") + names[static_cast<std::size_t>(victim)] +
                                        (in == direction::up ? " up" : " down") + " after " + std::to_string(after),
                                    victim, {kind, in, after}));
                while (all.size() >= settings_.talks)
                    poll(all);
            }
        }
    }
    while (!all.empty())
        poll(all);
    return tell("cuts");
}

int stand::disconnects() {
    std::vector<running> all;
    std::uint64_t number = settings_.first - 1;
    std::uint64_t frozen = 0;
    auto next_freeze = steady_clock::now() + std::chrono::seconds(1);
    while (totals_.faults < settings_.faults || !all.empty()) {
        while (totals_.faults < settings_.faults && all.size() < settings_.talks)
            all.push_back(start_wild(++number));
        poll(all);
        if (frozen == settings_.freezes || steady_clock::now() < next_freeze) continue;
        // The broker stops in the middle of everything, long enough for every peer to find it silent.
        broker_.freeze(true);
        const auto until = steady_clock::now() + std::chrono::milliseconds(frozen % 2 == 0 ? 100 : 900);
        while (steady_clock::now() < until)
            poll(all);
        broker_.freeze(false);
        ++frozen;
        next_freeze = steady_clock::now() + std::chrono::seconds(1);
    }
    if (frozen > 0) std::printf("the broker was stopped %llu times\n", static_cast<unsigned long long>(frozen));
    return tell("disconnects");
}

int stand::tell(const char* what) {
    const bool alive = broker_.alive();
    const int status = broker_.stop();
    std::printf(
        "%s: %llu talks, %llu faults, %llu resumed, %llu lines repeated and dropped, %llu failed; the broker ended with %d\n",
        what, static_cast<unsigned long long>(totals_.talks), static_cast<unsigned long long>(totals_.faults),
        static_cast<unsigned long long>(totals_.resumes), static_cast<unsigned long long>(totals_.repeats),
        static_cast<unsigned long long>(totals_.failed), status);
    return alive && status == 0 && totals_.failed == 0 && totals_.faults > 0 ? 0 : 1;
}

} // namespace

} // namespace fenliu::network

int main(int count, char** words) {
    fenliu::network::settings given;
    CLI::App program{"Talks over links that break, against a fenliud of its own"};
    program.require_subcommand(1);
    program.add_option("--fenliud", given.program, "The broker's program")->required()->check(CLI::ExistingFile);
    program.add_option("--talks", given.talks, "At a time")->capture_default_str();
    auto* const cuts = program.add_subcommand("cuts", "Cuts each party's link after each byte of a talk, in both directions");
    cuts->add_option("--every", given.every, "Only after each so many bytes")->check(CLI::PositiveNumber)->capture_default_str();
    auto* const chance =
        program.add_subcommand("disconnects", "Breaks all links by chance: ends, resets, directions that go dead");
    chance->add_option("--faults", given.faults, "How many")->capture_default_str();
    chance->add_option("--seed", given.seed, "Of what goes wrong")->capture_default_str();
    chance->add_option("--first", given.first, "Number of the first talk: with --talks 1 --faults 1 that one again")
        ->capture_default_str();
    chance->add_option("--freezes", given.freezes, "How often the broker's process is stopped meanwhile")->capture_default_str();
    CLI11_PARSE(program, count, words);
    fenliu::network::stand stand(given);
    return cuts->parsed() ? stand.cuts() : stand.disconnects();
}
