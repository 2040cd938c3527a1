#include "apps/fenliu/reason_words.hpp"

#include <array>

namespace fenliu::apps::fenliu {

namespace {

using routing::reason;

struct entry {
    reason code;
    bilingual words;
};

constexpr std::array table{
    entry{reason::duplicate, {"this message was sent before and is not routed again", "这条消息已经发过，不再分流"}},
    entry{reason::internal_direct, {"a colleague wrote it, and that is never routed", "同事发来的消息，直接送达，不参与分流"}},
    entry{reason::reject_account, {"{to} is no account name", "{to} 不是合法的账号名"}},
    entry{reason::private_main, {"the buyer is a private contact of the main account", "买家是主账号的私密联系人"}},
    entry{reason::private_main_suspended,
          {"the buyer is a private contact of the main account, which gets it though suspended",
           "买家是主账号的私密联系人，主账号挂起也由其接待"}},
    entry{reason::private_main_offline,
          {"the buyer is a private contact of the main account and is stored for it until it is online",
           "买家是主账号的私密联系人，消息留待主账号上线"}},
    entry{reason::direct, {"the buyer wrote to this account itself", "买家直接找的就是这个账号"}},
    entry{reason::direct_suspended,
          {"the buyer wrote to this account itself, which gets it though suspended", "买家直接找这个账号，挂起也照常送达"}},
    entry{
        reason::direct_offline_stored,
        {"the buyer wrote to this account itself and is stored for it until it is online", "买家直接找这个账号，消息留待其上线"}},
    entry{reason::direct_offline_reroute, {"account {to}, to which the buyer wrote, was offline", "买家所找的账号 {to} 不在线"}},
    entry{reason::manual_pin, {"it was assigned by hand, so it stays there", "由人工指定接待，保持不变"}},
    entry{reason::open_session, {"the conversation was open and stays with its owner", "会话未结束，仍由原接待账号负责"}},
    entry{reason::owner_offline_reroute, {"owner {owner} of the open conversation was offline", "会话的接待账号 {owner} 不在线"}},
    entry{reason::robot_continue, {"the robot is talking with the buyer and goes on", "机器人正在接待，继续由机器人回复"}},
    entry{reason::recent, {"the last account that was in contact with the buyer", "是买家的最近联系人"}},
    entry{reason::recent_suspended,
          {"the last account that was in contact with the buyer, though suspended", "是买家的最近联系人，挂起也照常送达"}},
    entry{reason::forwarded, {"the buyer was forwarded to this account", "买家是被转发给这个账号的"}},
    entry{reason::recent_suspended_reroute,
          {"recent contact {recent} was suspended and its last contact older than 24 h",
           "最近联系人 {recent} 已挂起，且上次联系超过 24 小时"}},
    entry{reason::recent_offline_robot,
          {"recent contact {recent} was offline, so the robot answers first", "最近联系人 {recent} 不在线，先由机器人接待"}},
    entry{reason::recent_offline_reroute, {"recent contact {recent} was offline", "最近联系人 {recent} 不在线"}},
    entry{reason::recent_full_reroute,
          {"recent contact {recent} was full {recent_load}", "最近联系人 {recent} 已满 {recent_load}"}},
    entry{reason::none_online, {"nobody was online", "没有账号在线"}},
    entry{reason::none_participating, {"nobody who was online takes part in routing", "在线账号都不参与分流"}},
    entry{reason::all_suspended,
          {"everybody who was online was suspended, off duty or takes no part", "在线账号都已挂起、不在班次或不参与分流"}},
    entry{reason::priority_failed, {"priority failed, for nobody was available", "优先接待失败：没有可接待的账号"}},
    entry{reason::robot_no_agent,
          {"nobody was available, so the robot answers; the buyer waits in the offline pool, too",
           "没有可接待的账号，由机器人接待，买家同时进入离线池"}},
    entry{reason::fallback_main, {"nobody was available, so the main account gets it", "没有可接待的账号，由主账号接待"}},
    entry{reason::fallback_proxy, {"nobody was available, so the proxy gets it", "没有可接待的账号，由代理账号接待"}},
    entry{reason::fallback_pool,
          {"nobody was available, so the buyer waits in the offline pool", "没有可接待的账号，买家进入离线池"}},
    entry{reason::priority_direct,
          {"the buyer has priority, and this was the least loaded account {where} {best}",
           "买家享有优先接待，这是{where}负载最低的账号{best}"}},
    entry{reason::dedicated, {"the dedicated agent of this buyer", "是买家的专属客服"}},
    entry{reason::robot_first, {"the shop's robot answers before people", "店铺设置为机器人优先"}},
    entry{reason::robot_ratio, {"the buyer is in the share that the robot answers first", "按比例分给机器人接待"}},
    entry{reason::robot_group, {"in group {group} the robot answers first", "分组 {group} 由机器人先接待"}},
    entry{reason::await_manual,
          {"the shop assigns by hand, so the buyer waits for a senior agent or an admin",
           "店铺为手动分配，等待高级客服或管理员指定"}},
    entry{reason::assigned_group, {"the {choice} {where} {best}", "是{where}{choice}{best}"}},
    entry{reason::assigned_overflow,
          {"nobody in the message's group {wanted} had room, and this was the {choice} {where} {best}",
           "消息所属分组 {wanted} 已满，这是{where}{choice}{best}"}},
    entry{reason::assigned_any, {"the {choice} {where} {best}", "是{where}{choice}{best}"}},
    entry{reason::queued, {"all were full, so the buyer waits in line", "全部满员，买家排队等候"}},
    entry{reason::queue_full,
          {"all were full and the line at its limit, so the buyer waits in the offline pool",
           "全部满员且排队已达上限，买家进入离线池"}},
    entry{reason::all_full_overload,
          {"all were full, and the least loaded one gets it all the same {best}", "全部满员，仍分给负载最低的账号{best}"}},
    entry{reason::all_full_robot, {"all were full, so the robot answers", "全部满员，由机器人接待"}},
    entry{reason::all_full_fallback,
          {"all were full, so it goes where it goes when nobody is available", "全部满员，按无人可接待处理"}},
    entry{
        reason::wait_reassign,
        {"the buyer waited too long for an answer, and this one had room {best}", "买家等待回复过久，改由有空的账号接待{best}"}},
    entry{reason::wait_escalate,
          {"the buyer waited too long for an answer, but nobody else had room: it stays and is reported",
           "买家等待回复过久，但没有其他账号有空：保持原接待并上报"}},
    entry{reason::pool_redistributed,
          {"the buyer waited in the offline pool until somebody was available {best}", "买家在离线池等到了可接待的账号{best}"}},
    entry{reason::forward_rejected, {"the forward may not happen: {why}", "不能转发：{why}"}},
    entry{reason::picked, {"this account took it for itself", "由该账号自行领取"}},
    entry{reason::manual_assign, {"an admin or a senior agent assigned it", "由管理员或高级客服指定"}},
};

} // namespace

bilingual words_of(routing::reason value) noexcept {
    for (const auto& each : table)
        if (each.code == value) return each.words;
    return {};
}

} // namespace fenliu::apps::fenliu
