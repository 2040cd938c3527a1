#include "apps/fenliu/table.hpp"

#include <algorithm>

#include "apps/fenliu/display_width.hpp"

namespace fenliu::apps::fenliu {

void table::add(std::vector<std::string> cells) {
    cells.resize(columns_.size());
    for (auto& cell : cells)
        cell = printable(cell);
    rows_.push_back(std::move(cells));
}

std::string table::render(std::size_t cells_max) const {
    std::vector<std::size_t> widths;
    for (std::size_t at = 0; at < columns_.size(); ++at) {
        auto width = display_width(columns_[at].title);
        for (const auto& row : rows_)
            width = std::max(width, display_width(row[at]));
        widths.push_back(width);
    }

    std::string out;
    const auto add_line = [&](auto cell_at) {
        std::string line;
        for (std::size_t at = 0; at < columns_.size(); ++at) {
            const std::string& cell = cell_at(at);
            const std::string gap(widths[at] - display_width(cell), ' ');
            if (at > 0) line += "  ";
            line += columns_[at].align == alignment::right ? gap + cell : cell + gap;
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += cells_max > 0 ? clip(line, cells_max) : line;
        out += '\n';
    };
    add_line([&](std::size_t at) -> const std::string& { return columns_[at].title; });
    for (const auto& row : rows_)
        add_line([&](std::size_t at) -> const std::string& { return row[at]; });
    return out;
}

} // namespace fenliu::apps::fenliu
