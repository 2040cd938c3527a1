#include "tests/apps/fenliu/scripted_broker.hpp"

#include <utility>

#include "apps/fenliu/admin.hpp"
#include "protocol/limits.hpp"

namespace fenliu::apps::fenliu {

scripted_broker::scripted_broker()
    : socket_(context_, zmq::socket_type::router) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.bind("tcp://127.0.0.1:*");
    url_ = socket_.get(zmq::sockopt::last_endpoint);
    thread_ = std::thread([this] { serve(); });
}

scripted_broker::~scripted_broker() {
    context_.shutdown(); // ends the wait for a frame
    thread_.join();
}

void scripted_broker::on(const std::string& verb, std::function<answer(const json& body)> make) {
    const std::lock_guard lock(mutex_);
    answers_[verb] = std::move(make);
}

void scripted_broker::on(const std::string& verb, json body) {
    on(verb, [body = std::move(body)](const json&) { return answer{body}; });
}

outcome scripted_broker::run(const std::string& arguments, const std::string& input) {
    return run_program(arguments + " --url " + url_, input);
}

std::vector<scripted_broker::request> scripted_broker::take_requests() {
    const std::lock_guard lock(mutex_);
    return std::exchange(requests_, {});
}

void scripted_broker::serve() {
    protocol::decoder decoder;
    std::map<std::string, std::uint64_t> received; // data messages, by peer
    try {
        for (;;) {
            zmq::message_t peer, frame;
            static_cast<void>(socket_.recv(peer));
            static_cast<void>(socket_.recv(frame));
            std::vector<protocol::message> messages;
            static_cast<void>(decoder.decode(frame.to_string_view(), messages));
            std::string out;
            for (const auto& each : messages)
                handle(each, received[peer.to_string()], out);
            if (out.empty()) continue;
            socket_.send(peer, zmq::send_flags::sndmore);
            socket_.send(zmq::buffer(out));
        }
    } catch (const zmq::error_t&) { // the context was shut down
        socket_.close();
    }
}

void scripted_broker::handle(const protocol::message& value, std::uint64_t& received, std::string& out) {
    if (std::holds_alternative<protocol::hello>(value)) {
        received = 0;
        protocol::encode(out, protocol::welcome{"s1", 0, false, 5'000, limits::window, limits::frame_bytes, 300'000, "scripted"});
    }
    if (!protocol::is_data(value)) return;
    protocol::encode(out, protocol::ack{++received});
    const auto* asked = std::get_if<protocol::admin_request>(&value);
    if (asked == nullptr) return;
    const auto [body, code] = answer_to({std::string(asked->verb), body_of(asked->body)});
    protocol::encode(out, protocol::admin_reply{asked->request_id, code, bytes_of(body)});
}

scripted_broker::answer scripted_broker::answer_to(const request& asked) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(asked);
    const auto found = answers_.find(asked.verb);
    return found == answers_.end() ? answer{{{"text", "no such verb"}}, "NOT_FOUND"} : found->second(asked.body);
}

} // namespace fenliu::apps::fenliu
