#include "harness/run/suite.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "harness/run/test_support.h"
#include "harness/wire/http_text.h"

namespace harness::run::suite_test {
namespace {

using testing::built_in_examples;
using testing::built_in_model;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Result<std::vector<Case>> load(std::string_view json) {
  return load_suite(json, built_in_model(), built_in_examples());
}

std::string error_of(std::string_view json) {
  const auto loaded = load(json);
  return loaded ? "(no error)" : loaded.error().message;
}

// A suite of one case for GetConnectionStatus.
std::string suite_of(std::string_view members, std::string_view operations = R"(["GetConnectionStatus"])") {
  return fmt::format(
      R"({{"suite": "probe", "operations": {}, "cases": [{{"id": "x/y", "title": "T", {}}}]}})", operations,
      members);
}

Case only(const std::string& json) {
  const auto loaded = load(json);
  EXPECT_TRUE(loaded.has_value()) << (loaded ? "" : loaded.error().message) << "\n" << json;
  return loaded && loaded->size() == 1 ? loaded->front() : Case{};
}

wire::Request request_of(const Case& c) {
  auto text = wire::parse_http_text(c.request);
  EXPECT_TRUE(text.has_value()) << c.request;
  return text ? text->request : wire::Request{};
}

TEST(Suite, ACaseWithNothingChangedIsTheExample) {
  const Case c = only(suite_of(R"("breaks": ["valid"])"));
  EXPECT_EQ(c.id, "GetConnectionStatus/x/y");
  EXPECT_EQ(c.operation, "GetConnectionStatus");
  EXPECT_EQ(c.source, Source::vector);
  EXPECT_EQ(c.title, "T");
  EXPECT_THAT(c.breaks, ElementsAre("valid"));
  EXPECT_FALSE(c.hostile);
  EXPECT_FALSE(c.needs_authentication);
  EXPECT_EQ(c.scenario, nullptr);
  EXPECT_EQ(request_of(c).body, R"({"Target":"{{example-node}}"})");
  EXPECT_EQ(c.request, c.control);
}

TEST(Suite, Flags) {
  const Case c = only(suite_of(R"("hostile": true, "needs_authentication": true)"));
  EXPECT_TRUE(c.hostile);
  EXPECT_TRUE(c.needs_authentication);
}

TEST(Suite, EachOperationGetsItsOwnCase) {
  const auto loaded = load(suite_of(R"("body": "[]")", R"(["each"])"));
  ASSERT_TRUE(loaded.has_value());
  ASSERT_EQ(loaded->size(), 2U);
  EXPECT_EQ((*loaded)[0].id, "DescribeDocumentPermission/x/y");
  EXPECT_EQ((*loaded)[1].id, "GetConnectionStatus/x/y");
  EXPECT_NE((*loaded)[0].control, (*loaded)[1].control);
}

TEST(Suite, MembersAreAddedReplacedAndTakenOut) {
  const std::string operations = R"(["DescribeDocumentPermission"])";
  EXPECT_EQ(request_of(only(suite_of(R"("members": {"MaxResults": 201, "Name": null})", operations))).body,
            R"({"PermissionType":"Share","MaxResults":201,"Name":null})");
  EXPECT_EQ(request_of(only(suite_of(R"("without": ["Name"])", operations))).body,
            R"({"PermissionType":"Share"})");
  EXPECT_EQ(request_of(only(suite_of(R"("without": ["Name", "PermissionType"])", operations))).body, "{}");
}

TEST(Suite, BodiesAreTakenAsTheyStand) {
  EXPECT_EQ(request_of(only(suite_of(R"("body": "{\"a\":")"))).body, "{\"a\":");
  EXPECT_EQ(request_of(only(suite_of(R"("body": "{{{members}},\"x\":1}")"))).body,
            R"({"Target":"{{example-node}}","x":1})");
  EXPECT_EQ(request_of(only(suite_of(R"("body": "\\xff", "escaped": true)"))).body, "\xff");
}

TEST(Suite, HeadAndRequestLine) {
  const auto r = request_of(only(suite_of(
      R"("method": "PUT", "path": "/a", "version": "HTTP/1.0",
         "headers": {"x-amz-target": ["{{target}}", "B"], "Content-Type": null, "X-More": "1"}, "omit": ["Host"])")));
  EXPECT_EQ(r.method, "PUT");
  EXPECT_EQ(r.target, "/a");
  EXPECT_EQ(r.version, "HTTP/1.0");
  EXPECT_THAT(r.headers.all("X-Amz-Target"), ElementsAre("AmazonSSM.GetConnectionStatus", "B"));
  EXPECT_FALSE(r.headers.contains("Content-Type"));
  EXPECT_EQ(r.headers.find("X-More"), "1");
  const auto text = wire::parse_http_text(only(suite_of(R"("omit": ["Host", "X-Amz-Date"])")).request);
  ASSERT_TRUE(text.has_value());
  EXPECT_THAT(text->without, ElementsAre("Host", "X-Amz-Date"));
}

TEST(Suite, WholeTexts) {
  const Case c = only(suite_of(
      R"("text": ["# @raw", "POST / HTTP/1.1", "Host: a", "{{headers}}", "", "{{body}}"], "hostile": true)"));
  EXPECT_THAT(c.request, HasSubstr("X-Amz-Target: AmazonSSM.GetConnectionStatus\n"));
  EXPECT_THAT(c.request, HasSubstr("/{{region}}/{{service}}/aws4_request"))
      << "moto routes by the signature's scope";
  EXPECT_THAT(c.request, HasSubstr(R"({"Target":"{{example-node}}"})"));
  EXPECT_THAT(c.request, Not(HasSubstr("{{headers}}")));
}

TEST(Suite, ProtocolCasesAreWrittenForAStandIn) {
  const Case c = only(suite_of(R"("method": "GET")", R"(["Protocol"])"));
  EXPECT_EQ(c.id, "Protocol/x/y");
  EXPECT_THAT(c.request, HasSubstr("AmazonSSM.{{protocol-operation}}"));
  EXPECT_THAT(c.request, HasSubstr("{{protocol-body}}"));
  EXPECT_THAT(c.control, HasSubstr("{{protocol-body}}"));
  EXPECT_THAT(only(suite_of(R"("body": "{{{members}},\"x\":1}")", R"(["Protocol"])")).request,
              HasSubstr(R"({{{protocol-members}},"x":1})"));
}

TEST(Suite, MaySayWhatASuiteOfItsOwnOperationNeeds) {
  const auto loaded = load(R"({"suite": "probe", "operations": ["DeleteDocument"], "changes": true,
    "example": {"Name": "{{scratch-document}}"},
    "control": {"operation": "GetConnectionStatus", "input": {"Target": "{{node}}"}},
    "cases": [{"id": "x/y", "title": "T", "breaks": ["type"], "members": {"Name": 5}}]})");
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  ASSERT_EQ(loaded->size(), 2U) << "the example is a case itself";
  EXPECT_EQ(loaded->front().id, "DeleteDocument/implemented");
  EXPECT_THAT(loaded->front().breaks, ElementsAre("valid"));
  EXPECT_EQ(request_of(loaded->front()).body, R"({"Name":"{{scratch-document}}"})");
  const Case& c = loaded->back();
  EXPECT_EQ(c.id, "DeleteDocument/x/y");
  EXPECT_EQ(c.operation, "DeleteDocument");
  EXPECT_EQ(request_of(c).body, R"({"Name":5})");
  EXPECT_THAT(c.control, AllOf(HasSubstr("AmazonSSM.GetConnectionStatus"), HasSubstr("{{node}}")));
  for (const Case& each : *loaded) EXPECT_TRUE(each.changes) << each.id;
}

TEST(Suite, HowABodyIsSent) {
  EXPECT_THAT(only(suite_of(R"("hold_body": true)")).request, HasSubstr("# @hold-body\n"));
  EXPECT_THAT(only(suite_of(R"("compress": "gzip")")).request, HasSubstr("# @compress gzip\n"));
  EXPECT_TRUE(only(suite_of(R"("availability": true)")).availability);
  EXPECT_FALSE(only(suite_of(R"("breaks": ["valid"])")).availability);
  EXPECT_FALSE(only(suite_of(R"("breaks": ["valid"])")).changes);
}

TEST(SuiteErrors, NameTheSuite) {
  EXPECT_THAT(error_of("{"), HasSubstr("not JSON"));
  EXPECT_THAT(error_of("[]"), HasSubstr("\"suite\""));
  EXPECT_THAT(error_of(R"({"cases": []})"), HasSubstr("\"suite\""));
  EXPECT_THAT(error_of(R"({"suite": 5, "cases": []})"), HasSubstr("\"suite\""));
  EXPECT_THAT(error_of(R"({"suite": "probe", "operations": ["each"]})"),
              AllOf(HasSubstr("probe"), HasSubstr("\"cases\"")));
  EXPECT_THAT(error_of(R"({"suite": "probe", "operations": ["each"], "cases": {}})"),
              AllOf(HasSubstr("probe"), HasSubstr("\"cases\"")));
  EXPECT_THAT(error_of(R"({"suite": "probe", "cases": []})"),
              AllOf(HasSubstr("probe"), HasSubstr("operations")));
  EXPECT_THAT(error_of(R"({"suite": "probe", "operations": ["GetNothing"], "cases": []})"),
              AllOf(HasSubstr("probe"), HasSubstr("GetNothing")));
  EXPECT_THAT(error_of(R"({"suite": "probe", "operations": ["each"], "control": {"input": 5}, "cases": []})"),
              AllOf(HasSubstr("probe"), HasSubstr("control")));
}

TEST(SuiteErrors, NameTheCase) {
  const auto in_case = [](std::string_view what) {
    return AllOf(HasSubstr("suite probe"), HasSubstr("x/y"), HasSubstr(std::string(what)));
  };
  EXPECT_THAT(error_of(suite_of(R"("metod": "GET")")), in_case("metod"))
      << "a misspelt member would test nothing";
  EXPECT_THAT(error_of(suite_of(R"("members": {"A": 1})", R"(["Protocol"])")), in_case("members"));
  EXPECT_THAT(error_of(suite_of(R"("without": ["A"])", R"(["Protocol"])")), in_case("members"));
  EXPECT_THAT(error_of(R"({"suite": "probe", "operations": ["each"], "cases": [{"title": "T"}]})"),
              AllOf(HasSubstr("probe"), HasSubstr("needs an id")));
  EXPECT_THAT(error_of(R"({"suite": "probe", "operations": ["each"], "cases": [{"id": "x/y"}]})"),
              in_case("title"));
}

TEST(SuiteErrors, ACaseThatIsNoObjectIsAnErrorAndNotACrash) {
  for (const char* value : {"5", "null", "[]", "\"x\"", "[1]"}) {
    EXPECT_NE(error_of(fmt::format(R"({{"suite": "probe", "operations": ["each"], "cases": [{}]}})", value)),
              "(no error)")
        << value;
  }
}

}  // namespace
}  // namespace harness::run::suite_test
