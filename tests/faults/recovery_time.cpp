// Measures a start on a big log: 1,000,000 records and 100,000 open conversations that the archive has nothing of, which is more
// than a broker ever leaves. Ends with 1 if it takes 10 s or longer. With a directory it leaves the store there, for fenliud to
// start on.
#include <chrono>
#include <ctime>
#include <future>
#include <iostream>

#include "storage/journal.hpp"
#include "storage/open.hpp"
#include "tests/storage/promised_release.hpp"
#include "tests/storage/temporary_directory.hpp"

namespace fenliu::tests::faults {
namespace {

namespace fs = std::filesystem;
using namespace storage;

constexpr std::uint64_t conversations = 100'000, records = 1'000'000, shops = 50, accounts = 40;
constexpr double most_s = 10;

double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::string shop_of(std::uint64_t number) { return "shop" + std::to_string(number % shops); }
std::string account_of(std::uint64_t number) { return shop_of(number) + ":a" + std::to_string(number / shops % accounts); }

/// The records of one conversation: opened, assigned, eight lines.
void add_conversation(record_batch& batch, std::uint64_t number, routing::timestamp_ms at) {
    const std::string shop = shop_of(number), account = account_of(number), buyer = "buyer" + std::to_string(number);
    batch.add(routing::conversation_opened{.number = number, .shop = shop, .buyer = buyer, .at = at});
    batch.add(routing::place_changed{.number = number,
                                     .epoch = 1,
                                     .at = at,
                                     .state = routing::conversation_state::assigned,
                                     .owner = account,
                                     .reason = routing::reason::assigned_any});
    for (std::uint64_t seq = 1; seq <= records / conversations - 2; ++seq) {
        const std::string id = "m" + std::to_string(number) + "." + std::to_string(seq),
                          text = "红色的还有货吗？ " + std::string(60 + number % 80, 'x');
        batch.add(routing::line_added{number, seq, at, seq % 3 == 0 ? routing::side::agent : routing::side::buyer,
                                      seq % 3 == 0 ? account : buyer, id, text});
    }
}

/// The log alone, without anybody who would follow it into the archive.
void write_log(const fs::path& directory, routing::timestamp_ms at) {
    failure_latch failures;
    failures.set_callback([](const protocol::failure& failure) {
        std::cerr << failure.text << std::endl;
        std::_Exit(1);
    });
    auto opened = journal::open(operating_system(), directory, limits::segment_bytes, 0, failures);
    if (const auto* failure = std::get_if<protocol::failure>(&opened)) throw std::runtime_error{failure->text};
    auto& log = *std::get<0>(opened);
    log.start(nullptr);
    record_batch first;
    for (std::uint64_t i = 0; i < shops; ++i)
        first.add(routing::shop_made{.shop = shop_of(i), .at = at});
    for (std::uint64_t i = 0; i < shops * accounts; ++i)
        first.add(
            routing::account_set{.shop = shop_of(i), .account = account_of(i), .at = at, .cap = 1'000, .participating = true});
    log.commit(std::move(first), nullptr);
    for (std::uint64_t number = 1; number <= conversations;) {
        record_batch batch;
        for (std::uint64_t i = 0; i < 500 && number <= conversations; ++i)
            add_conversation(batch, number++, at);
        std::promise<void> done;
        log.commit(std::move(batch), std::make_unique<promised_release>(done));
        done.get_future().wait();
    }
    log.stop();
}

int run(const fs::path& directory) {
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
    const auto options = durable_options{.directory = directory, .now = [now] { return now.count(); }};
    {
        auto empty = open_durable(options);
        if (const auto* failure = std::get_if<protocol::failure>(&empty)) throw std::runtime_error{failure->text};
    }
    write_log(directory, now.count());
    const auto begin = std::chrono::steady_clock::now();
    const auto busy_begin = std::clock();
    auto opened = open_durable(options);
    const double seconds = seconds_since(begin), busy = static_cast<double>(std::clock() - busy_begin) / CLOCKS_PER_SEC;
    if (const auto* failure = std::get_if<protocol::failure>(&opened)) throw std::runtime_error{failure->text};
    const auto state = std::get<0>(opened)->take_recovered();
    std::uint64_t open = 0;
    for (const auto& shop : state.shops)
        open += shop.conversations.size();
    std::cout << state.replayed << " records, " << open << " open conversations: " << seconds
              << " s, of which the processor worked " << busy << " s" << std::endl;
    return open == conversations && state.replayed >= records && seconds < most_s ? 0 : 1;
}

} // namespace

int run_program(int count, char** words) {
    const storage::temporary_directory scratch;
    return run(count > 1 ? fs::absolute(words[1]) : scratch.path() / "store");
}

} // namespace fenliu::tests::faults

int main(int argc, char** argv) { return fenliu::tests::faults::run_program(argc, argv); }
