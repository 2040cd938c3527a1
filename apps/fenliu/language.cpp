#include "apps/fenliu/language.hpp"

#include <cstdlib>

namespace fenliu::apps::fenliu {

std::string fill(std::string_view pattern, const facts& known) {
    std::string out;
    for (;;) {
        const auto open = pattern.find('{');
        out.append(pattern.substr(0, open));
        if (open == std::string_view::npos) return out;
        pattern.remove_prefix(open + 1);
        const auto close = pattern.find('}');
        const auto fact = known.find(pattern.substr(0, close));
        pattern.remove_prefix(close + 1);
        if (fact != known.end() && !fact->second.empty())
            out.append(fact->second);
        else if (out.ends_with(' '))
            out.pop_back();
    }
}

language language_of(std::string_view wanted) {
    if (wanted == "en") return language::english;
    if (wanted == "zh") return language::chinese;
    for (const auto* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* value = std::getenv(variable); // NOLINT(concurrency-mt-unsafe): one thread
        if (value == nullptr || *value == '\0') continue;
        return std::string_view(value).starts_with("zh") ? language::chinese : language::english;
    }
    return language::english;
}

void add_language_option(CLI::App& command, std::string& wanted) {
    command.add_option("--lang", wanted, "Tell it in English (en) or Chinese (zh); else as LANG says")
        ->check(CLI::IsMember({"en", "zh"}));
}

} // namespace fenliu::apps::fenliu
