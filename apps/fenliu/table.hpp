// A table in plain text: columns as wide as their widest cell, aligned also where characters take two cells. Pure; made, filled
// and rendered by one command.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace fenliu::apps::fenliu {

enum class alignment : unsigned char { left, right };

struct column {
    std::string title;
    alignment align = alignment::left;
};

class table {
public:
    explicit table(std::vector<column> columns)
        : columns_(std::move(columns)) {}

    /// One cell a column; cells that are missing stay blank. Cells are made printable.
    void add(std::vector<std::string> cells);
    [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
    [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
    /// The header and the rows, a line each, without blanks at line ends. `cells_max` > 0 cuts longer lines.
    [[nodiscard]] std::string render(std::size_t cells_max = 0) const;

private:
    std::vector<column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

} // namespace fenliu::apps::fenliu
