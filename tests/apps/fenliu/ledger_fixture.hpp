// A ledger over one small conversation, and short words for what it is told.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "apps/fenliu/replay_ledger.hpp"
#include "tests/apps/fenliu/recording.hpp"

namespace fenliu::apps::fenliu {

/// Two buyer lines with one answer each: in a faultless run they get the seqs 1 (one), 2 (first), 3 (two), 4 (second).
class ledger_test : public testing::Test {
protected:
    static constexpr std::string_view a1 = "demo:a1", a2 = "demo:a2";

    replay_plan plan_ = plan_of({{'b', "one"}, {'a', "first"}, {'b', "two"}, {'a', "second"}});
    replay_ledger ledger_{plan_};

    void publish(std::size_t line, int at_ms = 0) { ledger_.published(line, std::chrono::milliseconds(at_ms)); }
    void store(std::size_t line, std::uint64_t seq, std::string_view conversation = "k") {
        publish(line);
        ledger_.stored(line, conversation, seq);
    }
    void assign(std::string_view account, std::uint64_t epoch, const std::vector<protocol::tail_line>& tail = {}) {
        protocol::assigned value;
        value.conversation = "k";
        value.epoch = epoch;
        value.buyer = "ann";
        value.reason = "ASSIGNED_ANY";
        value.tail = tail;
        ledger_.assigned(account, value, std::chrono::milliseconds(5));
    }
    void deliver(std::string_view account, std::uint64_t seq, std::string_view text) {
        ledger_.delivered(account, {"k", seq, "ann", text, 0}, std::chrono::milliseconds(5));
    }
    void unassign(std::string_view account, std::uint64_t epoch) { ledger_.unassigned(account, {"k", epoch, "reassigned"}); }
    void say(std::size_t reply, std::string_view account, std::uint64_t epoch, std::uint64_t seq) {
        ledger_.reply_published(reply);
        ledger_.said(reply, account, "k", epoch, seq);
    }
    void reply(std::uint64_t seq, std::string_view text, unsigned session = 1) {
        ledger_.replied({"demo", "ann", "k", seq, a1, text, 0}, session);
    }
    void history(std::vector<history_entry> page) { ledger_.history("ann", page); }
    [[nodiscard]] static history_entry entry(std::uint64_t seq, std::string from, std::string text) {
        return {"k", seq, std::move(from), std::move(text), 0};
    }

    /// Everything as it should be, up to the close.
    void play_well() {
        ledger_.agent_session(a1);
        store(0, 1);
        assign(a1, 1);
        deliver(a1, 1, "one");
        say(0, a1, 1, 2);
        reply(2, "first");
        store(1, 3);
        deliver(a1, 3, "two");
        say(1, a1, 1, 4);
        reply(4, "second");
    }
    void read_whole_history() {
        history({entry(1, "ann", "one"), entry(2, "demo:a1", "first"), entry(3, "ann", "two"), entry(4, "demo:a1", "second")});
    }
};

} // namespace fenliu::apps::fenliu
