// The memory of a process that is being measured. Linux.
#pragma once

#include <fstream>
#include <string>

namespace fenliu::bench {

/// In MiB; 0 for a process that isn't there.
inline double resident_mib(const std::string& pid) {
    constexpr double page_kib = 4;
    std::ifstream file{"/proc/" + pid + "/statm"};
    double pages = 0;
    file >> pages >> pages;
    return pages * page_kib / 1024;
}

} // namespace fenliu::bench
