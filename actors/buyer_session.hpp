// One conversation between a buyer and the shop: its lines in order, its owner and epoch, dedupe, the way of each line to the
// owner's client and of each answer to the buyer's frontends. Spawned by the first message, retired once closed, archived and
// past its dedupe horizon. Hosted, on its shop's lane.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "actors/lane.hpp"
#include "actors/shop.hpp"
#include "protocol/message.hpp"
#include "routing/conversation.hpp"
#include "routing/dialogue.hpp"
#include "routing/patience.hpp"

namespace fenliu::actors {

class buyer_session final : public hosted_actor {
public:
    /// A conversation that begins now or was recovered.
    buyer_session(caf::actor_config& config, lane& host, struct shop& shop, buyer_entry& entry, routing::conversation value);

    // From frontends, through the lane; every one is answered.
    void on_publish(link_id link, const protocol::publish& line);
    void on_rated(const routing::conversation_rated& fact) { routing::apply(value_, fact); }
    // From the dispatcher, as it journals it.
    void on_decided(const routing::decision_made& fact) { routing::apply(value_, fact); }
    // From agents.
    void on_say(link_id link, std::string_view account, const protocol::say& line);
    void on_forward(link_id link, std::string_view account, const protocol::forward& command);
    void on_close(link_id link, std::string_view account, const protocol::close& command);
    void on_pick(link_id link, std::string_view account, const protocol::pick& command);
    void on_note(link_id link, std::string_view account, const protocol::note& command);
    /// From an admin or a senior agent (R31): `to` is an account or `group:<id>`. Answered by 51.
    void on_assign(const struct admin_call& call, std::string_view to, std::string_view note);
    /// Ends the conversation; `cause` as in conversation_closed.
    void close(std::string_view cause);
    /// At start-up: routes what had no place yet, waits again or watches the silence.
    void recovered();

    /// The next portion of what the owner is to get, as deliver_pending() asked for.
    void go_on_delivering();

    void handle(hosted_message&& message) override;
    const char* name() const override { return "fenliu.buyer_session"; }

    [[nodiscard]] const routing::conversation& value() const noexcept { return value_; }
    [[nodiscard]] std::string_view id() const noexcept { return id_; }
    [[nodiscard]] routing::timestamp_ms closed_steady() const noexcept { return closed_steady_; }
    /// In the line or the pool, be it with a robot meanwhile.
    [[nodiscard]] bool waits() const noexcept;
    [[nodiscard]] bool is_archived() const noexcept { return archived_; }
    /// Lets go of lines that dedupe needs no more and the archive has, unless somebody is joining both.
    void on_archived(const storage::archived_conversation& known);

private:
    /// A forward, pick or assignment whose award is being made.
    struct pending_command {
        link_id link = 0;
        std::uint64_t rx = 0; ///< of an assignment, to be given back
        std::string request_id, account, note;
        routing::question question = routing::question::forward;
    };

    void on(awarded& message);
    void on(placed& message);
    void on(const route_again& message);
    void on(const place_in_line& message);
    void on(const owner_attached& message);
    void on(const owner_detached& message);
    void on(const owner_back& message);
    void on(const owner_gone& message);
    void on(const owner_roomy& message);
    void on(const silence_due& message);
    void on(const direct_grace_due& message);
    void on(const reply_due& message);

    void after_line(const protocol::publish& line, const routing::line_added& added);
    void keep_message(const protocol::publish& line);
    /// Whether the text moves a waiting buyer ahead (R34).
    [[nodiscard]] bool is_emergency(std::string_view text) const;
    /// The buyer's last line, for what is decided without a new one, as after a restart.
    [[nodiscard]] std::optional<routing::line> last_words() const;
    [[nodiscard]] std::shared_ptr<routing::route_request> request() const;
    /// Why the dispatcher is asked: a line came, a diverted buyer has waited long enough, a person is to take over.
    enum class turn { line, grace_over, person_wanted };
    void ask(turn why = turn::line);
    /// The pending command's question: to this account or `group:<id>`.
    void ask_for(std::string_view to);
    void assign(awarded& message);
    void wait(const placed& message);
    void to_assistant(const placed& message);
    void send_prompt(const routing::verdict& verdict);
    void leave_owner(std::string_view cause);
    void send_assignment(std::uint64_t waited_ms);
    /// Sends the owner a line that has just been added: the text is at hand, which the transcript's copy is not.
    void deliver_newest(const routing::line_added& added);
    void deliver(std::uint64_t seq, std::string_view text, routing::timestamp_ms at);
    /// Sends the owner what it has not got; the first of it at once, and the rest when others had their turn.
    void deliver_pending();
    /// The same for lines that the archive alone has; goes on once they are read.
    void read_pending();
    /// What the archive has of the lines above `after` and below `end`, all that may follow `after`.
    void deliver_archived(std::uint64_t after, std::uint64_t end, const storage::history_answer& found);
    void answer_command(std::string_view code, std::string_view detail);
    void tell_routed(std::string_view reason, const routing::causes& causes, std::uint32_t position, std::uint32_t eta_s);
    void watch_silence();
    /// Begins to watch whether the last line is answered; `waited` so far.
    void watch_reply(routing::timestamp_ms waited = 0);
    [[nodiscard]] std::optional<routing::deadline> next_deadline() const;
    void arm_deadline();
    void alert(std::string_view kind, bool main_too);
    template <class Message>
    void to_followers(const Message& message);

    struct shop& shop_;
    buyer_entry& entry_;
    routing::conversation value_;
    std::string id_;
    std::unique_ptr<routing::route_request> message_; ///< what the line that is being routed says, and how it came in
    link_id owner_link_ = 0;
    std::uint64_t delivered_ = 0; ///< highest seq an owner was sent
    std::optional<pending_command> command_;
    routing::timestamp_ms spoken_steady_ = 0; ///< last line, for the silence
    routing::timestamp_ms closed_steady_ = 0;
    /// The first line since the last answer of a person.
    struct {
        std::uint64_t seq = 0; ///< 0: none
        routing::timestamp_ms since_steady = 0, since = 0;
        routing::overdue_set passed; ///< deadlines
    } unanswered_;
    routing::timestamp_ms deadline_armed_ = 0; ///< steady; 0: no timer for a deadline
    std::uint32_t told_position_ = 0;
    bool after_sales_ = false; ///< an emergency, or given to the after-sales group (R54)
    bool routing_ = false;     ///< the dispatcher has a question of this conversation
    bool owner_reachable_ = false;
    bool silence_armed_ = false;
    bool archived_ = false;
    bool delivering_ = false; ///< the lane comes back to go_on_delivering(), or the archive to deliver_archived()
};

template <class Message>
void buyer_session::to_followers(const Message& message) {
    for (const auto& each : entry_.followers)
        if (lane_.follows(each.link)) lane_.output().send(each.link, message);
}

} // namespace fenliu::actors
