// What a thread asks of the operating system for itself. Where that is not granted, everything works all the same.
#pragma once

namespace fenliu::this_thread {

/// The name that `top -H` and debuggers show; at most 15 bytes.
void be_called(const char* name) noexcept;

/// Asks for turns of limits::turn on a busy processor, for this thread and those it makes: whoever has little to do is then let
/// in before those who have much (Linux 6.12 and later; no others have turns of their own).
void take_short_turns() noexcept;

/// Goes after those that somebody waits for: a nice value, which Linux gives each thread of its own, and turns of usual length.
void give_way(int nice) noexcept;

} // namespace fenliu::this_thread
