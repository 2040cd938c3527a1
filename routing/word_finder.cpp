#include "routing/word_finder.hpp"

#include <algorithm>
#include <mutex>
#include <new>
#include <stdexcept>

#ifdef FENLIU_HYPERSCAN
#include <hs/hs.h>
#else
#include <re2/re2.h>
#include <re2/set.h>
#endif

namespace fenliu::routing {

#ifdef FENLIU_HYPERSCAN

class word_finder::engine {
public:
    explicit engine(const std::vector<std::string>& words) {
        std::vector<const char*> texts;
        std::vector<std::size_t> lengths;
        std::vector<unsigned> ids, flags(words.size(), 0);
        for (const auto& word : words) {
            ids.push_back(static_cast<unsigned>(texts.size()));
            texts.push_back(word.data());
            lengths.push_back(word.size());
        }
        hs_compile_error_t* error = nullptr;
        if (hs_compile_lit_multi(texts.data(), flags.data(), ids.data(), lengths.data(), static_cast<unsigned>(words.size()),
                                 HS_MODE_BLOCK, nullptr, &database_, &error) != HS_SUCCESS) {
            const std::string text = error->message;
            hs_free_compile_error(error);
            throw std::runtime_error{"Hyperscan: " + text};
        }
    }
    ~engine() {
        for (auto* each : scratches_)
            hs_free_scratch(each);
        hs_free_database(database_);
    }
    engine(const engine&) = delete;
    engine& operator=(const engine&) = delete;

    [[nodiscard]] std::vector<std::uint32_t> find(std::string_view text) {
        std::vector<std::uint32_t> found;
        const auto keep = [](unsigned id, unsigned long long, unsigned long long, unsigned, void* into) {
            static_cast<std::vector<std::uint32_t>*>(into)->push_back(id);
            return 0;
        };
        hs_scratch_t* scratch = take_scratch();
        hs_scan(database_, text.data(), static_cast<unsigned>(text.size()), 0, scratch, keep, &found);
        give_back(scratch);
        std::sort(found.begin(), found.end());
        found.erase(std::unique(found.begin(), found.end()), found.end());
        return found;
    }

private:
    // A scratch serves one scan at a time and takes long to make for many words: as many are kept as threads ever scanned at
    // once.
    hs_scratch_t* take_scratch() {
        {
            const std::lock_guard lock{mutex_};
            if (!scratches_.empty()) {
                auto* taken = scratches_.back();
                scratches_.pop_back();
                return taken;
            }
        }
        hs_scratch_t* made = nullptr;
        if (hs_alloc_scratch(database_, &made) != HS_SUCCESS) throw std::bad_alloc{};
        return made;
    }
    void give_back(hs_scratch_t* scratch) {
        const std::lock_guard lock{mutex_};
        scratches_.push_back(scratch);
    }

    hs_database_t* database_ = nullptr;
    std::mutex mutex_;
    std::vector<hs_scratch_t*> scratches_;
};

#else

class word_finder::engine {
public:
    explicit engine(const std::vector<std::string>& words)
        : set{options(), RE2::UNANCHORED} {
        for (const auto& word : words)
            if (set.Add(RE2::QuoteMeta(word), nullptr) < 0) throw std::runtime_error{"RE2: cannot take " + word};
        if (!set.Compile()) throw std::runtime_error{"RE2: too many words"};
    }
    static RE2::Options options() {
        RE2::Options chosen;
        chosen.set_max_mem(std::int64_t{1} << 30);
        chosen.set_log_errors(false);
        return chosen;
    }
    [[nodiscard]] std::vector<std::uint32_t> find(std::string_view text) const {
        std::vector<int> hits;
        set.Match(re2::StringPiece{text.data(), text.size()}, &hits);
        std::vector<std::uint32_t> found(hits.begin(), hits.end());
        std::sort(found.begin(), found.end());
        return found;
    }

    RE2::Set set;
};

#endif

word_finder::word_finder() = default;
word_finder::~word_finder() = default;
word_finder::word_finder(word_finder&&) noexcept = default;
word_finder& word_finder::operator=(word_finder&&) noexcept = default;

word_finder::word_finder(const std::vector<std::string>& words)
    : engine_{words.empty() ? nullptr : std::make_unique<engine>(words)} {}

std::vector<std::uint32_t> word_finder::find(std::string_view text) const {
    return engine_ && !text.empty() ? engine_->find(text) : std::vector<std::uint32_t>{};
}

} // namespace fenliu::routing
