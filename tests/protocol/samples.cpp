#include "tests/protocol/samples.hpp"

namespace fenliu::protocol {

namespace {

constexpr std::string_view msg_id = "0192f0c4-1111-7222-8333-444455556666";
constexpr std::string_view request_id = "0192f0c4-aaaa-7bbb-8ccc-ddddeeee0001";
constexpr timestamp_ms ts = 1'766'371'200'123;
constexpr std::string_view text_of_32 = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

const std::string& text_of_300() {
    static const std::string text = [] {
        std::string made;
        for (int count = 0; count < 150; ++count)
            made += "é";
        return made;
    }();
    return text;
}

using named = std::map<std::string, message>;
using labels = std::vector<std::string_view>;

named session_samples() {
    return {
        {"hello_frontend", hello{.version = 1, .role = role::frontend}},
        {"hello_agent_with_everything", hello{.version = 1,
                                              .role = role::agent,
                                              .token = "s3cret",
                                              .shop = "acme",
                                              .account = "acme:小美",
                                              .device = "laptop",
                                              .robot = true,
                                              .resume_session = "kq3x9",
                                              .resume_rx = 4100,
                                              .seen = {{"c-17", 9}, {"c-18", 300}}}},
        {"hello_admin", hello{.version = 1, .role = role::admin, .token = "ops", .shop = "acme"}},
        {"welcome_new", welcome{"kq3x9", 0, false, 5'000, 1'024, 262'144, 300'000, "fenliu"}},
        {"welcome_resumed", welcome{"kq3x9", 4'100, true, 5'000, 1'024, 262'144, 300'000, "fenliu"}},
        {"heartbeat", heartbeat{}},
        {"ack_zero", ack{0}},
        {"ack_large", ack{0xffff'ffff'ffff'ffff}},
        {"bye_superseded", bye{"SUPERSEDED"}},
        {"bye_shutting_down", bye{"SHUTTING_DOWN"}},
        {"error_with_ref", error{"STALE_EPOCH", false, 0, request_id, "the owner changed"}},
        {"error_without_ref", error{"SESSION_NOT_FOUND", true, 250, std::nullopt, "say hello first"}},
        {"credit", credit{1'024}},
        {"admin_request", admin_request{request_id, "agents",
                                        "\x82\xa4shop\xa4"
                                        "acme\xa5limitd"}},
        {"admin_request_without_options", admin_request{request_id, "stats", ""}},
        {"admin_reply", admin_reply{request_id, "OK",
                                    "\x82\xa6"
                                    "agents\x91\x82\xa7"
                                    "account\xab"
                                    "acme:小美\xa4load\x03\xa6"
                                    "cursor\xc0"}},
    };
}

named publish_samples() {
    named made;
    made.emplace("publish_plain", publish{.msg_id = msg_id, .shop = "acme", .buyer = "buyer-1", .text = "hello"});
    made.emplace("publish_chinese", publish{.msg_id = msg_id, .shop = "旗舰店", .buyer = "买家一", .text = "这件衣服有货吗？😀"});
    made.emplace("publish_with_everything", publish{.msg_id = msg_id,
                                                    .shop = "acme",
                                                    .buyer = "buyer-1",
                                                    .text = "有货吗",
                                                    .to = "acme:小美",
                                                    .entry = "lit_icon",
                                                    .page = "product",
                                                    .group = "after",
                                                    .product = "p1",
                                                    .order = "o-9",
                                                    .tags = {"VIP", "老客"},
                                                    .region = "Zhejiang",
                                                    .level = "gold",
                                                    .crowds = labels{"member", "new"},
                                                    .lang = "zh"});
    made.emplace("publish_no_crowds_any_more",
                 publish{.msg_id = msg_id, .shop = "acme", .buyer = "buyer-1", .text = "hi", .crowds = labels{}});
    made.emplace("publish_empty_text", publish{.msg_id = msg_id, .shop = "acme", .buyer = "buyer-1", .entry = "lit_icon"});
    made.emplace("publish_text_of_32_bytes", publish{.msg_id = "m-1", .shop = "acme", .buyer = "b", .text = text_of_32});
    made.emplace("publish_text_of_300_bytes", publish{.msg_id = "m-1", .shop = "acme", .buyer = "b", .text = text_of_300()});
    return made;
}

named frontend_samples() {
    return {
        {"buyer_left", buyer_left{"acme", "buyer-1", request_id}},
        {"rating", rating{"acme", "buyer-1", 5, request_id}},
        {"order_placed", order_event{"acme", "buyer-1", "o-9", order_status::placed, 129'900, request_id}},
        {"order_paid", order_event{"acme", "buyer-1", "o-9", order_status::paid, 129'900, request_id}},
        {"order_refund_negative_amount", order_event{"acme", "buyer-1", "o-9", order_status::refund, -129'900, request_id}},
        {"attach", attach{"acme", "buyer-1", "c-17", 12}},
        {"attach_without_conversation", attach{"acme", "buyer-1", "", 0}},
        {"stored", stored{msg_id, "c-17", 1, false}},
        {"stored_duplicate", stored{msg_id, "c-17", 70'000, true}},
        {"routed_assigned", routed{"acme", "buyer-1", "c-17", "ASSIGNED_ANY", "acme:小美", {}, 0, 0}},
        {"routed_queued", routed{"acme", "buyer-1", "c-17", "QUEUED", "", {"RECENT_OFFLINE_REROUTE"}, 3, 95}},
        {"reply", reply{"acme", "buyer-1", "c-17", 2, "acme:小美", "有货，今天发", ts}},
        {"prompt", prompt{"acme", "buyer-1", "会员专属客服", "已跳过排队直连人工"}},
        {"queue_moved", queue_moved{"acme", "buyer-1", 2, 60}},
    };
}

named command_samples() {
    return {
        {"presence_offline", presence_change{presence::offline, request_id}},
        {"presence_online", presence_change{presence::online, request_id}},
        {"presence_invisible", presence_change{presence::invisible, request_id}},
        {"presence_suspended", presence_change{presence::suspended, request_id}},
        {"say", say{msg_id, "c-17", 1, "您好，请问有什么可以帮您？"}},
        {"forward_to_account", forward{request_id, "c-17", 1, "acme:dan", "refund question"}},
        {"forward_to_group", forward{request_id, "c-17", 4'294'967'296, "group:after", ""}},
        {"close", close{request_id, "c-17", 2}},
        {"history_first_page", history_request{request_id, "buyer-1", "", 50, history_scope::own}},
        {"history_next_page", history_request{request_id, "buyer-1", "17.3", 50, history_scope::all}},
        {"history_exists", history_request{request_id, "buyer-1", "", 0, history_scope::exists}},
        {"pick", pick{request_id, "c-17"}},
        {"note", note{request_id, "c-17", "red", "答应今天回电"}},
    };
}

named agent_samples() {
    return {
        {"assigned_new", assigned{.conversation = "c-17", .epoch = 1, .buyer = "buyer-1", .reason = "ASSIGNED_ANY"}},
        {"assigned_with_tail", assigned{.conversation = "c-17",
                                        .epoch = 2,
                                        .buyer = "buyer-1",
                                        .reason = "FORWARDED",
                                        .causes = {"OWNER_OFFLINE_REROUTE"},
                                        .tags = {"VIP"},
                                        .returning = true,
                                        .waited_ms = 31'000,
                                        .tail = {{1, "buyer-1", "有货吗", ts}, {2, "acme:小美", "有", ts + 900}}}},
        {"unassigned", unassigned{"c-17", 1, "forwarded"}},
        {"buyer_line", buyer_line{"c-17", 1, "buyer-1", "有货吗", ts}},
        {"history_page_empty", history_page{.request_id = request_id}},
        {"history_page_lines",
         history_page{request_id,
                      std::vector<history_line>{{"c-17", 1, "buyer-1", "有货吗", ts}, {"c-17", 2, "acme:小美", "有", ts + 900}},
                      "17.1"}},
        {"history_page_colleagues",
         history_page{request_id, std::vector<colleague_record>{{"acme:小美", 3, ts}, {"acme:dan", 1, 0}}, ""}},
        {"result_ok", result{request_id, "OK", ""}},
        {"result_rejected", result{request_id, "FORWARD_REJECTED", "acme:dan is suspended"}},
        {"said", said{msg_id, "c-17", 2, false}},
        {"alert", alert{"c-17", "slow_reply", ts}},
    };
}

} // namespace

const std::map<std::string, message>& samples() {
    static const named all = [] {
        named made = session_samples();
        made.merge(publish_samples());
        made.merge(frontend_samples());
        made.merge(command_samples());
        made.merge(agent_samples());
        return made;
    }();
    return all;
}

} // namespace fenliu::protocol
