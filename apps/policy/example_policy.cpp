#include "apps/policy/example_policy.hpp"

#include <string_view>

namespace fenliu::apps::policy {

namespace {

constexpr std::string_view head =
    R"toml(# A shop's routing policy 分流策略: every setting with its default. Lines that begin with # and no blank are examples.
# Check it with: fenliu policy check FILE

# The shop: its main account's name.
shop = "acme"
)toml";

constexpr std::string_view settings = R"toml(# Calendar and hours are the shop's; an IANA name.
time_zone = "Asia/Shanghai"
# Recent contact 最近联系人: "modern" weighs its age and suspension, "seed" always comes back to it.
profile = "modern"
# Who assigns: "auto" picks an agent, "manual" waits for an admin or a senior agent.
mode = "auto"
# Conversations an account holds at a time, unless it says otherwise; 0: forwards only (0…100000)
default_cap = 10
# An agent with this percentage of its cap gets new buyers only when all others have it, too; 0: off (0…100)
overwork_percent = 0
# Minutes after a session's end in which its agent gets the buyer back even when full; 0: off (0…1440)
repeat_entry_min = 0
# A buyer who addresses an account that is offline goes to another one after direct_grace_ms; false: is stored for it.
direct_diversion = false
# (0…3600000)
direct_grace_ms = 120000
# An answered conversation ends after this silence (1000…604800000)
session_silence_ms = 600000
# An agent whose connection is lost keeps its conversations this long (0…3600000)
loss_grace_ms = 30000
# A buyer without an answer for this long is reported to the agent; 0: never (0…86400)
slow_reply_s = 100
# The same for conversations of the after-sales group, to main too; 0: never (0…86400)
after_sales_reply_s = 300
# The group whose conversations those are; "": the emergency group.
after_sales_group = ""

# The waiting line 排队.
[queue]
# Buyers wait when all agents are full.
enabled = true
# Buyers in line; later ones go to the offline pool (0…1000000)
limit = 1000
# Who waited this long is given to an idle agent, else reported; 0: off (0…86400)
wait_threshold_s = 180
# Who waited this long rises by one class, and so on; 0: off (0…86400)
ageing_s = 0
# but not by more than so many (1…3)
ageing_classes = 1
# All full and enabled = false: give to the least loaded all the same.
overload = false

# The robot 机器人.
[robot]
# "off", "first": before people, "human_first": only when people can't, "ratio": as "first", for a share of the buyers.
mode = "off"
# That share (0…1)
share = 0.0
# Who writes one of these gets a person 转人工. Words match anywhere in the text.
handoff_words = ["人工", "human agent"]

# Priority reception 优先接待, for shops rated gold or silver.
[priority]
# The service team's rating as the platform last gave it: "none", "bronze", "silver" or "gold".
rating = "none"
# Buyers in one of these crowds skip line and robot; at most 10.
crowds = []

# Who writes one of these words 退款/投诉 stands ahead in the line.
[emergency]
words = ["退款", "投诉", "refund", "complaint"]
# and goes to this group; "": routed like others.
group = ""

# Who gets a buyer when nobody is available 无客服在线.
[offline]
# "main", "proxy" or "pool": kept until somebody is.
policy = "main"
# The account that "proxy" means.
proxy = ""

# A part of the day with settings of its own; the first that holds is in force.
#[[window]]
#hours = ["22:00-08:00"]
#mode = "auto"
#robot = "ratio"
#robot_share = 0.5
)toml";

constexpr std::string_view names = R"toml(
# A skill group 分组. A message is narrowed to groups by crowd or tag, then product, then keyword, then order state; the first
# group left takes it.
#[[group]]
#id = "after-sales"
# Accounts of the shop.
#members = ["acme:amy", "acme:小美"]
#crowds = ["vip"]
#tags = ["VIP"]
#products = ["p1"]
#keywords = ["退货", "invoice"]
#order_states = ["refund"]
# In the shop's time zone, the end excluded, over midnight if it ends before it begins; []: always.
#hours = ["09:00-18:00", "20:00-02:00"]
# The group that takes over when all members are full; "": the whole shop.
#overflow = "pre-sales"
# A robot answers first.
#robot = false
# Whom of the members: "credit": evenly over the day, "least_load", "round_robin" or "longest_idle".
#strategy = "credit"

#[[group]]
#id = "pre-sales"
#members = ["acme:bob"]

#[[agent]]
#account = "acme:amy"
# Its part of new buyers against the others' 1 (0…100)
#weight = 1.0
# On duty 排班; []: always.
#shifts = ["09:00-18:00"]
# A senior agent 高级客服: it may change agents, groups and pins of its shop.
#senior = false
)toml";

} // namespace

std::string example_settings_text(const std::string& prefix) {
    std::string text;
    for (std::size_t begin = 0; begin < settings.size();) {
        const std::size_t end = settings.find('\n', begin) + 1;
        auto line = settings.substr(begin, end - begin);
        const auto name = line.find_first_not_of("#[");
        if (line.starts_with('[') || line.starts_with("#[")) {
            text.append(line.substr(0, name)).append(prefix);
            line.remove_prefix(name);
        }
        text.append(line);
        begin = end;
    }
    return text;
}

std::string example_policy_text() { return std::string(head).append(settings).append(names); }

} // namespace fenliu::apps::policy
