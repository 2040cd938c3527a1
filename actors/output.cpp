#include "actors/output.hpp"

namespace fenliu::actors {
namespace {

class post_release final : public storage::release {
public:
    post_release(transport::outbound_batch&& batch, std::shared_ptr<egress> to)
        : batch_{std::move(batch)}
        , to_{std::move(to)} {}
    void run() noexcept override { to_->post(std::move(batch_)); }

private:
    transport::outbound_batch batch_;
    std::shared_ptr<egress> to_;
};

} // namespace

void output::processed(transport::link_id link, std::uint64_t rx) {
    auto& ranges = batch_.processed;
    if (!ranges.empty() && ranges.back().link == link && ranges.back().last + 1 == rx)
        ranges.back().last = rx;
    else
        ranges.push_back({link, rx, rx});
}

void output::admit(transport::link_id link, protocol::errc code, std::string text) {
    batch_.admissions.push_back({link, code, std::move(text)});
}

void output::begin_step() noexcept {
    committed_to_ = false;
    step_bytes_ = batch_.bytes.size();
    step_sends_ = batch_.sends.size();
    step_feed_ = batch_.feed.size();
}

bool output::undo_step() noexcept {
    if (committed_to_) return false;
    batch_.bytes.resize(step_bytes_);
    batch_.sends.resize(step_sends_);
    batch_.feed.resize(step_feed_);
    return true;
}

void output::flush(storage::store& store, std::shared_ptr<egress> to) {
    if (records_.empty() && batch_.empty()) return;
    // The next drain of a busy lane is about as large: strings that grow cost more than they hold.
    const std::size_t records = records_.bytes().size(), bytes = batch_.bytes.size(), sends = batch_.sends.size();
    auto then = batch_.empty() ? nullptr : std::make_unique<post_release>(std::move(batch_), std::move(to));
    store.commit(std::move(records_), std::move(then));
    records_ = {};
    records_.reserve(records);
    batch_ = {};
    batch_.bytes.reserve(bytes);
    batch_.sends.reserve(sends);
}

} // namespace fenliu::actors
