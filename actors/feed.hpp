// The body of a live event: one msgpack map. Made only when somebody subscribes; control-plane speed.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace fenliu::actors {

class feed_map {
public:
    template <class Value>
    void add(std::string_view key, const Value& value) {
        map_[std::string{key}] = value;
    }
    [[nodiscard]] std::string bytes() const {
        std::string out;
        nlohmann::json::to_msgpack(map_, nlohmann::detail::output_adapter<char>{out});
        return out;
    }

private:
    nlohmann::json map_ = nlohmann::json::object();
};

} // namespace fenliu::actors
