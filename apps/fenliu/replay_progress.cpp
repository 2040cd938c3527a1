#include "apps/fenliu/replay_progress.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include <sys/ioctl.h>
#include <unistd.h>

#include "apps/fenliu/display_width.hpp"
#include "apps/fenliu/table.hpp"
#include "protocol/account.hpp"

namespace fenliu::apps::fenliu {

using namespace std::chrono_literals;

namespace {

constexpr elapsed redraw_every = 200ms; // fast enough to look alive
constexpr elapsed line_every = 2s;      // sparse enough for a log
constexpr std::size_t rows_shown = 16;  // a small terminal, with room for the shell's prompt

void write_error(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

std::size_t error_width() {
    winsize size{};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::map<std::string, account_figures, std::less<>> by_shop(const std::map<std::string, account_figures, std::less<>>& accounts) {
    std::map<std::string, account_figures, std::less<>> out;
    for (const auto& [account, figures] : accounts) {
        auto& shop = out[std::string(protocol::shop_of(account))];
        shop.conversations += figures.conversations;
        shop.open += figures.open;
        shop.replies += figures.replies;
    }
    return out;
}

} // namespace

progress_style progress_style_for(const common_options& options) {
    if (options.json || options.quiet) return progress_style::none;
    return isatty(STDERR_FILENO) ? progress_style::table : progress_style::lines;
}

std::string render_line(const progress_view& view) {
    std::array<char, 16> clock{};
    const auto length = std::snprintf(clock.data(), clock.size(), "%02d:%02d", static_cast<int>(view.time.count() / 60),
                                      static_cast<int>(view.time.count() % 60));
    const auto& figures = view.figures;
    const auto of = [](std::uint64_t part, std::uint64_t whole) { return std::to_string(part) + "/" + std::to_string(whole); };
    return std::string(clock.data(), static_cast<std::size_t>(length)) + "  conversations " + of(view.ended, view.conversations) +
           ", " + std::to_string(view.playing) + " open   lines stored " + of(figures.stored, figures.buyer_messages) +
           ", delivered " + std::to_string(figures.delivered) + "   answers back " +
           of(figures.replies_delivered, figures.replies_published);
}

std::string render_table(const progress_view& view, std::size_t rows_max) {
    const bool shops = view.accounts.size() > rows_max;
    const auto rows = shops ? by_shop(view.accounts) : view.accounts;
    table out({{shops ? "shop" : "agent"},
               {"open", alignment::right},
               {"conversations", alignment::right},
               {"answers", alignment::right}});
    for (const auto& [name, figures] : rows) {
        if (out.size() == rows_max) break;
        const bool idle_main = !shops && protocol::is_main(name) && figures.conversations == 0;
        if (!idle_main)
            out.add({name, std::to_string(figures.open), std::to_string(figures.conversations), std::to_string(figures.replies)});
    }
    auto text = render_line(view) + "\n" + out.render();
    if (rows.size() > rows_max) text += "and " + std::to_string(rows.size() - rows_max) + " more\n";
    return text;
}

void replay_progress::announce(const std::string& what) {
    if (style_ != progress_style::none) write_error(what + "\n");
}

void replay_progress::update(const replay_plan& plan, const replay_stage& stage, const replay_ledger& ledger, elapsed now,
                             bool last) {
    if (style_ == progress_style::none) return;
    const auto pause = style_ == progress_style::table ? redraw_every : line_every;
    if (!last && shown_at_ && now < *shown_at_ + pause) return;
    shown_at_ = now;
    const progress_view view{std::chrono::duration_cast<std::chrono::seconds>(now),
                             plan.conversations.size(),
                             stage.ended(),
                             stage.playing(),
                             ledger.so_far(),
                             ledger.accounts()};
    if (style_ == progress_style::lines)
        write_error(render_line(view) + "\n");
    else
        draw(render_table(view, rows_shown));
}

void replay_progress::draw(const std::string& text) {
    const auto width = error_width();
    std::string out = lines_drawn_ > 0 ? "\x1b[" + std::to_string(lines_drawn_) + "F\x1b[J" : "";
    lines_drawn_ = 0;
    for (std::string_view rest = text; !rest.empty(); ++lines_drawn_) {
        const auto end = rest.find('\n');
        out += clip(rest.substr(0, end), width) + "\n"; // a line that wraps would take two
        rest.remove_prefix(end + 1);
    }
    write_error(out);
}

} // namespace fenliu::apps::fenliu
