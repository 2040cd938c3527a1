#include "apps/fenliud/default_configuration.hpp"

#include <string_view>

#include "apps/policy/example_policy.hpp"

namespace fenliu::apps::fenliud {

namespace {

constexpr std::string_view broker_settings =
    R"toml(# fenliud's configuration: every setting with its default. Lines that begin with # and no blank are examples.
# kill -HUP puts changes of auto_create, [[tokens]], [log], [defaults] and [[shop]] in force; the rest waits for the next start.

# Shops and accounts that nobody named are made on first use; false: they are answered NOT_FOUND.
auto_create = true
# Worker threads for shops; 0: one for each core but one, at least 1 (0…256)
lanes = 0

[bus]
# Where frontends, agents and admins connect: tcp://HOST:PORT or ipc://PATH, one or an array. Port 0 picks a free one.
# A tcp host other than loopback needs the keys of [security]; it is encrypted (CURVE), loopback and ipc are not.
listen = "tcp://127.0.0.1:5570"
# Where live events are published; [] for no feed.
feed = "tcp://127.0.0.1:5571"
# Each side says something at least this often; three missed and the peer is dead (100…600000)
heartbeat_ms = 5000
# A session whose connection is gone can be resumed for this long (1000…86400000)
session_expiry_ms = 300000
# Messages a peer may be ahead of the last ack (16…65536)
window = 1024
# Kept for one session, unsent or unacked; beyond it the session ends and its data waits in the store (262144…1073741824)
outbox_bytes = 4194304
# Received and not yet processed, over all sessions; past it messages are answered OVERLOADED (1048576…68719476736)
in_flight_bytes = 67108864
# Messages a second that the frontends of one shop may send, a second's worth at once; past it they are answered RATE_LIMITED.
# 0: no limit (0…1000000)
shop_rate = 0
# Sessions admitted at a time (1…1000000)
connections = 65536

# For endpoints that other machines reach. `fenliu keygen` makes the files; paths are from where this file is.
[security]
# The broker's secret key; the file is for its owner alone (chmod 600). "": nothing is encrypted.
secret_key_file = ""
# The public key of whoever signs tokens (`fenliu token issue`). "": no signed tokens.
issuer_key_file = ""
# Encrypt tcp endpoints on loopback too.
encrypt_loopback = false
# Handshakes and hellos a second of one address, ten seconds' worth at once; in clear this machine's don't count (1…100000)
handshakes_per_s = 50
# Live sessions of one address; in clear this machine's don't count (1…1000000)
sessions_per_address = 4096

# Who may connect from this machine besides bearers of signed tokens. Without any token and issuer everybody may.
#[[tokens]]
#token = "a-long-random-text"
# "frontend", "agent" or "admin".
#role = "agent"
# The only shop that may be named; absent: any.
#shop = "demo"
# The only account an agent may log in as; absent: any of the shop.
#account = "demo:amy"

[store]
# Where everything is kept; "": $XDG_STATE_HOME/fenliu, else ~/.local/state/fenliu, for root /var/lib/fenliu.
directory = ""
# Keep nothing: all is gone when the process ends.
memory = false

[log]
# "debug", "info", "warn" or "error".
level = "info"
# "text", "json" or "auto": text on a terminal, JSON lines otherwise. Never holds what people wrote, nor tokens.
format = "auto"

[defaults]
# The policy of shops that aren't named below, and what those start from.
)toml";

constexpr std::string_view shop_example = R"toml(
# A shop; all keys of [defaults] may stand here too, and [[shop.agent]] with account, weight and shifts.
#[[shop]]
#name = "demo"
# Names, or tables with cap (0…100000) and participating. The main account, "demo", belongs to the shop without being named.
#accounts = ["demo:amy", {name = "demo:bob", cap = 5, participating = false}]

# Only members are needed; `fenliu policy example` shows all keys of a group.
#[[shop.group]]
#id = "after-sale"
#members = ["demo:amy"]
#keywords = ["退货"]
#overflow = "pre-sale"

#[[shop.group]]
#id = "pre-sale"
#members = ["demo:amy", "demo:bob"]
)toml";

} // namespace

std::string default_configuration_text() {
    return std::string(broker_settings).append(policy::example_settings_text("defaults.")).append(shop_example);
}

} // namespace fenliu::apps::fenliud
