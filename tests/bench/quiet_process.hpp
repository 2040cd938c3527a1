// A quiet shop, buyer and agent, in a process of its own. In a process with a flood whose threads give way to all others they
// would wait for what such a thread holds while it doesn't run: the heap, the address space.
#pragma once

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "protocol/this_thread.hpp"
#include "tests/bench/quiet_shop.hpp"

namespace fenliu::bench {

class quiet_process {
public:
    /// Before this process has other threads. The shop's agent is online when it returns; otherwise it throws.
    quiet_process(const std::string& url, const std::string& shop) {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) throw std::runtime_error{"no pair of sockets for the quiet shop"};
        child_ = ::fork();
        if (child_ < 0) throw std::runtime_error{"no process for the quiet shop"};
        other_ = ends[child_ == 0];
        ::close(ends[child_ != 0]);
        if (child_ == 0) be_quiet_shop(url, shop);
        if (!get<char>())
            throw std::runtime_error{"nobody came online within 10 s: is fenliud at " + url + ", with auto_create?"};
    }
    ~quiet_process() {
        ::close(other_);
        ::waitpid(child_, nullptr, 0);
    }
    quiet_process(const quiet_process&) = delete;
    quiet_process& operator=(const quiet_process&) = delete;

    /// Lets the buyer write for so long.
    void begin(double seconds) { put(seconds); }
    /// What it measured since, once it is done.
    quiet_times end() {
        quiet_times found;
        for (auto* each : {&found.stored, &found.answered}) {
            each->resize(get<std::size_t>());
            read(each->data(), each->size() * sizeof(double));
        }
        return found;
    }

private:
    /// The other process: it ends when the parent closes its end, or is gone.
    [[noreturn]] void be_quiet_shop(const std::string& url, const std::string& shop) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        this_thread::take_short_turns(); // as the broker's
        std::atomic<int> online{0};
        std::atomic<bool> done{false};
        std::jthread agent{[&] { serve(url, shop, "amy", true, online, done); }};
        try {
            const auto deadline = clock_type::now() + std::chrono::seconds{10};
            while (online < 1 && clock_type::now() < deadline)
                std::this_thread::yield();
            put<char>(online == 1);
            measure_for_parent(url, shop);
        } catch (const std::exception&) { // the parent has enough
        }
        ::_exit(0);
    }
    void measure_for_parent(const std::string& url, const std::string& shop) {
        for (quiet_buyer buyer{url, shop};;) {
            const std::chrono::duration<double> length{get<double>()};
            const auto found = buyer.run(clock_type::now() + std::chrono::duration_cast<clock_type::duration>(length));
            for (const auto* each : {&found.stored, &found.answered}) {
                put(each->size());
                for (const double value : *each)
                    put(value);
            }
        }
    }

    template <class Value>
    void put(const Value& value) {
        if (::send(other_, &value, sizeof value, MSG_NOSIGNAL) != sizeof value)
            throw std::runtime_error{"the quiet shop's process is gone"};
    }
    template <class Value>
    Value get() {
        Value value{};
        read(&value, sizeof value);
        return value;
    }
    void read(void* to, std::size_t size) {
        if (size > 0 && ::recv(other_, to, size, MSG_WAITALL) != static_cast<ssize_t>(size))
            throw std::runtime_error{"the quiet shop's process is gone"};
    }

    pid_t child_ = -1;
    int other_ = -1;
};

} // namespace fenliu::bench
