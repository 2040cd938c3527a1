// Redis commands over one wire, and hiredis' parser for what comes back. One thread, the wire's.
#pragma once

#include <initializer_list>
#include <memory>
#include <string_view>

#include <hiredis/hiredis.h>

#include "tests/bench/compare/wire.hpp"

namespace fenliu::bench {

constexpr std::uint16_t redis_port = 6379;

class redis_session {
public:
    /// Authenticates if the endpoint has a password.
    redis_session(wire& over, const endpoint& to);

    void command(std::initializer_list<std::string_view> words);
    /// A command in parts: how many words it has, then each.
    void begin(std::size_t words);
    void word(std::string_view text);
    /// Waits for the answer. Nothing else may be under way. An error is thrown as std::runtime_error.
    void request(std::initializer_list<std::string_view> words);

    /// Calls `take(const redisReply&)` for each reply that is read in full.
    template <class Take>
    void read(Take&& take) {
        feed();
        while (const auto found = next())
            take(*found);
    }

private:
    struct free_reply {
        void operator()(redisReply* reply) const noexcept { freeReplyObject(reply); }
    };
    struct free_reader {
        void operator()(redisReader* reader) const noexcept { redisReaderFree(reader); }
    };
    using reply = std::unique_ptr<redisReply, free_reply>;

    void feed();
    [[nodiscard]] reply next();

    wire& over_;
    std::unique_ptr<redisReader, free_reader> reader_;
};

[[nodiscard]] inline std::string_view text_of(const redisReply& reply) {
    return {reply.str, static_cast<std::size_t>(reply.len)};
}

} // namespace fenliu::bench
