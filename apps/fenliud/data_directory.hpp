// Where data goes when nobody says: a pure function of the environment.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace fenliu::apps::fenliud {

struct environment {
    bool root = false;
    std::string xdg_state_home, home; ///< empty: not set
};
[[nodiscard]] environment process_environment();

/// root: /var/lib/fenliu; others: $XDG_STATE_HOME/fenliu if that is an absolute path, else ~/.local/state/fenliu. Nothing if
/// there is no home either.
[[nodiscard]] std::optional<std::filesystem::path> default_data_directory(const environment& where);

} // namespace fenliu::apps::fenliud
