// A load's report as one HTML page with its plots in it, for people. Pure.
#pragma once

#include <string>

#include "apps/load/figures.hpp"
#include "apps/load/shape.hpp"

namespace fenliu::apps::fenliu {

[[nodiscard]] std::string render_page(const load::shape& wanted, const load::figures& found, const std::string& url);

} // namespace fenliu::apps::fenliu
