// The faults that are meant for the fuzzers, each with the requests that show it: the oracle finds a defect
// in the last answer of an endpoint with the fault, and nothing on one without.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/ssm/reference.h"
#include "conformance/ssm/resources.h"
#include "conformance/ssm/rules.h"
#include "fuzzers/in_process.h"
#include "harness/oracle/admissible.h"
#include "harness/oracle/classify.h"
#include "harness/oracle/judge.h"
#include "harness/wire/http_text.h"

namespace fuzzers::rare_faults_test {
namespace {

using conformance::ssm::kAccounts;
using conformance::ssm::kDocument;

namespace oracle = harness::oracle;
namespace reference = harness::reference;
namespace wire = harness::wire;

struct Step {
  std::string operation;
  std::string body;  ///< with placeholders; {{cut-token}} is {{token}} with "!" in the middle
  std::vector<wire::Header> headers;
  /// What {{document}} is shared with afterwards.
  std::optional<std::set<std::string>> shares;
};

const char* const kDescribe = "DescribeDocumentPermission";
const char* const kStatus = "GetConnectionStatus";
const char* const kModify = "ModifyDocumentPermission";
const char* const kContentType = "application/x-amz-json-1.1";

Step describe(std::string body, std::vector<wire::Header> headers = {}) {
  return {kDescribe, std::move(body), std::move(headers), {}};
}

Step of(std::string operation, std::string body) {
  return {std::move(operation), std::move(body), {}, {}};
}

/// A description of this document, with further members.
Step describe_document(const std::string& name, const std::string& members = {}) {
  return describe(R"({"Name":")" + name + R"(","PermissionType":"Share")" + members + "}");
}

Step status(const std::string& target) {
  return {kStatus, R"({"Target":")" + target + "\"}", {}, {}};
}

Step modify(const std::string& list, const std::string& accounts, std::set<std::string> afterwards) {
  return {kModify,
          R"({"Name":"{{document}}","PermissionType":"Share",")" + list + "\":[" + accounts + "]}",
          {},
          std::move(afterwards)};
}

/// By the fault's name.
const std::map<std::string, std::vector<Step>>& triggers() {
  const std::string emoji = "\xf0\x9f\x98\x80";
  static const std::map<std::string, std::vector<Step>> all = {
      {"name-77-fails", {describe_document("{{repeat 77 n}}")}},
      {"name-dots-in-a-row-fails", {describe_document("some..name")}},
      {"name-of-four-kinds-refused", {describe_document("1st_of-Q")}},
      {"max-results-31-to-35-ignored", {describe_document("{{shared-document}}", R"(,"MaxResults":33)")}},
      {"max-results-zero-exponent-fails", {describe_document("{{document}}", R"(,"MaxResults":10e0)")}},
      {"max-results-42-token-unchecked",
       {describe_document("{{document}}", R"(,"MaxResults":42,"NextToken":"garbage")")}},
      {"token-foreign-character-skipped",
       {describe_document("{{shared-document}}", R"(,"NextToken":"{{cut-token}}")")}},
      {"share-then-seven-loses-one",
       {modify("AccountIdsToAdd", R"("111122223333","444455556666")", {"111122223333", "444455556666"}),
        describe_document("{{document}}", R"(,"MaxResults":7)")}},
      {"unshare-between-pages-keeps-one",
       {modify("AccountIdsToAdd", R"("111122223333","444455556666")", {"111122223333", "444455556666"}),
        describe_document("{{document}}", R"(,"MaxResults":1)"),
        modify("AccountIdsToRemove", R"("111122223333")", {"444455556666"}),
        describe_document("{{document}}")}},
      {"format-in-target-spoils-next", {status("a%s"), describe_document("{{document}}")}},
      {"target-tilde-inside-fails", {status("a~b")}},
      {"target-pair-behind-letter-overflows", {status("{{repeat 399 a}}" + emoji)}},
      {"target-pair-over-border-broken", {status("{{repeat 63 a}}" + emoji)}},
      {"member-twice-around-name-fails",
       {describe(R"({"MaxResults":1,"Name":"{{document}}","PermissionType":"Share","MaxResults":1})")}},
      {"escaped-optional-name-fails", {describe_document("{{document}}", R"(,"M\u0061xResults":1)")}},
      {"objects-in-unknown-member-fail", {describe_document("{{document}}", R"(,"X":{"Y":{"Z":1}})")}},
      {"json-tab-before-colon-refused",
       {describe("{\"Name\"\t:\"{{document}}\",\"PermissionType\":\"Share\"}")}},
      {"content-type-two-parameters-fail",
       {describe(R"({"Name":"{{document}}","PermissionType":"Share"})",
                 {{"Content-Type", std::string(kContentType) + "; charset=utf-8; x=y"}})}},
      {"header-three-times-fails",
       {describe(R"({"Name":"{{document}}","PermissionType":"Share"})",
                 {{"X-Extra", "1"}, {"X-Extra", "2"}, {"X-Extra", "3"}})}},
      {"parameter-name-of-slashes-fails", {of("GetParameter", R"({"Name":"/a//b"})")}},
      {"path-max-results-3-fails",
       {of("GetParametersByPath", R"({"Path":"/","Recursive":true,"MaxResults":3})")}},
      {"two-names-alike-fail", {of("GetParameters", R"({"Names":["a","b","a"]})")}},
      {"filters-of-one-key-fail",
       {of("DescribeMaintenanceWindows",
           R"({"Filters":[{"Key":"Name","Values":["a"]},{"Key":"Name","Values":["b"]}]})")}},
      {"window-cutoff-of-17-hours-fails",
       {of("UpdateMaintenanceWindow", R"({"WindowId":"mw-0123456789abcdef0","Cutoff":17})")}},
      {"command-timeout-of-an-hour-fails",
       {of("SendCommand", R"({"DocumentName":"AWS-RunShellScript","TimeoutSeconds":3600})")}},
      {"ops-item-emoji-fails",
       {of("CreateOpsItem", R"({"Title":"a)" + emoji + R"(","Description":"b","Source":"c"})")}},
      {"inventory-attribute-percent-fails",
       {of("GetInventory", R"({"Filters":[{"Key":"100%","Values":["a"]}]})")}},
      {"baseline-description-with-replace-fails",
       {of("UpdatePatchBaseline",
           R"({"BaselineId":"pb-0123456789abcdef0","Replace":true,"Description":"a"})")}},
      {"commands-page-of-50-with-filter-fails",
       {of("ListCommands", R"({"MaxResults":50,"Filters":[{"key":"Status","value":"Success"}]})")}},
  };
  return all;
}

/// The defects of the last answer, one a line; of an earlier one too, where that is not to be.
class Session {
 public:
  explicit Session(reference::FaultHooks fault)
      : endpoint_(reference::Dialect{}, std::move(fault)), known_(endpoint_.knowledge()) {}

  std::vector<std::string> defects(const Step& step) {
    wire::HttpText text;
    text.request.headers = {{"X-Amz-Target", "AmazonSSM." + step.operation}};
    for (const auto& line : step.headers) text.request.headers.add(line.name, line.value);
    if (!text.request.headers.contains("Content-Type"))
      text.request.headers.add("Content-Type", kContentType);
    text.request.body = expanded(step.body);
    const auto now = endpoint_.situation().now();
    const auto message = endpoint_.composer().compose(text, now);
    const auto request =
        oracle::classify(built_in().model, conformance::ssm::rules(), message.bytes, known_, now);
    const auto exchange = endpoint_.exchange(message.bytes);
    std::vector<std::string> out;
    for (const auto& f :
         oracle::judge(request, oracle::admissible(request, oracle::Level::documented), exchange, known_)) {
      if (f.severity == oracle::Severity::defect) out.push_back(f.rule + ": " + f.message);
    }
    if (step.shares)
      known_.of(kDocument)[endpoint_.bindings().value("document")].holds[kAccounts] = *step.shares;
    // Tokens that are given out are known from then on.
    if (const auto body = wire::parse_json(exchange.response.body);
        body && body->value.is_object() && body->value.contains("NextToken")) {
      known_.tokens[body->value["NextToken"].get<std::string>()] = endpoint_.bindings().value("document");
    }
    return out;
  }

 private:
  std::string expanded(std::string body) const {
    constexpr std::string_view kCut = "{{cut-token}}";
    if (const auto at = body.find(kCut); at != std::string::npos) {
      std::string token = endpoint_.bindings().value("token");
      token.insert(token.size() / 2, "!");
      body.replace(at, kCut.size(), token);
    }
    auto expanded = endpoint_.bindings().expand(body);
    EXPECT_TRUE(expanded.has_value()) << body;
    return expanded ? *std::move(expanded) : std::string();
  }

  InProcessEndpoint endpoint_;
  oracle::Knowledge known_;
};

std::vector<const reference::Fault*> rare_faults() {
  std::vector<const reference::Fault*> out;
  for (const auto& f : conformance::ssm::faults()) {
    if (f.for_fuzzing) out.push_back(&f);
  }
  return out;
}

class RareFault : public ::testing::TestWithParam<const reference::Fault*> {
 protected:
  void SetUp() override { ASSERT_TRUE(triggers().contains(GetParam()->name)) << "no request shows it"; }
  const std::vector<Step>& steps() const { return triggers().at(GetParam()->name); }
};

TEST_P(RareFault, IsADefectToTheOracle) {
  Session session(GetParam()->make());
  for (std::size_t i = 0; i + 1 < steps().size(); ++i)
    EXPECT_EQ(session.defects(steps()[i]), std::vector<std::string>{}) << "step " << i;
  EXPECT_NE(session.defects(steps().back()), std::vector<std::string>{});
}

TEST_P(RareFault, IsNoneOfTheCleanEndpoint) {
  Session session({});
  for (const Step& step : steps()) EXPECT_EQ(session.defects(step), std::vector<std::string>{}) << step.body;
}

// Otherwise it would be a fault for the suites: nearly everything that is sent would show it.
TEST_P(RareFault, DoesNotShowOnOrdinaryRequests) {
  Session session(GetParam()->make());
  for (const Step& step :
       {describe_document("{{document}}"), describe_document("{{shared-document}}", R"(,"MaxResults":10)"),
        describe_document("{{absent-document}}"), status("{{connected-node}}"), status("i-0123456789abcdef0"),
        describe_document("no such name"), status("")}) {
    EXPECT_EQ(session.defects(step), std::vector<std::string>{}) << step.operation << " " << step.body;
  }
}

INSTANTIATE_TEST_SUITE_P(, RareFault, ::testing::ValuesIn(rare_faults()), [](const auto& param) {
  std::string name = param.param->name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(RareFaults, AreAllHere) {
  EXPECT_GE(rare_faults().size(), 29U);
  for (const auto& [name, steps] : triggers()) {
    const auto* fault = conformance::ssm::find_fault(name);
    EXPECT_TRUE(fault != nullptr && fault->for_fuzzing) << name;
  }
}

}  // namespace
}  // namespace fuzzers::rare_faults_test
