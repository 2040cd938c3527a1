#include "tests/bench/compare/nats_session.hpp"

#include <utility>

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "tests/bench/compare/digits.hpp"

namespace fenliu::bench {

namespace {

constexpr std::string_view line_end = "\r\n";

/// The first word of `line`, which is cut off.
std::string_view word(std::string_view& line) {
    const auto found = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(line.size(), found.size() + 1));
    return found;
}

} // namespace

void append_publish(std::string& to, std::string_view subject, std::string_view reply, std::string_view payload) {
    to += "PUB ";
    to += subject;
    to += ' ';
    if (!reply.empty()) {
        to += reply;
        to += ' ';
    }
    append_number(to, payload.size());
    to += line_end;
    to += payload;
    to += line_end;
}

nats_session::nats_session(wire& over, const endpoint& to)
    : over_(over) {
    nlohmann::json options{{"verbose", false}, {"pedantic", false},  {"tls_required", false}, {"name", "compare_load"},
                           {"lang", "c++"},    {"version", "0.1.0"}, {"protocol", 1},         {"echo", true}};
    if (!to.user.empty()) {
        options["user"] = to.user;
        options["pass"] = to.password;
    }
    over_.out += "CONNECT " + options.dump();
    over_.out += line_end;
    settle();
}

void nats_session::subscribe(std::string_view subject) {
    over_.out += "SUB ";
    over_.out += subject;
    over_.out += " 1\r\n";
}

void nats_session::settle() {
    const auto before = pongs_;
    over_.out += "PING\r\n";
    while (pongs_ == before) {
        over_.await();
        read([](const nats_message&) {});
    }
}

std::string nats_session::request(std::string_view subject, std::string_view payload) {
    const auto inbox = "_INBOX." + std::to_string(::getpid()) + "." + std::to_string(over_.fd()); // no other's
    if (!std::exchange(asked_, true)) subscribe(inbox);
    publish(subject, inbox, payload);
    std::string answer;
    while (answer.empty()) {
        over_.await();
        read([&](const nats_message& message) { answer = message.payload; });
    }
    return answer;
}

bool nats_session::next(nats_message& found) {
    while (true) {
        const auto unread = over_.unread();
        const auto end = unread.find('\n');
        if (end == std::string_view::npos) return false;
        auto line = unread.substr(0, end > 0 && unread[end - 1] == '\r' ? end - 1 : end);
        if (line.starts_with("MSG ")) {
            line.remove_prefix(4);
            return payload_of(line, found);
        }
        if (line.starts_with("-ERR")) over_.fail(line);
        if (line == "PING") over_.out += "PONG\r\n";
        pongs_ += line == "PONG";
        over_.consume(end + 1); // +OK and INFO say nothing that matters here
    }
}

/// `MSG subject sid [reply] size`, then the payload.
bool nats_session::payload_of(std::string_view line, nats_message& found) {
    const auto unread = over_.unread();
    const auto begin = static_cast<std::size_t>(line.data() + line.size() - unread.data()) + line_end.size();
    found.subject = word(line);
    word(line);
    found.reply = {};
    if (line.find(' ') != std::string_view::npos) found.reply = word(line);
    const auto size = static_cast<std::size_t>(read_number(line));
    if (unread.size() < begin + size + line_end.size()) return false;
    found.payload = unread.substr(begin, size);
    over_.consume(begin + size + line_end.size());
    return true;
}

} // namespace fenliu::bench
