// Shows a replay while it runs: a table that is drawn again in place on a terminal, a line now and then elsewhere. Writes to
// stderr, so that stdout holds the result alone. Owned by `fenliu replay`; one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "apps/fenliu/replay_ledger.hpp"
#include "apps/fenliu/replay_stage.hpp"

namespace fenliu::apps::fenliu {

enum class progress_style : unsigned char { none, lines, table };

/// The style for this command line and this stderr.
[[nodiscard]] progress_style progress_style_for(const common_options& options);

/// What is shown at one moment.
struct progress_view {
    std::chrono::seconds time{0};
    std::size_t conversations = 0, ended = 0, playing = 0;
    replay_report figures;
    std::map<std::string, account_figures, std::less<>> accounts;
};

/// One line without its end.
[[nodiscard]] std::string render_line(const progress_view& view);
/// The line and a table of agents, or of shops where there are too many agents; `rows_max` rows at most.
[[nodiscard]] std::string render_table(const progress_view& view, std::size_t rows_max);

class replay_progress {
public:
    explicit replay_progress(progress_style style)
        : style_(style) {}

    /// A step that takes a while, such as connecting.
    void announce(const std::string& what);
    /// Shows the moment if it is time to.
    void update(const replay_plan& plan, const replay_stage& stage, const replay_ledger& ledger, elapsed now, bool last = false);

private:
    void draw(const std::string& text);

    progress_style style_;
    std::optional<elapsed> shown_at_;
    std::size_t lines_drawn_ = 0;
};

} // namespace fenliu::apps::fenliu
