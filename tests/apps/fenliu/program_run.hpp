// Runs the program itself, as its users do: what it prints and its exit status are part of its interface.
#pragma once

#include <array>
#include <cstdio>
#include <string>

#include <sys/wait.h>

namespace fenliu::apps::fenliu {

struct outcome {
    int status = -1;
    std::string text; ///< stdout and stderr
};

/// `fenliu ARGUMENTS` as a shell reads them, with this file as stdin.
inline outcome run_program(const std::string& arguments, const std::string& input = "/dev/null") {
    outcome out;
    FILE* pipe = ::popen(("TZ=UTC LC_ALL=C " FENLIU_PROGRAM " " + arguments + " 2>&1 <" + input).c_str(), "r");
    if (pipe == nullptr) return out;
    std::array<char, 4'096> part{};
    while (const auto got = std::fread(part.data(), 1, part.size(), pipe))
        out.text.append(part.data(), got);
    out.status = WEXITSTATUS(::pclose(pipe));
    return out;
}

} // namespace fenliu::apps::fenliu
