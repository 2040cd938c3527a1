// The verification of a replay: told what was seen on the connections of buyers, agents and an admin, it decides what was
// stored, delivered, doubled, lost, disordered or owned twice. Pure and independent of how the replay is driven; one thread.
// It believes nothing that the broker says about itself: only what came to whom, with which numbers and which text.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/fenliu/admin.hpp"
#include "apps/fenliu/replay_plan.hpp"
#include "apps/fenliu/replay_report.hpp"
#include "protocol/message.hpp"

namespace fenliu::apps::fenliu {

/// Time since the replay began.
using elapsed = std::chrono::microseconds;

/// What a live view shows of one account.
struct account_figures {
    std::uint64_t conversations = 0; ///< received so far
    std::uint64_t open = 0;          ///< owned at this moment
    std::uint64_t replies = 0;       ///< says accepted
};

class replay_ledger {
public:
    /// The plan must outlive the ledger.
    explicit replay_ledger(const replay_plan& plan);

    /// A conversation that existed before the replay: its lines up to `seq` are none of ours.
    void existed_before(std::string_view conversation, std::uint64_t seq);
    [[nodiscard]] std::uint64_t baseline(std::string_view conversation) const;

    // Frontends. Lines and replies go by their index in the plan.
    void published(std::size_t line, elapsed at); ///< again for a repeat: the first time counts
    void stored(std::size_t line, std::string_view conversation, std::uint64_t seq);
    /// A frontend asked for the replies above a position: those it gets may come after a later one that was on its way, once.
    void attached(std::string_view conversation);
    /// `session` counts the frontend's sessions: in one of them the broker sends a reply once, however often it is asked.
    void replied(const protocol::reply& value, unsigned session);

    // Agents.
    /// A session that resumed nothing begins for this account.
    void agent_session(std::string_view account);
    void assigned(std::string_view account, const protocol::assigned& value, elapsed at);
    void unassigned(std::string_view account, const protocol::unassigned& value);
    void delivered(std::string_view account, const protocol::buyer_line& value, elapsed at);
    /// An answer leaves for the broker; again when another attempt is made under a new id.
    void reply_published(std::size_t reply);
    void said(std::size_t reply, std::string_view account, std::string_view conversation, std::uint64_t epoch, std::uint64_t seq);

    /// A tail shows an answer as said though its ack never came.
    void recognised(std::size_t reply, std::string_view conversation, std::uint64_t seq);

    /// One page of a buyer's history, oldest line first, as scope `all` shows it.
    void history(std::string_view buyer, const std::vector<history_entry>& page);
    /// A connection was lost and stands again.
    void reconnected() noexcept { ++report_.reconnects; }
    /// A fault that the driver saw, for the findings.
    void note(std::string text);

    /// Ends the verification. `finished`: every conversation was played and every history read.
    [[nodiscard]] replay_report finish(bool finished);

    // For a live view.
    [[nodiscard]] const replay_report& so_far() const noexcept { return report_; }
    [[nodiscard]] const std::map<std::string, account_figures, std::less<>>& accounts() const noexcept { return accounts_; }
    /// Rises with everything that was seen: stands still when nothing happens any more.
    [[nodiscard]] std::uint64_t events() const noexcept { return events_; }

private:
    struct place {
        std::string conversation;
        std::uint64_t seq = 0;
        friend bool operator==(const place&, const place&) = default;
    };
    struct line_state {
        const planned_line* plan = nullptr;
        std::optional<elapsed> published_at, delivered_at;
        std::optional<place> at;
        bool missing = false; ///< counted as lost already
    };
    struct reply_state {
        const planned_reply* plan = nullptr;
        std::size_t line_number = 0; ///< in the file, of the buyer line it answers
        unsigned attempts = 0;
        unsigned spare_copies = 0; ///< in history, of attempts whose fate was never told
        std::optional<place> at;
        bool seen = false;
        bool missing = false;
    };
    /// One numbered line of a conversation and everything that was seen of it.
    struct spot {
        std::optional<std::size_t> line, reply;             ///< whose it is, once an ack told
        std::optional<std::string> text;                    ///< as seen before that was known
        std::optional<elapsed> delivered_at;                ///< likewise
        std::map<std::string, unsigned, std::less<>> shown; ///< account → its session in which the line was shown last
        std::string sent_to;                                ///< the account that got it as 42
        std::optional<unsigned> replied_in;                 ///< the frontend's session in which it came last as a reply
        bool in_history = false;
    };
    /// One epoch of a conversation; the seqs are of lines sent to and says accepted from its owner, 0: none.
    struct tenure {
        std::string account, reason;
        std::uint64_t first_seq = 0, last_seq = 0;
    };
    /// A conversation in the hands of one account, as that account sees it.
    struct holding {
        unsigned session = 0;
        std::uint64_t epoch = 0, highest_seq = 0;
        bool live = false;
    };
    struct conversation_state {
        std::uint64_t baseline = 0;
        bool ours = false; ///< holds at least one line of the replay
        std::map<std::uint64_t, spot> spots;
        std::map<std::uint64_t, tenure> tenures;
        std::map<std::string, holding, std::less<>> holdings;
        std::uint64_t last_reply = 0;
        unsigned attaches = 0, descents = 0; ///< descents: replies that came after a later one
    };

    conversation_state& conversation(std::string_view id);
    [[nodiscard]] const spot* spot_at(const std::optional<place>& at) const;
    void take_over(conversation_state& in, std::string_view account, const protocol::assigned& value);
    void show(spot& where, std::string_view text, elapsed at);
    void show(line_state& line, std::string_view text, elapsed at);
    void see(reply_state& reply, std::string_view text);
    void check_repeat(const conversation_state& in, std::string_view account, const protocol::buyer_line& value);
    bool claim(std::size_t reply, std::string_view conversation, std::uint64_t seq);
    void widen(tenure& owner, std::uint64_t seq);

    // replay_audit.cpp
    void check_history(std::string_view buyer, const history_entry& line);
    void unclaimed_in_history(std::string_view buyer, const history_entry& line);
    void audit_lines(bool with_history);
    void audit_replies(bool with_history);
    void audit_order();
    void audit_owners();
    void audit_gaps();
    void sum_up();

    void lose(line_state& line, std::string_view why);
    void lose(reply_state& reply, std::string_view why);
    void count(std::uint64_t& figure, std::string text);

    const replay_plan& plan_;
    std::vector<line_state> lines_;
    std::vector<reply_state> replies_;
    std::map<std::string, conversation_state, std::less<>> conversations_;
    std::map<std::string, unsigned, std::less<>> sessions_; ///< account → its sessions so far
    std::map<std::string, account_figures, std::less<>> accounts_;
    std::uint64_t events_ = 0;
    replay_report report_;
};

} // namespace fenliu::apps::fenliu
