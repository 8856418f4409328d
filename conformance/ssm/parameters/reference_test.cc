// What the operations do. What is said of names, paths and labels is tested with the store.
#include "conformance/ssm/reference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "harness/reference/test_support.h"

namespace conformance::ssm::parameters::reference_test {
namespace {

using harness::reference::Service;
using harness::reference::ServiceOptions;
using harness::reference::testing::built_in_model;
using harness::reference::testing::call;
using harness::reference::testing::Json;
using harness::reference::testing::Reply;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ParameterStore : public ::testing::Test {
 protected:
  void expect(const Reply& reply, std::string_view code) {
    EXPECT_EQ(reply.status, 400) << reply.response.body;
    EXPECT_EQ(reply.code, code) << reply.response.body;
  }
  Reply put(const std::string& name, const std::string& value, Json more = Json::object()) {
    Json input = {{"Name", name}, {"Value", value}};
    if (!more.contains("Overwrite") && !more.contains("Type")) input["Type"] = "String";
    input.update(more);
    return call(service_, "PutParameter", input);
  }
  Reply overwrite(const std::string& name, const std::string& value, Json more = Json::object()) {
    more["Overwrite"] = true;
    return put(name, value, std::move(more));
  }
  Reply get(const std::string& name, bool decrypts = false) {
    return call(service_, "GetParameter", Json{{"Name", name}, {"WithDecryption", decrypts}});
  }
  std::string value_of(const std::string& name) { return get(name).body["Parameter"]["Value"]; }
  std::vector<std::string> names(const char* operation, const Json& input) {
    const Reply reply = call(service_, operation, input);
    EXPECT_TRUE(reply.ok()) << reply.response.body;
    std::vector<std::string> out;
    for (const Json& p : reply.body["Parameters"]) out.push_back(p["Name"]);
    return out;
  }

  Service service_{built_in_model(), reference_service(), ServiceOptions()};
};

TEST_F(ParameterStore, CountsVersionsAndKeepsTheirValues) {
  EXPECT_EQ(put("x", "one").body["Version"], 1);
  expect(put("x", "two"), "ParameterAlreadyExists");
  EXPECT_EQ(overwrite("x", "two").body["Version"], 2);
  EXPECT_EQ(value_of("x"), "two");
  EXPECT_EQ(value_of("/x:1"), "one");
  EXPECT_EQ(get("x:1").body["Parameter"]["Selector"], ":1");
  expect(get("x:3"), "ParameterVersionNotFound");
  expect(get("y"), "ParameterNotFound");
  const Reply history = call(service_, "GetParameterHistory", Json{{"Name", "x"}});
  ASSERT_EQ(history.body["Parameters"].size(), 2U);
  EXPECT_EQ(history.body["Parameters"][0]["Value"], "one");
}

TEST_F(ParameterStore, KeepsAHundredVersionsUnlessTheOldestHasALabel) {
  put("x", "value");
  for (int version = 2; version <= 101; ++version)
    EXPECT_EQ(overwrite("x", "value").body["Version"], version);
  expect(get("x:1"), "ParameterVersionNotFound");
  EXPECT_TRUE(
      call(service_, "LabelParameterVersion", Json{{"Name", "x"}, {"ParameterVersion", 2}, {"Labels", {"l"}}})
          .ok());
  expect(overwrite("x", "value"), "ParameterMaxVersionLimitExceeded");
}

TEST_F(ParameterStore, RefusesWhatItsDocumentationRulesOut) {
  expect(put("/aws/x", "v"), "AccessDeniedException");
  expect(put("/SSM/x", "v"), "ValidationException");
  expect(put("a/b", "v"), "ValidationException");
  expect(put("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", "v"), "HierarchyLevelLimitExceededException");
  expect(put("x", ""), "ValidationException");
  expect(put("x", std::string(4097, 'v')), "ValidationException");
  EXPECT_TRUE(put("large", std::string(8192, 'v'), {{"Type", "String"}, {"Tier", "Advanced"}}).ok());
  expect(put("x", "v", {{"Type", "String"}, {"Tier", "Advanced"}, {"AllowedPattern", "["}}),
         "InvalidAllowedPatternException");
  expect(put("x", "v", {{"Type", "String"}, {"AllowedPattern", "[0-9]+"}}),
         "ParameterPatternMismatchException");
  expect(put("x", "v", {{"Type", "String"}, {"DataType", "foo"}}), "ValidationException");
  put("typed", "v");
  expect(overwrite("typed", "v", {{"Type", "SecureString"}}), "HierarchyTypeMismatchException");
  expect(overwrite("typed", "v", {{"Tags", Json::array({{{"Key", "a"}, {"Value", "b"}}})}}),
         "ValidationException");
}

TEST_F(ParameterStore, SealsSecrets) {
  put("s", "secret", {{"Type", "SecureString"}});
  EXPECT_NE(value_of("s"), "secret");
  EXPECT_EQ(get("s", true).body["Parameter"]["Value"], "secret");
  EXPECT_FALSE(get("s").body["Parameter"].contains("KeyId"));
  const Reply described = call(service_, "DescribeParameters", Json::object());
  EXPECT_EQ(described.body["Parameters"][0]["KeyId"], "alias/aws/ssm");
}

TEST_F(ParameterStore, ListsByPathAndFilter) {
  for (const char* name : {"/app/a", "/app/b/c", "/app2/a", "bare"}) put(name, "v");
  EXPECT_THAT(names("GetParametersByPath", {{"Path", "/app"}}), ElementsAre("/app/a"));
  EXPECT_THAT(names("GetParametersByPath", {{"Path", "/app"}, {"Recursive", true}}),
              ElementsAre("/app/a", "/app/b/c"));
  EXPECT_THAT(names("GetParametersByPath", {{"Path", "/"}}), ElementsAre("bare"));
  EXPECT_THAT(names("GetParametersByPath", {{"Path", "/none"}}), IsEmpty());
  const auto filtered = [&](const char* key, const char* option, const char* value) {
    return names(
        "DescribeParameters",
        {{"ParameterFilters", Json::array({{{"Key", key}, {"Option", option}, {"Values", {value}}}})}});
  };
  EXPECT_THAT(filtered("Name", "Contains", "app2"), ElementsAre("/app2/a"));
  EXPECT_THAT(filtered("Name", "Equals", "/bare"), ElementsAre("bare"));
  EXPECT_THAT(filtered("Path", "Recursive", "/app"), ElementsAre("/app/a", "/app/b/c"));
  EXPECT_THAT(filtered("Type", "Equals", "StringList"), IsEmpty());
}

TEST_F(ParameterStore, BindsTokensToTheCall) {
  for (const char* name : {"/a/1", "/a/2", "/b/1", "/b/2"}) put(name, "v");
  const Reply page = call(service_, "GetParametersByPath", Json{{"Path", "/a"}, {"MaxResults", 1}});
  const std::string token = page.body["NextToken"];
  EXPECT_THAT(names("GetParametersByPath", {{"Path", "/a"}, {"NextToken", token}}), ElementsAre("/a/2"));
  expect(call(service_, "GetParametersByPath", Json{{"Path", "/b"}, {"NextToken", token}}),
         "InvalidNextToken");
  expect(call(service_, "DescribeParameters", Json{{"NextToken", token}}), "InvalidNextToken");
}

TEST_F(ParameterStore, LeavesTagsOfOthersToOthers) {
  put("x", "v");
  const Json tags = Json::array({{{"Key", "a"}, {"Value", "b"}}});
  EXPECT_TRUE(call(service_, "AddTagsToResource",
                   Json{{"ResourceType", "Parameter"}, {"ResourceId", "/x"}, {"Tags", tags}})
                  .ok());
  EXPECT_EQ(call(service_, "ListTagsForResource", Json{{"ResourceType", "Parameter"}, {"ResourceId", "x"}})
                .body["TagList"],
            tags);
  const Reply window = call(service_, "CreateMaintenanceWindow",
                            Json{{"Name", "window"},
                                 {"Schedule", "rate(7 days)"},
                                 {"Duration", 3},
                                 {"Cutoff", 1},
                                 {"AllowUnassociatedTargets", true}});
  const Json of_window = {{"ResourceType", "MaintenanceWindow"}, {"ResourceId", window.body["WindowId"]}};
  EXPECT_THAT(call(service_, "ListTagsForResource", of_window).body["TagList"], IsEmpty());
  Json added = of_window;
  added["Tags"] = tags;
  EXPECT_TRUE(call(service_, "AddTagsToResource", added).ok());
  EXPECT_EQ(call(service_, "ListTagsForResource", of_window).body["TagList"], tags);
}

}  // namespace
}  // namespace conformance::ssm::parameters::reference_test
