// A broker's end of the bus that welcomes everybody and answers admin verbs as a test says, on a thread of its own. For tests
// of the commands that ask and print; what a real broker answers is tested with one.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <zmq.hpp>

#include "apps/fenliu/output.hpp"
#include "protocol/codec.hpp"
#include "tests/apps/fenliu/program_run.hpp"

namespace fenliu::apps::fenliu {

class scripted_broker {
public:
    struct answer {
        json body;
        std::string code = "OK";
    };
    struct request {
        std::string verb;
        json body;
    };

    scripted_broker();
    ~scripted_broker();
    scripted_broker(const scripted_broker&) = delete;
    scripted_broker& operator=(const scripted_broker&) = delete;

    /// From now on the verb is answered by this; verbs without an answer get NOT_FOUND.
    void on(const std::string& verb, std::function<answer(const json& body)> make);
    void on(const std::string& verb, json body);
    /// Runs `fenliu ARGUMENTS` against this broker.
    [[nodiscard]] outcome run(const std::string& arguments, const std::string& input = "/dev/null");
    /// What was asked since the last call.
    [[nodiscard]] std::vector<request> take_requests();

private:
    void serve();
    void handle(const protocol::message& value, std::uint64_t& received, std::string& out);
    [[nodiscard]] answer answer_to(const request& asked);

    zmq::context_t context_;
    zmq::socket_t socket_;
    std::string url_;
    std::mutex mutex_; ///< guards the two below
    std::map<std::string, std::function<answer(const json&)>> answers_;
    std::vector<request> requests_;
    std::thread thread_;
};

} // namespace fenliu::apps::fenliu
