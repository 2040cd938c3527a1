// One thread that publishes: over some of the connections, to the channels that are theirs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apps/load/pace.hpp"
#include "apps/load/stage.hpp"
#include "apps/load/target.hpp"

namespace fenliu::load {

class publishing {
public:
    /// `connections` are those of this thread.
    publishing(stage& shared, target& broker, const shape& wanted, part connections);

    /// From connecting to the end of draining.
    void run();

private:
    /// A place of the ring whose message is settled, or that had none yet: acks come in any order.
    static constexpr std::int64_t nobody = -1;

    struct connection {
        std::size_t number = 0;
        std::uint64_t published = 0, settled = 0;
        std::vector<std::int64_t> due; ///< by id, a ring; 0: not to be looked at
    };

    void open_channels();
    void publish_what_is_due();
    void publish_into_windows();
    void publish(connection& from, std::size_t channel, std::int64_t due);
    void settled(std::size_t number, std::uint64_t id, bool ok);
    [[nodiscard]] connection& numbered(std::size_t number) { return connections_[(number - part_.first) / part_.step]; }
    [[nodiscard]] bool has_room(const connection& of) const {
        return of.published - of.settled < outstanding_ && of.due[of.published % of.due.size()] == nobody;
    }
    [[nodiscard]] bool all_settled() const;
    [[nodiscard]] std::size_t channel_of(const connection& from);
    [[nodiscard]] bool goes_on() const;

    stage& shared_;
    shape wanted_;
    part part_;
    pace pace_;
    std::size_t outstanding_; ///< of one connection, at most
    counter counts_;
    std::vector<connection> connections_;
    std::string text_;
    std::uint64_t next_; ///< open loop: the number of this thread's next message
    std::uint64_t random_;
    std::unique_ptr<publishers> group_; ///< the last: it tells until it is gone
};

} // namespace fenliu::load
