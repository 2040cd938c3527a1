#include "apps/fenliu/display_width.hpp"
#include "apps/fenliu/input_text.hpp"
#include "apps/fenliu/output.hpp"
#include "apps/fenliu/policy.hpp"
#include "apps/policy/case_result.hpp"

namespace fenliu::apps::fenliu {

namespace {

struct test_report {
    std::size_t passed = 0, failed = 0;
    json differences = json::array();
    std::string lines; ///< the same for people
};

void add_broken(test_report& report, const std::string& place, const std::string& id, const std::string& why) {
    ++report.failed;
    report.lines += printable(place + ": " + (id.empty() ? "" : id + ": ") + why) + "\n";
    report.differences.push_back({{"place", place}, {"id", id}, {"broken", why}});
}

void add_case(test_report& report, const std::string& place, const policy::routing_case& given) {
    const auto got = policy::evaluate(given);
    if (const auto* broken = std::get_if<std::string>(&got)) return add_broken(report, place, given.id, *broken);
    const auto differences = policy::compare(given.expect, std::get<policy::told_outcome>(got));
    ++(differences.empty() ? report.passed : report.failed);
    for (const auto& [field, expected, other] : differences) {
        const auto& name = given.id.empty() ? place : given.id;
        report.lines += printable(name + ": " + field + ": expected " + expected + ", got " + other) + "\n";
        report.differences.push_back(
            {{"place", place}, {"id", given.id}, {"field", field}, {"expected", expected}, {"got", other}});
    }
}

} // namespace

exit_status test_policies(const common_options& options, const std::vector<std::string>& files) {
    test_report report;
    for (const auto& file : files) {
        const auto text = read_input(file);
        if (const auto* bad = std::get_if<problem>(&text)) return complain(*bad);
        for (const auto& each : policy::read_cases(std::get<std::string>(text))) {
            const auto place = file + ":" + std::to_string(each.line);
            if (const auto* broken = std::get_if<policy::broken_case>(&each.read))
                add_broken(report, place, broken->id, broken->text);
            else
                add_case(report, place, std::get<policy::routing_case>(each.read));
        }
    }
    if (options.json)
        print_json({{"passed", report.passed}, {"failed", report.failed}, {"differences", report.differences}});
    else
        print(report.lines + std::to_string(report.passed) + " passed, " + std::to_string(report.failed) + " failed\n");
    return report.failed == 0 ? exit_status::ok : exit_status::failed;
}

} // namespace fenliu::apps::fenliu
