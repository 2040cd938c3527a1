#include "tests/storage/story.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <sstream>
#include <stdexcept>

#include "protocol/limits.hpp"
#include "storage/fold.hpp"

namespace fenliu::storage {
namespace {

using namespace routing;

class story_teller {
public:
    explicit story_teller(std::uint32_t seed)
        : random_{seed} {}

    void tell(std::size_t records) {
        for (const std::string shop : {"lamp", "茶"}) {
            add(shop_made{shop, at_});
            for (const char* sub : {"", ":amy", ":bo"})
                set_account(shop, shop + sub);
        }
        while (payloads.size() < records)
            step();
    }
    std::vector<std::string> payloads;

private:
    struct thread {
        conversation_number number;
        std::string shop, buyer, owner;
        std::uint64_t seq = 0, epoch = 0;
        bool open = true;
    };

    std::uint32_t pick(std::uint32_t below) { return static_cast<std::uint32_t>(random_() % below); }
    template <class Record>
    void add(const Record& fact) {
        encode(payloads.emplace_back(), fact);
    }
    std::string account_of(const std::string& shop) {
        const char* subs[] = {"", ":amy", ":bo"};
        return shop + subs[pick(3)];
    }
    void set_account(const std::string& shop, const std::string& account) {
        add(account_set{shop, account, at_, pick(20), pick(2) == 0, pick(4) == 0, pick(8) == 0,
                        static_cast<protocol::presence>(pick(4)), pick(1000) / 7.0, "config"});
    }
    void step() {
        at_ += pick(5'000);
        const std::string shop = pick(2) ? "lamp" : "茶", buyer = "buyer-" + std::to_string(pick(40));
        const auto what = pick(100);
        if (what < 12 || threads_.empty()) return open(shop, buyer);
        if (what < 15) return set_account(shop, account_of(shop));
        if (what < 18)
            return add(buyer_set{shop, buyer, at_, pick(2) == 0, pick(2) == 0, "lamp:amy", {"vip", "老客"}, {{"gold", at_}}});
        if (what < 19) return add(prompt_sent{shop, buyer, at_});
        if (what < 20) return administrate(shop);
        if (what < 22)
            return add(order_changed{shop, buyer, at_, "o-" + std::to_string(at_), protocol::order_status::paid, -5, "lamp:bo"});
        auto& one = threads_[pick(static_cast<std::uint32_t>(threads_.size()))];
        if (what < 25) return add(note_added{one.number, at_, "lamp:amy", "r" + std::to_string(at_), "red", "call \"back\"\n"});
        if (!one.open) return add(conversation_rated{one.number, at_, "lamp:bo", 1 + pick(5)});
        if (what < 75) return line(one);
        if (what < 80) return decide(one);
        if (what < 90) return move(one);
        one.open = false;
        add(conversation_closed{one.number, at_, "agent"});
    }
    void administrate(const std::string& shop) {
        add(admin_acted{shop, at_, "admin", "shop.set", "{}"});
        if (pick(3) == 0) return add(token_revoked{"t-" + std::to_string(pick(20)), at_, "admin", at_ + pick(2) * 100'000});
        if (pick(2) == 0)
            return add(rating_set{shop, at_, "admin", static_cast<service_rating>(pick(4)), at_ + pick(2) * 100'000});
        add(policy_set{shop, ++versions_[shop], at_, "admin", pick(2) == 0 ? "put" : "configuration", "why",
                       "the " + std::to_string(at_)});
    }
    void open(const std::string& shop, const std::string& buyer) {
        auto& made = threads_.emplace_back(thread{++number_, shop, buyer, {}});
        add(conversation_opened{made.number, shop, buyer, at_, {"tag one", "标签"}, "zh", pick(2) == 0});
        line(made);
    }
    void line(thread& to) {
        const auto who = static_cast<side>(pick(4));
        const std::string from = who == side::buyer ? to.buyer : account_of(to.shop), id = "m" + std::to_string(to.seq + 1);
        const std::string text = "线 \"" + std::string(pick(60), 'x') + "\" \\ \t\x01 end";
        add(line_added{to.number, ++to.seq, at_, who, from, id, text});
    }
    void decide(const thread& one) {
        decision_made made;
        made.number = one.number;
        made.shop = one.shop;
        made.at = at_;
        made.question = static_cast<question>(pick(2));
        if (pick(2) == 0) made.request.clicked_group = "after \"sales\"";
        made.group = pick(2) == 0 ? "售后" : "";
        made.emergency = pick(4) == 0;
        add(made);
    }
    void move(thread& one) {
        place_changed fact{.number = one.number, .at = at_};
        fact.state = static_cast<conversation_state>(1 + pick(4));
        const bool owned = fact.state == conversation_state::assigned || fact.state == conversation_state::robot;
        one.owner = owned ? account_of(one.shop) : "";
        fact.epoch = one.epoch += owned;
        fact.owner = one.owner;
        fact.reason = owned ? reason::assigned_any : reason::queued;
        fact.causes = {reason::recent_offline_reroute, reason::none_online};
        fact.contact = owned;
        fact.forwarded = pick(3) == 0;
        fact.by = "lamp";
        fact.note = "see above";
        fact.waiting_since = owned ? 0 : at_;
        fact.wait_class = static_cast<std::uint8_t>(pick(3));
        fact.credit_clock = pick(100) / 3.0;
        fact.credit = pick(100) / -7.0;
        fact.counted = pick(2) == 0;
        add(fact);
    }

    std::mt19937 random_;
    timestamp_ms at_ = 1'700'000'000'000;
    conversation_number number_ = 0;
    std::vector<thread> threads_;
    std::map<std::string, std::uint32_t> versions_; ///< of policies
};

/// The texts that a start-up has: of the last version and of the last that configuration gave.
void write(std::ostream& out, const std::vector<policy_version>& versions) {
    const auto configured =
        std::find_if(versions.rbegin(), versions.rend(), [](const policy_version& each) { return each.source == configuration; });
    for (auto each = versions.rbegin(); each != versions.rend(); ++each) {
        out << "  policy " << each->version << '|' << each->at << '|' << each->by << '|' << each->source << '|' << each->note
            << '|' << each->bytes;
        if (each == versions.rbegin() || each == configured) out << '|' << each->text;
        out << '\n';
    }
}

void write(std::ostream& out, const buyer& value) {
    out << value.recent_account << '|' << value.recent_at << '|' << value.last_prompt << '|' << value.last_session_end << '|'
        << value.last_counted << '|' << value.recent_by_forward << '|' << value.conversations << '|' << value.last_conversation;
    if (!value.traits) return;
    if (value.traits->order_status) out << "|order " << value.traits->order << protocol::name(*value.traits->order_status);
    out << "|traits " << value.traits->member << value.traits->private_contact << value.traits->dedicated;
    for (const auto& tag : value.traits->tags)
        out << " #" << tag;
    for (const auto& crowd : value.traits->crowds)
        out << " (" << crowd.id << ' ' << crowd.since << ' ' << crowd.until << ')';
}

void write(std::ostream& out, const conversation& value) {
    out << to_id(value.number) << '|' << value.shop << '|' << value.buyer << '|' << value.opened_at << '|' << value.closed_at
        << '|' << name(value.state) << '|' << value.epoch << '|' << value.owner << '|' << value.returning << value.owner_spoke
        << '|' << int{value.wait_class} << '|' << int{value.score} << '|' << value.waiting_since << '|' << value.last_line_at
        << '|' << value.last_agent_seq << '|' << value.close_cause << '|' << value.lang;
    if (value.asked)
        out << "|asked " << value.asked->clicked_group << ' ' << value.asked->product << ' ' << value.asked->group << ' '
            << value.asked->emergency;
    for (const auto& tag : value.tags)
        out << " #" << tag;
    for (const auto& each : value.places) {
        out << "\n    place " << each.epoch << '|' << each.at << '|' << name(each.state) << '|' << each.owner << '|'
            << name(each.reason);
        for (const auto cause : each.causes)
            out << '+' << name(cause);
        out << '|' << each.forwarded << '|' << each.by << '|' << each.note;
    }
    for (const auto& each : value.notes)
        out << "\n    note " << each.at << '|' << each.by << '|' << each.request_id << '|' << each.flag << '|' << each.text;
    const auto last = value.transcript.last_seq(), kept = std::min<std::uint64_t>(last, limits::dedupe_lines);
    for (auto seq = last - kept + 1; seq <= last; ++seq) {
        const auto line = value.transcript.at(seq).value();
        out << "\n    line " << line.seq << '|' << line.at << '|' << name(line.side) << '|' << line.from << '|' << line.msg_id
            << '|' << line.text;
    }
}

/// A source with nothing before the first record.
class nothing final : public fold_source {
    std::optional<shop_facts> find_shop(const std::string&) override { return {}; }
    std::optional<account> find_account(const std::string&, const std::string&) override { return {}; }
    std::optional<buyer> find_buyer(const std::string&, const std::string&) override { return {}; }
    std::unique_ptr<conversation> find_conversation(conversation_number) override { return {}; }
};

} // namespace

std::vector<std::string> make_story(std::uint32_t seed, std::size_t records) {
    story_teller teller{seed};
    teller.tell(records);
    return std::move(teller.payloads);
}

void add_payload(record_batch& batch, std::string_view payload) {
    record value;
    if (!decode(payload, value)) throw std::runtime_error{"not a record"};
    batch.add(value);
}

record_source source_of(const std::vector<std::string>& payloads, std::size_t begin, std::size_t end) {
    return [&payloads, begin, end]() mutable -> result<log_entry> {
        if (begin == end) return log_entry{};
        const std::string_view payload = payloads[begin];
        return log_entry{payload, ++begin};
    };
}

std::string describe(const conversation& value) {
    std::ostringstream out;
    write(out, value);
    return out.str();
}

std::string describe(const recovered& state) {
    std::ostringstream out;
    out.precision(17);
    out << "last number " << state.last_number << '\n';
    for (const auto& each : state.revoked)
        out << "revoked " << each.id << '|' << each.at << '|' << each.by << '|' << each.expires_at << '\n';
    for (const auto& shop : state.shops) {
        const auto& [rating, next] = shop.rating;
        out << "shop " << shop.name << '|' << shop.credit_clock << '|' << name(rating.rating) << rating.from << '|'
            << name(next.rating) << next.from << '\n';
        write(out, shop.policies);
        for (const auto& each : shop.accounts)
            out << "  account " << each.name << '|' << each.cap << '|' << each.participating << each.suspended << each.robot
                << '|' << each.credit << '|' << each.changed_at << '\n';
        for (const auto& [name, each] : shop.buyers) {
            out << "  buyer " << name << '|';
            write(out, each);
            out << '\n';
        }
        for (const auto& each : shop.conversations) {
            out << "  conversation ";
            write(out, *each);
            out << '\n';
        }
    }
    return out.str();
}

recovered fold_of(const std::vector<std::string>& payloads) {
    nothing before;
    fold everything{before};
    for (const auto& payload : payloads) {
        record value;
        if (!decode(payload, value)) throw std::runtime_error{"not a record"};
        if (auto failure = everything.apply(value)) throw std::runtime_error{failure->text};
    }
    recovered state;
    std::map<std::string, std::vector<std::unique_ptr<conversation>>> by_shop;
    for (const auto number : everything.numbers()) {
        auto& value = everything.conversations().at(number);
        state.last_number = number;
        by_shop[value->shop].push_back(std::move(value));
    }
    for (auto& [id, each] : everything.revoked())
        state.revoked.push_back(each);
    for (auto& [name, shop] : everything.shops()) {
        auto& made = state.shops.emplace_back();
        made.name = name;
        made.credit_clock = shop.facts.credit_clock;
        made.rating = shop.facts.rating;
        made.policies = shop.policies;
        for (auto& [key, value] : shop.accounts)
            made.accounts.push_back(value);
        for (auto& [key, value] : shop.buyers)
            made.buyers.emplace_back(key, std::move(value));
        std::sort(made.buyers.begin(), made.buyers.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        made.conversations = std::move(by_shop[name]);
    }
    return state;
}

} // namespace fenliu::storage
