// The command `fenliu keygen`: keys for a broker with its issuer of tokens, or for a client, in files.
#include <filesystem>
#include <system_error>
#include <vector>

#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/output.hpp"
#include "transport/keys.hpp"

namespace fenliu::apps::fenliu {

namespace {

using transport::key_kind;

struct keygen_arguments {
    std::string directory = ".";
    std::string client;
};

struct new_file {
    std::filesystem::path path;
    key_kind kind;
    std::string key;
    std::string_view what;
};

std::vector<new_file> files_of(const keygen_arguments& given) {
    const std::filesystem::path directory = given.directory;
    const auto curve = transport::make_curve_pair();
    if (!given.client.empty())
        return {{directory / (given.client + ".key"), key_kind::curve_secret, curve.secret_key, "the client's secret: --key"},
                {directory / (given.client + ".pub"), key_kind::curve_public, curve.public_key,
                 "for whoever issues its token: fenliu token issue --for-key"}};
    const auto issuer = transport::make_issuer_pair();
    return {{directory / "broker.key", key_kind::curve_secret, curve.secret_key, "the broker's secret: secret_key_file"},
            {directory / "broker.pub", key_kind::curve_public, curve.public_key, "for every client: --server-key"},
            {directory / "issuer.key", key_kind::issuer_secret, issuer.secret_key,
             "signs tokens: fenliu token issue; keep it off the broker's machine if you can"},
            {directory / "issuer.pub", key_kind::issuer_public, issuer.public_key, "for the broker: issuer_key_file"}};
}

/// Takes back what this run wrote, up to the file that it failed at. A whole key there that isn't ours is of another run, made
/// in between.
void take_back(const std::vector<new_file>& files, const new_file& failed_at) {
    std::error_code none;
    for (const auto& each : files) {
        const bool last = &each == &failed_at;
        const auto found = transport::read_key_file(each.path, each.kind);
        const auto* key = std::get_if<std::string>(&found);
        if (!last || key == nullptr || *key == each.key) std::filesystem::remove(each.path, none);
        if (last) return;
    }
}

exit_status run_keygen(const common_options& options, const keygen_arguments& given) {
    std::error_code failed;
    std::filesystem::create_directories(given.directory, failed);
    if (failed) return complain({exit_status::failed, given.directory + ": can't be made: " + failed.message()});
    const auto files = files_of(given);
    // All or none: half a set of keys is a trap.
    for (const auto& each : files)
        if (std::filesystem::exists(std::filesystem::symlink_status(each.path, failed)))
            return complain({exit_status::failed,
                             each.path.string() + ": is there already, and keys are not written over; name another DIR"});
    for (const auto& each : files)
        if (const auto bad = transport::write_key_file(each.path, each.kind, each.key)) {
            take_back(files, each);
            return complain({exit_status::failed, bad->text + "; none of the keys was kept"});
        }
    for (const auto& each : files) {
        if (options.json) print_json({{"file", each.path.string()}, {"for", each.what}});
        if (!options.json && !options.quiet) print(each.path.string() + "  " + std::string(each.what) + "\n");
    }
    return exit_status::ok;
}

} // namespace

void add_keygen(CLI::App& program, command_line& line) {
    auto* command = program.add_subcommand("keygen", "Make keys: of a broker and of the issuer of its tokens, or of a client");
    const auto given = std::make_shared<keygen_arguments>();
    command->add_option("dir", given->directory, "Where; made if it isn't there")->capture_default_str();
    command->add_option("--client", given->client, "A client's pair, NAME.key and NAME.pub, instead")
        ->type_name("NAME")
        ->check([](const std::string& name) {
            return name.empty() || name.front() == '.' || name.find('/') != std::string::npos ? "a name without / is needed"
                                                                                              : std::string();
        });
    command->callback([&line, given] { line.run = [&line, given] { return run_keygen(line.common, *given); }; });
}

} // namespace fenliu::apps::fenliu
