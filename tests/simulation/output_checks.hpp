// What leaves the process, judged when it is released: it must be on the disk, true, in order for its receiver, and of the
// receiver's own shop (invariants 1, 4, 5, 7, 16, 17, 24, 26).
#pragma once

#include <memory>
#include <set>

#include "ground.hpp"
#include "protocol/codec.hpp"
#include "transport/outbound.hpp"

namespace fenliu::simulation {

class output_checks {
public:
    explicit output_checks(ground& on)
        : on_{on} {}

    void link_opened(const transport::link_opened& news) { links_[news.link].who = news.who; }
    void posted(const transport::outbound_batch& batch);
    /// Every link is gone.
    void crashed() { links_.clear(); }
    [[nodiscard]] const std::shared_ptr<const transport::identity>& who(transport::link_id link) { return links_[link].who; }

private:
    /// One conversation as this link's client was told of it.
    struct held {
        std::uint64_t epoch = 0; ///< of the last 40; 0: not held
        std::uint64_t ended = 0; ///< of the last 41
        std::uint64_t last_line = 0;
        std::uint64_t last_of_epoch = 0; ///< line; 0: none yet
    };
    struct receiver {
        std::shared_ptr<const transport::identity> who;
        std::map<conversation_number, held> desk;
        std::map<std::pair<std::string, std::string>, std::size_t> prompts; ///< by shop and buyer
        std::set<std::string> alerts;
    };

    void judge(receiver& to, const protocol::stored& message);
    void judge(receiver& to, const protocol::said& message);
    void judge(receiver& to, const protocol::reply& message);
    void judge(receiver& to, const protocol::routed& message);
    void judge(receiver& to, const protocol::prompt& message);
    void judge(receiver& to, const protocol::queue_moved& message);
    void judge(receiver& to, const protocol::assigned& message);
    void judge(receiver& to, const protocol::unassigned& message);
    void judge(receiver& to, const protocol::buyer_line& message);
    void judge(receiver& to, const protocol::alert& message);
    void judge(receiver& to, const protocol::error& message);
    void judge(receiver& to, const protocol::result& message);
    void judge(receiver& to, const protocol::history_page& message);

    /// The line with that number if it is on the disk; else that is invariant 1 broken.
    const model_line* line(std::string_view conversation, std::uint64_t seq, std::string_view what);
    /// The conversation, if it is one of the receiver's shop.
    model_conversation* conversation(const receiver& to, std::string_view id, std::string_view what);

    ground& on_;
    std::map<transport::link_id, receiver> links_;
    protocol::decoder decoder_;
};

} // namespace fenliu::simulation
