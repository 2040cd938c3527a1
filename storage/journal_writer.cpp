#include "storage/journal_writer.hpp"

#include "protocol/limits.hpp"
#include "protocol/this_thread.hpp"
#include "storage/journal_format.hpp"

namespace fenliu::storage {
namespace {

namespace format = journal_format;

} // namespace

journal_writer::journal_writer(segment_list& segments, segment_supply& supply, failure_latch& failures, writing_place start)
    : segments_{segments}
    , supply_{supply}
    , failures_{failures}
    , offset_{start.offset}
    , position_{start.position}
    , group_start_{start.position}
    , chain_{start.chain}
    , synced_position_{start.position} {
    if (offset_ == 0)
        begin_segment(std::move(start.target));
    else
        target_ = std::move(start.target);
}

journal_writer::~journal_writer() { stop(); }

void journal_writer::start(synced_callback synced) {
    synced_ = std::move(synced);
    thread_ = std::thread{[this] { run(); }};
}

void journal_writer::commit(record_batch&& records, std::unique_ptr<release> then) noexcept {
    bool was_empty = false;
    {
        const std::lock_guard lock{mutex_};
        if (stopping_) return;
        was_empty = pending_.empty();
        pending_.push_back({std::move(records), std::move(then)});
    }
    if (was_empty) handed_in_.notify_one();
}

void journal_writer::run() {
    this_thread::be_called("log");
    std::vector<entry> work;
    for (bool roll = false;;) {
        {
            std::unique_lock lock{mutex_};
            handed_in_.wait(lock, [this] { return stopping_ || roll_ || !pending_.empty(); });
            if (pending_.empty() && !roll_) break;
            work.swap(pending_);
            roll = std::exchange(roll_, false);
        }
        if (!failures_.tripped())
            if (auto failure = write(work)) failures_.report(*failure);
        for (auto& each : work)
            if (each.then && !failures_.tripped()) each.then->run();
        work.clear();
        if (roll && !failures_.tripped())
            if (auto failure = go_on_elsewhere()) failures_.report(*failure);
    }
    // A mark after the last group vouches for it, so that the next start has nothing to copy. The next log begins before it.
    if (failures_.tripped() || offset_ == 0) return;
    if (auto failure = write_group()) failures_.report(*failure);
}

outcome journal_writer::write(const std::vector<entry>& work) {
    for (const auto& each : work) {
        std::string_view bytes = each.records.bytes();
        if (auto failure = make_room(each.records)) return failure;
        while (!bytes.empty()) {
            const std::uint32_t size = format::load_32(bytes.data());
            if (auto failure = add(bytes.substr(sizeof size, size))) return failure;
            bytes.remove_prefix(sizeof size + size);
        }
    }
    return group_records_ > 0 ? finish_group() : std::nullopt;
}

bool journal_writer::fits(std::size_t bytes) const {
    return offset_ + buffer_.size() + bytes + format::watermark_bytes <= target_.bytes;
}

outcome journal_writer::next_segment() {
    if (group_records_ > 0)
        if (auto failure = finish_group()) return failure;
    auto taken = supply_.take();
    if (auto* failure = std::get_if<protocol::failure>(&taken)) return std::move(*failure);
    begin_segment(std::get<0>(std::move(taken)));
    return {};
}

outcome journal_writer::make_room(const record_batch& records) {
    const std::size_t bytes = records.bytes().size() + records.count() * (format::frame_bytes - sizeof(std::uint32_t));
    const bool fits_a_segment = format::header_bytes + bytes + format::watermark_bytes <= target_.bytes;
    return fits(bytes) || !fits_a_segment ? std::nullopt : next_segment();
}

outcome journal_writer::add(std::string_view payload) {
    if (payload.size() > limits::record_bytes)
        return protocol::failure{protocol::errc::internal,
                                 "a journal record of " + std::to_string(payload.size()) + " bytes is over the bound"};
    if (!fits(format::frame_bytes + payload.size()))
        if (auto failure = next_segment()) return failure;
    chain_ = format::append_record(buffer_, chain_, payload);
    position_ += format::frame_bytes + payload.size();
    ++group_records_;
    return {};
}

outcome journal_writer::write_group() {
    chain_ = format::append_watermark(buffer_, chain_, {.position = position_, .group_start = group_start_});
    position_ += format::watermark_bytes;
    if (auto failure = target_.target->write(offset_, buffer_)) return failure;
    return target_.target->sync();
}

outcome journal_writer::finish_group() {
    if (auto failure = write_group()) return failure;
    const bool new_segment = offset_ == 0;
    if (new_segment) segments_.add(in_use_);
    offset_ += buffer_.size();
    buffer_.clear();
    group_start_ = position_;
    // A mark alone is no part of the log: a start that finds nothing after it begins before it.
    if (group_records_ > 0) synced_position_ = position_;
    records_ += std::exchange(group_records_, 0);
    ++groups_;
    supply_.keep_step(static_cast<double>(offset_) / static_cast<double>(target_.bytes));
    if (synced_) synced_(synced_position_, new_segment);
    return {};
}

outcome journal_writer::go_on_elsewhere() {
    if (offset_ != 0)
        if (auto failure = next_segment()) return failure;
    return finish_group();
}

void journal_writer::roll() noexcept {
    {
        const std::lock_guard lock{mutex_};
        roll_ = true;
    }
    handed_in_.notify_one();
}

void journal_writer::begin_segment(prepared_segment target) {
    target_ = std::move(target);
    offset_ = 0;
    in_use_ = {.index = target_.index, .first_position = position_, .chain = chain_, .path = target_.path};
    buffer_.clear();
    format::append_header(buffer_, {.index = target_.index,
                                    .first_position = position_,
                                    .chain = chain_,
                                    .file_bytes = static_cast<std::uint32_t>(target_.bytes)});
}

void journal_writer::stop() noexcept {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    handed_in_.notify_one();
    if (thread_.joinable()) thread_.join();
}

} // namespace fenliu::storage
