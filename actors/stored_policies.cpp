#include "actors/stored_policies.hpp"

namespace fenliu::actors {

std::variant<std::shared_ptr<const stored_policies>, protocol::failure> read_stored_policies(const storage::recovered& recovered,
                                                                                             const policy_language& language) {
    auto found = std::make_shared<stored_policies>();
    for (const auto& shop : recovered.shops) {
        if (shop.policies.empty() || shop.policies.back().source == routing::configuration || !language.read) continue;
        auto read = language.read(shop.name, shop.policies.back().text);
        if (!read.policy)
            return protocol::failure{
                protocol::errc::malformed,
                "the policy of shop " + shop.name + ", version " + std::to_string(shop.policies.back().version) +
                    " in the store, can't be read: " + (read.findings.empty() ? std::string{} : read.findings.front().text) +
                    "; start the fenliu with which it was put, and put one that this version reads"};
        (*found)[shop.name] = std::move(read.policy);
    }
    return found;
}

} // namespace fenliu::actors
