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

namespace {

// A pattern that matches the word and nothing else.
std::string pattern_of(std::string_view word) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string pattern;
    for (const char each : word) {
        const auto byte = static_cast<unsigned char>(each);
        const bool plain =
            byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
        if (plain)
            pattern += each;
        else
            pattern.append({'\\', 'x', digits[byte >> 4U], digits[byte & 0xFU]});
    }
    return pattern;
}

} // namespace

// The words are patterns to it: its matcher for literals (hs_compile_lit_multi, in 5.4) can fail for a whole text
// where long words of one start repeat a byte (https://github.com/intel/hyperscan/issues/303).
class word_finder::engine {
public:
    explicit engine(const std::vector<std::string>& words) {
        std::vector<std::string> patterns;
        patterns.reserve(words.size());
        std::vector<const char*> texts;
        std::vector<unsigned> ids;
        const std::vector<unsigned> flags(words.size(), HS_FLAG_SINGLEMATCH);
        for (const auto& word : words) {
            ids.push_back(static_cast<unsigned>(texts.size()));
            texts.push_back(patterns.emplace_back(pattern_of(word)).c_str());
        }
        hs_compile_error_t* error = nullptr;
        if (hs_compile_multi(texts.data(), flags.data(), ids.data(), static_cast<unsigned>(words.size()), HS_MODE_BLOCK, nullptr,
                             &database_, &error) != HS_SUCCESS) {
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
        const auto result = hs_scan(database_, text.data(), static_cast<unsigned>(text.size()), 0, scratch, keep, &found);
        give_back(scratch);
        if (result != HS_SUCCESS) throw std::runtime_error{"Hyperscan: the search ended with " + std::to_string(result)};
        std::sort(found.begin(), found.end());
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
        chosen.set_encoding(RE2::Options::EncodingLatin1); // bytes
        chosen.set_max_mem(std::int64_t{1} << 30);
        chosen.set_log_errors(false);
        return chosen;
    }
    [[nodiscard]] std::vector<std::uint32_t> find(std::string_view text) const {
        std::vector<int> hits;
        RE2::Set::ErrorInfo error{RE2::Set::kNoError};
        if (!set.Match(re2::StringPiece{text.data(), text.size()}, &hits, &error) && error.kind != RE2::Set::kNoError)
            throw std::runtime_error{"RE2: the search ended with " + std::to_string(error.kind)};
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
