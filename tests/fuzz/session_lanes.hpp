// The lanes of a fuzzed session exchange: they keep the batches they are given, check the order of events, and admit, process and
// send when the script says so. What was received is read again when it is processed, so that AddressSanitizer sees a batch that
// does not keep its bytes alive.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "transport/inbound_sink.hpp"
#include "transport/outbound.hpp"

namespace fenliu::fuzz {

constexpr unsigned lane_count = 2;

/// What the lanes know of a link.
struct link_book {
    enum class phase : std::uint8_t { unknown, open, lost, closed };
    std::shared_ptr<const transport::identity> who;
    bool full = false;
    std::array<phase, lane_count> at{};
    std::array<std::uint64_t, lane_count + 1> newest{}; ///< number received, by lane; the last is the administration's
    std::set<std::uint64_t> pending;                    ///< numbers handed over and not yet processed
    std::uint64_t sends = 0;                            ///< data messages sent while it was not closed
    bool refused = false;

    [[nodiscard]] bool over() const noexcept { return refused || at[0] == phase::closed || at[1] == phase::closed; }
};

class session_lanes final : public transport::inbound_sink {
public:
    explicit session_lanes(std::uint32_t window)
        : window_(window) {}

    [[nodiscard]] unsigned lane_count() const noexcept override { return fuzz::lane_count; }
    [[nodiscard]] unsigned lane_of(std::string_view shop) const noexcept override { return shop < "n" ? 0 : 1; }
    void deliver(unsigned lane, transport::inbound_batch batch) noexcept override;
    void deliver_admin(transport::inbound_batch batch) noexcept override;

    /// Hears of each link that is lost, resumed or closed.
    std::function<void(transport::link_id, link_book::phase)> on_change;

    /// Links that were opened since the last call, in order.
    [[nodiscard]] std::vector<transport::link_id> take_opened();
    [[nodiscard]] bool waits_for_admission() const noexcept { return !waiting_.empty(); }
    [[nodiscard]] bool has_pending() const noexcept { return !held_.empty(); }
    /// Answers the `which`th agent that waits, counted round.
    void admit(std::uint32_t which, bool ok, transport::outbound_batch& out);
    /// Processes one message that was received, the `which`th counted round: answers it if it has a ref.
    void process(std::uint32_t which, transport::outbound_batch& out);
    /// Sends something nobody asked for to the `which`th link, counted round, with so many bytes of padding.
    void send(std::uint32_t which, std::size_t padding, transport::outbound_batch& out);

    [[nodiscard]] const std::map<transport::link_id, link_book>& links() const noexcept { return links_; }
    /// At most one link of an account is open.
    void check_accounts() const;

private:
    struct held_message {
        std::shared_ptr<const transport::inbound_batch> batch;
        const transport::received* message;
        std::string ref; ///< copied when it came
    };
    void keep(unsigned lane, transport::inbound_batch&& batch);
    void take(unsigned lane, const transport::received& message, const std::shared_ptr<const transport::inbound_batch>& batch);
    void change(unsigned lane, transport::link_id link, link_book::phase from, link_book::phase to);
    void add_send(transport::link_id link, std::string_view ref, std::size_t padding, transport::outbound_batch& out);

    std::uint32_t window_;
    std::map<transport::link_id, link_book> links_;
    std::vector<held_message> held_;
    std::vector<transport::link_id> waiting_, opened_;
};

} // namespace fenliu::fuzz
