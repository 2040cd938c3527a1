// The one source of chance of a run: everything that a simulation leaves open is drawn from here, so that a seed stands for a
// whole run. A value; splitmix64, which is the same everywhere.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>

namespace fenliu::simulation {

class chance {
public:
    explicit chance(std::uint64_t seed) noexcept
        : state_{seed * 0x9e3779b97f4a7c15U + 0x632be59bd9b4e019U} {}

    std::uint64_t next() noexcept {
        std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15U;
        mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
        return mixed ^ (mixed >> 31U);
    }
    /// 0…n − 1.
    template <class Number>
    Number below(Number n) noexcept {
        assert(n > 0);
        return static_cast<Number>(next() % static_cast<std::uint64_t>(n));
    }
    /// Both ends included.
    template <class Number>
    Number between(Number from, Number to) noexcept {
        return static_cast<Number>(from + below(static_cast<Number>(to - from + 1)));
    }
    bool one_in(unsigned n) noexcept { return below(n) == 0; }
    bool percent(unsigned share) noexcept { return below(100U) < share; }
    template <class List>
    auto& one_of(List& list) noexcept {
        return list[below(std::size(list))];
    }

private:
    std::uint64_t state_;
};

} // namespace fenliu::simulation
