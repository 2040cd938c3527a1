#include "tests/bench/compare/redis_session.hpp"

#include "tests/bench/compare/digits.hpp"

namespace fenliu::bench {

redis_session::redis_session(wire& over, const endpoint& to)
    : over_(over)
    , reader_(redisReaderCreate()) {
    if (to.password.empty()) return;
    if (to.user.empty())
        request({"AUTH", to.password});
    else
        request({"AUTH", to.user, to.password});
}

void redis_session::command(std::initializer_list<std::string_view> words) {
    begin(words.size());
    for (const auto each : words)
        word(each);
}

void redis_session::begin(std::size_t words) {
    over_.out += '*';
    append_number(over_.out, words);
    over_.out += "\r\n";
}

void redis_session::word(std::string_view text) {
    over_.out += '$';
    append_number(over_.out, text.size());
    over_.out += "\r\n";
    over_.out += text;
    over_.out += "\r\n";
}

void redis_session::request(std::initializer_list<std::string_view> words) {
    command(words);
    for (bool answered = false; !answered;) {
        over_.await();
        read([&](const redisReply& answer) {
            answered = true;
            if (answer.type == REDIS_REPLY_ERROR) over_.fail(std::string{*words.begin()} + ": " + std::string{text_of(answer)});
        });
    }
}

void redis_session::feed() {
    const auto unread = over_.unread();
    if (redisReaderFeed(reader_.get(), unread.data(), unread.size()) != REDIS_OK) over_.fail(reader_->errstr);
    over_.consume(unread.size());
}

redis_session::reply redis_session::next() {
    void* found = nullptr;
    if (redisReaderGetReply(reader_.get(), &found) != REDIS_OK) over_.fail(reader_->errstr);
    return reply{static_cast<redisReply*>(found)};
}

} // namespace fenliu::bench
