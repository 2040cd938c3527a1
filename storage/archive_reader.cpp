#include "storage/archive_reader.hpp"

#include <algorithm>
#include <limits>

#include "protocol/limits.hpp"
#include "storage/archive_rows.hpp"
#include "storage/binding.hpp"

namespace fenliu::storage {
namespace {

/// A page that fills from its newest line back.
class page {
public:
    explicit page(const history_query& query)
        : query_{query}
        , limit_{std::clamp<std::size_t>(query.limit, 1, limits::page_lines)} {}

    /// Takes the lines of a chunk that the query wants; false when the page is full or the rest is below its lower bound.
    bool take(routing::conversation_number number, const line_chunk& chunk) {
        std::vector<history_line> held;
        read_lines(chunk.messages, chunk.first_seq, [&](const routing::line& line) {
            if (wanted(number, line))
                held.push_back({number, line.seq, line.at, line.side, std::string{line.from}, std::string{line.text}});
        });
        for (auto line = held.rbegin(); line != held.rend(); ++line) {
            const bool over = query_.bytes > 0 && !lines_.empty() && bytes_ + line->text.size() > query_.bytes;
            if (lines_.size() == limit_ || over) {
                more_ = true;
                return false;
            }
            bytes_ += line->text.size();
            lines_.push_back(std::move(*line));
        }
        return true;
    }
    /// The first line of the conversation that the query's upper bound leaves out; 0: none.
    [[nodiscard]] std::uint64_t end_of(routing::conversation_number number) const {
        return number == query_.below_number ? query_.below_seq : std::numeric_limits<std::int64_t>::max();
    }
    [[nodiscard]] std::uint64_t start_of(routing::conversation_number number) const {
        return number == query_.above_number ? query_.above_seq : 0;
    }
    [[nodiscard]] history_answer answer() && {
        std::reverse(lines_.begin(), lines_.end());
        return {std::move(lines_), more_};
    }

private:
    [[nodiscard]] bool wanted(routing::conversation_number number, const routing::line& line) const {
        return line.seq > start_of(number) && line.seq < end_of(number) &&
               (!query_.agent_lines_only || line.side != routing::side::buyer);
    }

    const history_query& query_;
    const std::size_t limit_;
    std::vector<history_line> lines_; // newest first
    std::size_t bytes_ = 0;
    bool more_ = false;
};

bool contains(const std::vector<std::string>& values, const std::string& wanted) {
    return std::find(values.begin(), values.end(), wanted) != values.end();
}

} // namespace

result<history_answer> archive_reader::read_history(const history_query& query) {
    page wanted{query};
    auto failure = guarded(database_, [&]() -> outcome {
        SQLite::Statement conversations{database_,
                                        "SELECT number, owners, first_seq, messages FROM conversation WHERE shop = ? AND "
                                        "buyer = ? AND number <= ? AND number >= ? ORDER BY number DESC"};
        const auto newest =
            query.below_number > 0 ? static_cast<std::int64_t>(query.below_number) : std::numeric_limits<std::int64_t>::max();
        bind_all(conversations, query.shop, query.buyer, newest, query.above_number);
        while (conversations.executeStep()) {
            const auto number = unsigned_of(conversations.getColumn(0));
            if (!query.owned_by.empty() && !contains(read_strings(text_of(conversations.getColumn(1))), query.owned_by)) continue;
            std::optional<line_chunk> chunk;
            if (const auto first = unsigned_of(conversations.getColumn(2)); first < wanted.end_of(number))
                chunk = line_chunk{first, conversations.getColumn(3).getString()};
            else
                chunk = lines_.before(number, wanted.end_of(number));
            for (; chunk; chunk = lines_.before(number, chunk->first_seq)) {
                if (!wanted.take(number, *chunk)) return {};
                if (chunk->first_seq <= wanted.start_of(number) + 1) break;
            }
        }
        return {};
    });
    if (failure) return std::move(*failure);
    return std::move(wanted).answer();
}

result<std::vector<colleague_row>> archive_reader::read_colleagues(const std::string& shop, const std::string& buyer) {
    std::vector<colleague_row> rows;
    auto failure = guarded(database_, [&]() -> outcome {
        SQLite::Statement colleagues{
            database_, "SELECT o.value, count(*), max(c.last_line_at) FROM conversation c JOIN json_each(c.owners) o "
                       "WHERE c.shop = ? AND c.buyer = ? AND c.closed_at IS NOT NULL GROUP BY o.value ORDER BY o.value"};
        bind_all(colleagues, shop, buyer);
        while (colleagues.executeStep())
            rows.push_back(
                {colleagues.getColumn(0).getString(), unsigned_of(colleagues.getColumn(1)), colleagues.getColumn(2).getInt64()});
        return {};
    });
    if (failure) return std::move(*failure);
    return rows;
}

result<std::unique_ptr<routing::conversation>> archive_reader::read_conversation(const std::string& shop,
                                                                                 routing::conversation_number number) {
    std::unique_ptr<routing::conversation> found;
    auto failure = guarded(database_, [&]() -> outcome {
        SQLite::Statement row{database_, std::string{"SELECT "} + conversation_columns +
                                             " FROM conversation WHERE number = ?1 AND (?2 = '' OR shop = ?2)"};
        bind_all(row, number, shop);
        if (!row.executeStep()) return {};
        found = storage::read_conversation(row);
        lines_.load_last(*found, {unsigned_of(row.getColumn(21)), row.getColumn(22).getString()});
        return {};
    });
    if (failure) return std::move(*failure);
    return found;
}

} // namespace fenliu::storage
