// Makes the store of a shop that has been open for long, for fenliud to start on: buyers it knows, with a closed conversation
// each of three days ago, and buyers with an open one.
//   populate DIRECTORY KNOWN_BUYERS OPEN_CONVERSATIONS
#include <chrono>
#include <cstdlib>
#include <future>
#include <iostream>
#include <utility>

#include "storage/open.hpp"
#include "tests/storage/promised_release.hpp"

namespace fenliu::bench {
namespace {

using namespace std::chrono_literals;
using storage::record_batch;

constexpr std::uint64_t shops = 50, accounts = 40, batch_conversations = 500;
constexpr std::size_t text_bytes = 200;
constexpr auto closed_before = 72h;

struct numbers {
    std::uint64_t known = 0, open = 0;
};

std::string shop_of(std::uint64_t number) { return "shop" + std::to_string(number % shops); }
std::string account_of(std::uint64_t number) { return shop_of(number) + ":a" + std::to_string(number / shops % accounts); }

void add_shops(record_batch& batch, routing::timestamp_ms at) {
    for (std::uint64_t i = 0; i < shops; ++i)
        batch.add(routing::shop_made{.shop = shop_of(i), .at = at});
    for (std::uint64_t i = 0; i < shops * accounts; ++i)
        batch.add(
            routing::account_set{.shop = shop_of(i), .account = account_of(i), .at = at, .cap = 1'000, .participating = true});
}

/// Opened and assigned, two lines of the buyer and one of the agent.
void add_conversation(record_batch& batch, std::uint64_t number, routing::timestamp_ms at) {
    const std::string shop = shop_of(number), account = account_of(number), buyer = "buyer" + std::to_string(number),
                      text(text_bytes, 'x');
    batch.add(routing::conversation_opened{.number = number, .shop = shop, .buyer = buyer, .at = at});
    batch.add(routing::place_changed{.number = number,
                                     .epoch = 1,
                                     .at = at,
                                     .state = routing::conversation_state::assigned,
                                     .owner = account,
                                     .reason = routing::reason::assigned_any});
    for (std::uint64_t seq = 1; seq <= 3; ++seq) {
        const std::string id = "m" + std::to_string(number) + "." + std::to_string(seq);
        const bool agents = seq == 2;
        batch.add(routing::line_added{number, seq, at, agents ? routing::side::agent : routing::side::buyer,
                                      agents ? account : buyer, id, text});
    }
}

void commit(storage::store& to, record_batch&& batch) {
    std::promise<void> done;
    to.commit(std::move(batch), std::make_unique<storage::promised_release>(done));
    done.get_future().wait();
}

void fill(storage::store& to, numbers wanted, routing::timestamp_ms now) {
    const auto before = now - std::chrono::milliseconds{closed_before}.count();
    record_batch batch;
    add_shops(batch, before);
    for (std::uint64_t number = 1; number <= wanted.known + wanted.open; ++number) {
        const bool open = number > wanted.known;
        add_conversation(batch, number, open ? now : before);
        if (!open) batch.add(routing::conversation_closed{.number = number, .at = before, .cause = "agent"});
        if (number % batch_conversations == 0) commit(to, std::exchange(batch, {}));
    }
    commit(to, std::move(batch));
}

int run(const std::filesystem::path& directory, numbers wanted) {
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
    const auto open = [&] {
        auto opened = storage::open_durable({.directory = directory, .now = [now] { return now.count(); }});
        if (const auto* failure = std::get_if<protocol::failure>(&opened)) throw std::runtime_error{failure->text};
        return std::get<0>(std::move(opened));
    };
    const auto fail = [](const protocol::failure& failure) {
        std::cerr << failure.text << std::endl;
        std::_Exit(1);
    };
    auto made = open();
    if (!made->take_recovered().shops.empty()) throw std::runtime_error{directory.string() + " has a store already"};
    made->start([](const auto&) {}, fail);
    fill(*made, wanted, now.count());
    // Stopping archives for a while only: what it leaves is its next run's.
    for (;;) {
        made->stop();
        const auto figures = made->figures();
        if (figures.archived_position == figures.position) return 0;
        made = open();
        static_cast<void>(made->take_recovered());
        made->start([](const auto&) {}, fail);
    }
}

} // namespace
} // namespace fenliu::bench

int main(int argc, char** argv) {
    if (argc != 4) {
        std::cerr << "populate DIRECTORY KNOWN_BUYERS OPEN_CONVERSATIONS\n";
        return 2;
    }
    try {
        return fenliu::bench::run(std::filesystem::absolute(argv[1]),
                                  {std::strtoull(argv[2], nullptr, 10), std::strtoull(argv[3], nullptr, 10)});
    } catch (const std::exception& error) {
        std::cerr << "populate: " << error.what() << '\n';
        return 1;
    }
}
