#include "apps/fenliu/input_text.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

namespace fenliu::apps::fenliu {

std::variant<std::string, problem> read_input(const std::string& file) {
    std::ifstream stream;
    if (file != "-") stream.open(file, std::ios::binary);
    if (!stream) return problem{exit_status::usage, "cannot read '" + file + "': " + std::strerror(errno)};
    std::istream& input = file == "-" ? std::cin : stream;
    std::string text{std::istreambuf_iterator<char>(input), {}};
    if (input.bad()) return problem{exit_status::usage, "cannot read '" + file + "': it is no file with text"};
    return text;
}

std::string input_name(const std::string& file) { return file == "-" ? "stdin" : file; }

} // namespace fenliu::apps::fenliu
