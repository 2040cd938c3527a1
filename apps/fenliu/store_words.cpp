#include "apps/fenliu/store_words.hpp"

namespace fenliu::apps::fenliu {

namespace {

using kind = storage::store_finding::kind;

struct words_of_kind {
    std::string_view name;    ///< in JSON
    std::string_view chinese; ///< English is the finding's own text
};

words_of_kind words_of(kind what) {
    switch (what) {
    case kind::version:
        return {"version", "{file}：版本文件缺失或无法读取；请从备份恢复数据目录"};
    case kind::log:
        return {"log", "{file}：日志在偏移 {offset} 处损坏；请从备份恢复数据目录"};
    case kind::wal:
        return {"wal", "{file}：SQLite 日志在偏移 {offset} 处损坏；请从备份恢复数据目录"};
    case kind::archive:
        return {"archive", "{file}：归档损坏，无法完整读取；请从备份恢复数据目录"};
    case kind::rows:
        return {"rows", "{file}：表 {table} 的内容与写入时不一致；请从备份恢复数据目录"};
    case kind::conversation:
        return {"conversation", "{file}：店铺 {shop} 的会话 {conversation} 缺少消息；请从备份恢复数据目录"};
    case kind::apart:
        return {"apart", "{file}：日志与归档不属于同一份数据；请从备份恢复数据目录"};
    }
    return {};
}

facts facts_of(const storage::store_finding& found) {
    return {{"file", found.file.string()},
            {"offset", found.offset ? std::to_string(*found.offset) : "?"},
            {"table", found.table},
            {"shop", found.shop},
            {"conversation", found.conversation}};
}

constexpr bilingual whole = {
    "{directory} is whole: log {from} to {to} in {segments} segments, archive up to {archived}; {shops} shops, {conversations} "
    "conversations and {lines} lines archived, {open} conversations open\n",
    "{directory} 完好：日志 {from} 至 {to}，共 {segments} 段，归档至 {archived}；{shops} 个店铺，已归档 {conversations} "
    "个会话、{lines} "
    "条消息，{open} 个会话进行中\n"};
constexpr bilingual unvouched = {
    "What the log holds behind {vouched} was its last group when the broker was killed: whether that is all, only clients know; "
    "the "
    "broker reports a client that has seen more.\n",
    "日志 {vouched} 之后是进程被杀时的最后一组，是否完整只有客户端知道；若客户端见过更多，服务会报告。\n"};
constexpr bilingual damaged = {"{directory} is damaged: {count} found\n", "{directory} 已损坏：发现 {count} 处\n"};

std::uint64_t open_of(const storage::store_report& report) {
    std::uint64_t count = 0;
    if (report.state)
        for (const auto& shop : report.state->shops)
            for (const auto& each : shop.conversations)
                count += each->open();
    return count;
}

std::uint64_t shops_of(const storage::store_report& report) { return report.state ? report.state->shops.size() : report.shops; }

} // namespace

std::string to_text(const storage::store_report& report, language spoken) {
    std::string text;
    for (const auto& each : report.findings)
        text += (spoken == language::english ? each.text : fill(words_of(each.what).chinese, facts_of(each))) + "\n";
    const facts known{{"directory", report.directory.string()},
                      {"from", std::to_string(report.log_begin)},
                      {"to", std::to_string(report.log_end)},
                      {"segments", std::to_string(report.segments)},
                      {"archived", std::to_string(report.archived)},
                      {"shops", std::to_string(shops_of(report))},
                      {"conversations", std::to_string(report.conversations)},
                      {"lines", std::to_string(report.lines)},
                      {"open", std::to_string(open_of(report))},
                      {"vouched", std::to_string(report.vouched)},
                      {"count", std::to_string(report.findings.size())}};
    if (!report.whole()) return text + fill(damaged.in(spoken), known);
    text += fill(whole.in(spoken), known);
    if (report.vouched < report.log_end) text += fill(unvouched.in(spoken), known);
    return text;
}

json to_json(const storage::store_report& report) {
    json findings = json::array();
    const auto text_or_nil = [](const std::string& value) { return value.empty() ? json() : json(value); };
    for (const auto& each : report.findings)
        findings.push_back({{"kind", words_of(each.what).name},
                            {"file", each.file.string()},
                            {"offset", each.offset ? json(*each.offset) : json()},
                            {"table", text_or_nil(each.table)},
                            {"shop", text_or_nil(each.shop)},
                            {"conversation", text_or_nil(each.conversation)},
                            {"text", each.text}});
    return {{"directory", report.directory.string()},
            {"whole", report.whole()},
            {"findings", std::move(findings)},
            {"log",
             {{"begin", report.log_begin}, {"end", report.log_end}, {"vouched", report.vouched}, {"segments", report.segments}}},
            {"archived", report.archived},
            {"shops", shops_of(report)},
            {"conversations", report.conversations},
            {"lines", report.lines},
            {"open", open_of(report)}};
}

} // namespace fenliu::apps::fenliu
