// Ctrl-C and SIGTERM as a question: commands that run until they are told to stop ask it and end in order.
#pragma once

namespace fenliu::apps::fenliu {

/// From now on SIGINT and SIGTERM only set the flag; a second one ends the program at once.
void catch_interrupts();
[[nodiscard]] bool interrupted() noexcept;

} // namespace fenliu::apps::fenliu
