#include "tests/faults/rows.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>

#include <unistd.h>

#include "storage/open.hpp"

namespace fenliu::tests::faults {
namespace {

constexpr std::size_t conversations_at_once = 6;
constexpr std::uint64_t lines_of_one = 20;
constexpr std::uint64_t ahead_most = 40; // rows handed in and not acknowledged

/// Rows that were acknowledged, printed as they are.
class acknowledged {
public:
    void take(std::uint64_t row) {
        const std::string text = std::to_string(row) + "\n";
        if (::write(STDOUT_FILENO, text.data(), text.size()) < 0) std::_Exit(3);
        const std::lock_guard lock{mutex_};
        ++count_;
        changed_.notify_all();
    }
    void wait_for(std::uint64_t count) {
        std::unique_lock lock{mutex_};
        if (!changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return count_ >= count; })) {
            std::cerr << "the store hangs" << std::endl;
            std::_Exit(4);
        }
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t count_ = 0;
};

class acknowledge final : public storage::release {
public:
    acknowledge(acknowledged& to, std::uint64_t row)
        : to_{to}
        , row_{row} {}
    void run() noexcept override { to_.take(row_); }

private:
    acknowledged& to_;
    std::uint64_t row_;
};

struct open_conversation {
    routing::conversation_number number = 0;
    std::uint64_t lines = 0;
};

/// Turns rows into records: lines of a few conversations at a time, each closed after some lines.
class row_writer {
public:
    row_writer(const storage::recovered& state, std::uint64_t now)
        : next_{state.last_number}
        , at_{static_cast<routing::timestamp_ms>(now)} {
        for (const auto& shop : state.shops)
            for (const auto& each : shop.conversations)
                if (each->open()) open_.push_back({each->number, each->transcript.last_seq()});
    }

    storage::record_batch records_of(std::uint64_t row) {
        storage::record_batch batch;
        if (next_ == 0) batch.add(routing::shop_made{.shop = "shop", .at = ++at_});
        if (open_.size() < conversations_at_once) {
            const std::string buyer = "b" + std::to_string(++next_);
            batch.add(routing::conversation_opened{.number = next_, .shop = "shop", .buyer = buyer, .at = ++at_});
            open_.push_back({next_, 0});
        }
        const std::size_t which = row * 7 % open_.size();
        auto& into = open_[which];
        const std::string id = std::to_string(row), text = text_of(row);
        batch.add(routing::line_added{into.number, ++into.lines, ++at_, routing::side::buyer, "b", id, text});
        if (into.lines >= lines_of_one) {
            batch.add(routing::conversation_closed{.number = into.number, .at = ++at_, .cause = "left"});
            open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(which));
        }
        return batch;
    }

private:
    routing::conversation_number next_;
    routing::timestamp_ms at_;
    std::vector<open_conversation> open_;
};

} // namespace

std::string text_of(std::uint64_t row) {
    std::string text = "row " + std::to_string(row) + " ";
    for (std::uint64_t i = 0, more = row * 2'654'435'761 % 900; i < more; ++i)
        text += static_cast<char>('a' + (row + i) % 26);
    return text;
}

int write_rows(const writing& what) {
    auto opened = storage::open_durable({.directory = what.directory,
                                         .segment_bytes = what.segment_bytes,
                                         .keep_closed_ms = 0,
                                         .log_retention = std::chrono::milliseconds{0},
                                         .now = [] { return routing::timestamp_ms{0}; }});
    if (const auto* failure = std::get_if<protocol::failure>(&opened)) {
        std::cerr << failure->text << std::endl;
        return 1;
    }
    const auto store = std::get<0>(std::move(opened));
    acknowledged acks;
    row_writer rows{store->take_recovered(), what.life * rows_a_life};
    store->start(nullptr, [](const protocol::failure& failure) {
        std::cerr << failure.text << std::endl;
        std::_Exit(1);
    });
    for (std::uint64_t i = 0; i < what.rows; ++i) {
        const std::uint64_t row = what.life * rows_a_life + i;
        store->commit(rows.records_of(row), std::make_unique<acknowledge>(acks, row));
        if (i >= ahead_most) acks.wait_for(i - row % ahead_most);
    }
    acks.wait_for(what.rows);
    store->stop();
    return 0;
}

int write_vips(const std::filesystem::path& directory) {
    auto opened = storage::open_durable({.directory = directory, .now = [] { return routing::timestamp_ms{0}; }});
    if (const auto* failure = std::get_if<protocol::failure>(&opened)) {
        std::cerr << failure->text << std::endl;
        return 1;
    }
    const auto store = std::get<0>(std::move(opened));
    store->start(nullptr, [](const protocol::failure& failure) {
        std::cerr << failure.text << std::endl;
        std::_Exit(1);
    });
    storage::record_batch batch;
    for (const std::string shop : {"kill0", "kill1"}) {
        batch.add(routing::shop_made{.shop = shop, .at = 1});
        for (int number = 0; number < 10; number += 2) {
            const std::string buyer = "b" + std::to_string(number);
            batch.add(routing::buyer_set{.shop = shop, .buyer = buyer, .at = 1, .crowds = {{.id = "vip", .since = 1}}});
        }
    }
    store->commit(std::move(batch), nullptr);
    store->stop();
    return 0;
}

std::string judge(const storage::recovered& state, const std::vector<std::uint64_t>& acked) {
    std::map<std::uint64_t, std::uint64_t> found; // by life: rows so far
    std::map<std::uint64_t, bool> rows;
    for (const auto& shop : state.shops)
        for (const auto& each : shop.conversations) {
            std::uint64_t before = 0;
            for (std::uint64_t seq = 1; seq <= each->transcript.last_seq(); ++seq) {
                const auto line = each->transcript.at(seq);
                const std::string where = "line " + std::to_string(seq) + " of conversation " + routing::to_id(each->number);
                if (!line) return where + " is missing";
                const std::uint64_t row = std::strtoull(std::string{line->msg_id}.c_str(), nullptr, 10);
                if (line->text != text_of(row)) return where + " is not row " + std::to_string(row);
                if (seq > 1 && row <= before) return where + " is out of order";
                if (!rows.emplace(row, true).second) return "row " + std::to_string(row) + " is there twice";
                before = row;
            }
        }
    for (const auto& [row, there] : rows)
        if (row % rows_a_life != found[row / rows_a_life]++) return "a row before row " + std::to_string(row) + " is missing";
    for (std::size_t life = 0; life < acked.size(); ++life)
        if (found[life] < acked[life])
            return std::to_string(acked[life] - found[life]) + " acknowledged rows of life " + std::to_string(life) + " are lost";
    return {};
}

} // namespace fenliu::tests::faults
