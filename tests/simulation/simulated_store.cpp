#include "simulated_store.hpp"

#include <cstring>
#include <stdexcept>
#include <utility>

#include "storage/audit_chain.hpp"

namespace fenliu::simulation {
namespace {

std::unique_ptr<storage::archive> open_in_memory() {
    auto opened = storage::archive::open(":memory:");
    if (auto* failure = std::get_if<protocol::failure>(&opened)) throw std::runtime_error{failure->text};
    return std::get<0>(std::move(opened));
}

/// A read that fails is a bug here: nothing in memory can be damaged.
template <class Value>
Value value_of(storage::result<Value>&& read) {
    if (auto* failure = std::get_if<protocol::failure>(&read)) throw std::runtime_error{failure->text};
    return std::get<0>(std::move(read));
}

} // namespace

simulated_store::simulated_store(journal_watch& watch)
    : watch_{watch}
    , archive_{open_in_memory()}
    , reader_{archive_->database()} {}

void simulated_store::start(storage::archived_callback archived, storage::failed_callback) {
    archived_callback_ = std::move(archived);
    down_ = false;
}

void simulated_store::commit(storage::record_batch&& records, std::unique_ptr<storage::release> then) noexcept {
    if (down_) return;
    for (std::string_view rest = records.bytes(); !rest.empty();) {
        std::uint32_t size = 0;
        std::memcpy(&size, rest.data(), sizeof size);
        const auto payload = rest.substr(sizeof size, size);
        const auto before = log_.empty() ? 0 : log_.back().position;
        log_.push_back({std::string{payload}, before + payload.size()});
        watch_.committed(payload);
        rest.remove_prefix(sizeof size + size);
    }
    commits_.push_back({log_.size(), std::move(then)});
}

void simulated_store::sync(std::size_t commits) {
    synced_commits_ += commits;
    synced_ = commits_[synced_commits_ - 1].records;
    watch_.synced(synced_);
}

void simulated_store::release(std::size_t commits) {
    for (; commits > 0; --commits) {
        auto first = std::move(commits_.front());
        commits_.pop_front();
        --synced_commits_;
        if (first.then) first.then->run();
    }
}

void simulated_store::read_history(storage::history_query query, std::function<void(storage::history_answer)> answer) {
    reads_.push_back(
        [this, query = std::move(query), answer = std::move(answer)] { answer(value_of(reader_.read_history(query))); });
}

void simulated_store::read_colleagues(std::string shop, std::string buyer,
                                      std::function<void(std::vector<storage::colleague_row>)> answer) {
    reads_.push_back([this, shop = std::move(shop), buyer = std::move(buyer), answer = std::move(answer)] {
        answer(value_of(reader_.read_colleagues(shop, buyer)));
    });
}

void simulated_store::read_conversation(std::string shop, routing::conversation_number number,
                                        std::function<void(std::unique_ptr<routing::conversation>)> answer) {
    reads_.push_back([this, shop = std::move(shop), number, answer = std::move(answer)] {
        answer(value_of(reader_.read_conversation(shop, number)));
    });
}

template <class Answer, class Step>
void simulated_store::read_past(Answer answer, Step step) {
    reads_.push_back([this, answer = std::move(answer), step = std::move(step)] {
        storage::past from{archive_->database(), nullptr};
        answer(value_of(step(from)));
    });
}

void simulated_store::read_decisions(storage::decision_query query,
                                     std::function<void(std::vector<storage::stored_decision>)> answer) {
    read_past(std::move(answer), [query = std::move(query)](storage::past& from) { return from.read_decisions(query); });
}

void simulated_store::find_message(std::string shop, std::string message_id,
                                   std::function<void(routing::conversation_number)> answer) {
    read_past(std::move(answer),
              [shop = std::move(shop), id = std::move(message_id)](storage::past& from) { return from.find_message(shop, id); });
}

void simulated_store::read_policy(std::string shop, std::uint32_t version,
                                  std::function<void(std::optional<routing::policy_version>)> answer) {
    read_past(std::move(answer),
              [shop = std::move(shop), version](storage::past& from) { return from.read_policy(shop, version); });
}

void simulated_store::read_deeds(storage::deed_query query, std::function<void(std::vector<storage::stored_deed>)> answer) {
    read_past(std::move(answer), [query = std::move(query)](storage::past& from) { return from.read_deeds(query); });
}

void simulated_store::replay_roster(storage::roster_query query, storage::record_visitor each, std::function<void(bool)> answer) {
    read_past(std::move(answer), [query = std::move(query), each = std::move(each)](storage::past& from) {
        return from.replay_roster(query, each);
    });
}

void simulated_store::verify_audit(std::string head, std::function<void(storage::audit_report)> answer) {
    reads_.emplace_back(
        [this, head = std::move(head), answer = std::move(answer)] { answer(storage::verify_audit(reader_.database(), head)); });
}

void simulated_store::when_removed(std::function<void()> done) { reads_.emplace_back(std::move(done)); }

void simulated_store::answer_read() {
    const auto read = std::move(reads_.front());
    reads_.pop_front();
    read();
}

storage::record_source simulated_store::source(std::size_t from, std::size_t to) const {
    return [this, next = from, to]() mutable -> storage::result<storage::log_entry> {
        if (next == to) return storage::log_entry{};
        const auto& each = log_[next++];
        return storage::log_entry{each.payload, each.position};
    };
}

bool simulated_store::archive(std::size_t records) {
    const auto until = archived_ + records;
    auto done = archive_->run(source(archived_, until), log_[until - 1].position);
    if (!std::holds_alternative<std::optional<std::vector<storage::archived_conversation>>>(done)) return false;
    archived_ = until;
    auto& told = *std::get<0>(done);
    if (!told.empty() && !down_) archived_callback_(std::move(told));
    return true;
}

void simulated_store::crash() {
    down_ = true;
    log_.resize(synced_);
    commits_.clear();
    synced_commits_ = 0;
    reads_.clear();
}

storage::result<storage::recovery> simulated_store::recover(routing::timestamp_ms closed_since) {
    return storage::recover(*archive_, source(archived_, synced_), closed_since);
}

} // namespace fenliu::simulation
