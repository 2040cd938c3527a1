// Any bytes as a recording for `fenliu replay`, and as routing cases for `fenliu policy test`. What is taken is within the wire
// contract's limits; what is left out is named by its line.
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>
#include <variant>

#include "apps/fenliu/replay_file.hpp"
#include "apps/policy/case_file.hpp"
#include "protocol/account.hpp"
#include "protocol/limits.hpp"
#include "require.hpp"

namespace fenliu::fuzz {

namespace {

void check_recording(const std::string& text) {
    std::istringstream input(text);
    const apps::fenliu::replay_file file = apps::fenliu::read_replay_file(input);
    std::size_t before = 0;
    for (const auto& line : file.lines) {
        require(line.number > before, "lines stand in the order of the file");
        before = line.number;
        require(!line.conversation.empty() && !line.text.empty(), "a line has a conversation and a text");
        require(line.text.size() <= limits::string_bytes, "a text fits a message");
        require(line.agent || !protocol::check_buyer(line.from), "a buyer's name is one");
    }
    for (const auto& bad : file.bad)
        require(bad.number > 0 && !bad.what.empty(), "what is left out is named");
}

void check_cases(const std::string& text) {
    for (const auto& each : apps::policy::read_cases(text)) {
        require(each.line > 0, "a case has a place");
        const auto* broken = std::get_if<apps::policy::broken_case>(&each.read);
        require(broken == nullptr || !broken->text.empty(), "a broken case says why");
    }
}

} // namespace

} // namespace fenliu::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    fenliu::fuzz::check_recording(text);
    fenliu::fuzz::check_cases(text);
    return 0;
}
