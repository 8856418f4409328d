// The minimiser against planted faults: a noisy request that shows one, minimised, is what a person would
// have written.
#include "harness/run/minimise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <string_view>

#include "conformance/ssm/reference.h"
#include "fuzzers/in_process.h"

namespace {

using namespace harness;

constexpr std::size_t kTries = 300;

struct Planted {
  std::string fault;
  std::string rule;   // of the finding that is kept
  std::string noisy;  // as a fuzzer might have found it
  std::string by_hand;
};

void PrintTo(const Planted& p, std::ostream* out) {
  *out << p.fault;
}

std::string request(std::string_view operation, std::string_view body) {
  return run::request_text(fuzzers::built_in().model.identity(), operation, body);
}

// With all that a fuzzer leaves behind.
std::string noisy(std::string_view operation, std::string_view body) {
  return "# mutated 1734 times\nPOST / HTTP/1.1\nAccept: */*\nUser-Agent: \xc3\xa9\n"
         "x-amz-target: AmazonSSM." +
         std::string(operation) +
         "\nX-Noise: aaaaaaaaaaaaaaaaaaaaaaaaaa\nContent-Type: application/x-amz-json-1.1; "
         "charset=utf-8\n\n" +
         std::string(body) + "\n";
}

Planted describe(std::string fault, std::string rule, std::string_view noise, std::string_view by_hand) {
  constexpr std::string_view kOperation = "DescribeDocumentPermission";
  return {std::move(fault), std::move(rule), noisy(kOperation, noise), request(kOperation, by_hand)};
}

Planted status(std::string fault, std::string rule, std::string_view noise, std::string_view by_hand) {
  constexpr std::string_view kOperation = "GetConnectionStatus";
  return {std::move(fault), std::move(rule), noisy(kOperation, noise), request(kOperation, by_hand)};
}

std::string times(std::size_t count, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

std::vector<Planted> all() {
  return {
      // constraints
      describe("name-2-accepted", "outcome/accepted",
               R"({"MaxResults" : 12, "Name":"q7", "X":[1,{"y":null}], "PermissionType":"Share"})",
               R"({"Name":"aa","PermissionType":"Share"})"),
      describe("name-unlimited", "outcome/accepted",
               R"({"PermissionType":"Share","Name":")" + times(60, "aQ.9_-") + R"("})",
               R"({"PermissionType":"Share","Name":"{{repeat 129 a}}"})"),
      describe("name-slash-accepted", "outcome/accepted",
               R"({"Name":"some/where\/else","PermissionType":"Share","NextToken":null})",
               R"({"Name":"/aa","PermissionType":"Share"})"),
      describe("name-controls-accepted", "outcome/accepted",
               R"({"Name":"{{document}}\u0001\u0002xyz","PermissionType":"Share","MaxResults":77})",
               R"({"Name":"{{document}}\u0002","PermissionType":"Share"})"),
      describe("name-missing-accepted", "outcome/accepted",
               R"({"name":"{{document}}","PermissionType":"Share","MaxResults":77})",
               R"({"PermissionType":"Share"})"),
      describe("max-results-201-accepted", "outcome/accepted",
               R"({"Name":"{{shared-document}}","PermissionType":"Share","MaxResults":201,"A":{"b":[true]}})",
               R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":201})"),
      describe("max-results-clamped", "outcome/accepted",
               R"({"Name":"{{document}}","MaxResults":2147480000,"PermissionType":"Share"})",
               R"({"Name":"{{document}}","MaxResults":201,"PermissionType":"Share"})"),
      describe("max-results-negative-accepted", "outcome/accepted",
               R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":-98765,"Z":"z"})",
               R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":-1})"),
      status("target-unlimited", "outcome/accepted",
             R"({"Target":")" + times(700, "i-0123") + R"(", "Other":"x"})",
             R"({"Target":"{{repeat 401 a}}"})"),
      // types
      describe("name-object-accepted", "outcome/accepted",
               R"({"Name":{"a":[1,2,{"b":"c"}],"d":"e"},"PermissionType":"Share","MaxResults":9})",
               R"({"Name":{},"PermissionType":"Share"})"),
      describe("max-results-list-accepted", "outcome/accepted",
               R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":[ 17 ]})",
               R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":[1]})"),
      describe(
          "next-token-object-ignored", "outcome/accepted",
          R"({"Name":"{{document}}","PermissionType":"Share","NextToken":{"a":{"b":["c"]}},"MaxResults":3})",
          R"({"Name":"{{document}}","PermissionType":"Share","NextToken":{}})"),
      // enumeration
      describe("permission-type-prefix-accepted", "outcome/accepted",
               R"({"Name":"{{document}}","PermissionType":"Shared with \u00e9very one"})",
               R"({"Name":"{{document}}","PermissionType":"Sharea"})"),
      // error codes
      describe("validation-is-500", "availability/server-error",
               R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":54321,"NextToken":null})",
               R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":0})"),
      describe("long-name-is-500", "availability/server-error",
               R"({"Name":")" + times(3000, "Ab") + R"(","PermissionType":"Share"})",
               R"({"Name":"{{repeat 256 a}}","PermissionType":"Share"})"),
      describe("several-violations-are-500", "availability/server-error",
               R"({"Name":"some name","PermissionType":"Share","MaxResults":777,"NextToken":null})",
               R"({"Name":"","PermissionType":"Share","MaxResults":0})"),
      // envelope
      describe("error-header-disagrees", "envelope/carriers-disagree",
               R"({"Name":7.5e1,"PermissionType":"Share","MaxResults":5})",
               R"({"Name":0,"PermissionType":"Share"})"),
      // tokens
      describe("tokens-quotes-500", "availability/server-error",
               R"({"Name":"{{document}}","PermissionType":"Share","NextToken":"abc'def","MaxResults":20})",
               R"({"Name":"{{document}}","PermissionType":"Share","NextToken":"'"})"),
      describe(
          "tokens-long-accepted", "outcome/accepted",
          R"({"Name":"{{document}}","PermissionType":"Share","NextToken":")" + times(900, "xyz") + R"("})",
          R"({"Name":"{{document}}","PermissionType":"Share","NextToken":"{{repeat 1001 a}}"})"),
      // shape
      status("status-capitalised", "shape/enum", R"({"Target":"{{connected-node}}","a":1,"b":[2]})",
             R"({"Target":"{{example-node}}"})"),
      // protocol
      {"json-broken-fails", "availability/server-error",
       noisy("GetConnectionStatus", R"({"Target":"i-1","b":[1,2,{"c":"d"})"),
       request("GetConnectionStatus", "{")},
      status("json-trailing-comma-accepted", "outcome/accepted", R"({"x":[{"y":2}],"Target":"i-0123",})",
             R"({"Target":"{{example-node}}",})"),
      status("json-white-space-refused", "outcome/rejected",
             "\n \t {\"x\":[1],\"Target\" : \"{{connected-node}}\"} ", R"( {"Target":"{{example-node}}"})"),
      status("json-duplicate-member-fails", "availability/server-error",
             R"({"Target":"{{node}}","abc":[1,2,3],"Target":"i-1","abc":7})",
             R"({"Target":"{{example-node}}","Target":"{{example-node}}"})"),
      status("json-depth-90-fails", "availability/server-error",
             R"({"Target":"{{node}}","abc":)" + times(150, "[") + times(150, "]") + "}",
             R"({"":{{repeat 90 [}})"),
      status("json-huge-number-fails", "availability/server-error",
             R"({"Target":"{{node}}","abc":[-123.456e7890]})", R"({"Target":"Example","a":6e700})"),
      status("json-emoji-fails", "availability/server-error",
             "{\"Target\":\"i-1 \xf0\x9f\x98\x80\xf0\x9f\x98\x81 \xc3\xa4\"}",
             "{\"Target\":\"\xf0\x9f\x98\x81\"}"),
      {"accept-encoding-fails", "availability/server-error",
       "# found\nPOST / HTTP/1.1\nX-A: b\nAccept-Encoding: identity\nX-Amz-Target: "
       "AmazonSSM.GetConnectionStatus\nContent-Type: application/x-amz-json-1.1\nY: "
       "z\n\n{\"Target\":\"{{connected-node}}\"}\n",
       "POST / HTTP/1.1\nAccept-Encoding: identity\nX-Amz-Target: "
       "AmazonSSM.GetConnectionStatus\nContent-Type: "
       "application/x-amz-json-1.1\n\n{\"Target\":\"{{example-node}}\"}\n"},
      {"method-other-fails", "availability/server-error",
       "BREW /pot?cups=2 HTTP/1.1\nX-A: b\n\n{\"Target\":\"i-123\"}\n", "a /a HTTP/1.1\n\n{}\n"},
  };
}

class PlantedFault : public testing::TestWithParam<Planted> {};

TEST_P(PlantedFault, IsMinimisedToWhatOneWouldWriteByHand) {
  const auto* fault = conformance::ssm::find_fault(GetParam().fault);
  ASSERT_NE(fault, nullptr);
  const auto signatures = [&](const std::string& text) {
    fuzzers::InProcessEndpoint endpoint({}, fault->make());
    return fuzzers::signatures_of(endpoint, text);
  };
  std::string signature;
  const auto found = signatures(GetParam().noisy);
  for (const auto& s : found) {
    if (signature.empty() && s.find("|" + GetParam().rule + "|") != std::string::npos) signature = s;
  }
  ASSERT_FALSE(signature.empty()) << testing::PrintToString(found);
  std::size_t tries = 0;
  const auto still = [&](const std::string& text) {
    ++tries;
    return signatures(text).contains(signature);
  };
  const run::MinimiseLimits limits{kTries, std::chrono::hours(1)};
  const auto minimised = run::minimise(GetParam().noisy, still, limits, fuzzers::built_in().examples);
  EXPECT_EQ(minimised, GetParam().by_hand) << signature;
  EXPECT_LT(tries, kTries);
  RecordProperty("tries", static_cast<int>(tries));
  EXPECT_EQ(run::minimise(minimised, still, limits, fuzzers::built_in().examples), minimised);
}

std::string test_name(const testing::TestParamInfo<Planted>& info) {
  std::string name = info.param.fault;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(OfManyClasses, PlantedFault, testing::ValuesIn(all()), test_name);

// A seed whose fault shows nothing would test nothing.
TEST(Seeds, ShowTheFaultThatTheyName) {
  std::size_t named = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SSMC_SOURCE_DIR "/corpus/minimise")) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    constexpr std::string_view kDirective = "# @fault ";
    if (!text.starts_with(kDirective)) continue;
    ++named;
    const auto* fault =
        conformance::ssm::find_fault(text.substr(kDirective.size(), text.find('\n') - kDirective.size()));
    ASSERT_NE(fault, nullptr) << entry.path();
    fuzzers::InProcessEndpoint endpoint({}, fault->make());
    EXPECT_FALSE(fuzzers::signatures_of(endpoint, text).empty()) << entry.path();
  }
  EXPECT_GE(named, 10U);
}

}  // namespace
