// The reading side of the archive: answers the questions of store.hpp from one SQLite connection. One thread at a time.
#pragma once

#include <memory>

#include "storage/archive_schema.hpp"
#include "storage/line_rows.hpp"
#include "storage/store.hpp"

namespace fenliu::storage {

class archive_reader {
public:
    /// The connection outlives the reader.
    explicit archive_reader(SQLite::Database& database)
        : database_{database}
        , lines_{database} {}

    [[nodiscard]] result<history_answer> read_history(const history_query& query);
    [[nodiscard]] result<std::vector<colleague_row>> read_colleagues(const std::string& shop, const std::string& buyer);
    [[nodiscard]] result<std::unique_ptr<routing::conversation>> read_conversation(const std::string& shop,
                                                                                   routing::conversation_number number);

    [[nodiscard]] SQLite::Database& database() noexcept { return database_; }

private:
    SQLite::Database& database_;
    line_rows lines_;
};

} // namespace fenliu::storage
