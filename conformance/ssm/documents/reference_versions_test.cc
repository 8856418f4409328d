#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/ssm/documents/reference_test_support.h"
#include "conformance/ssm/reference.h"

namespace conformance::ssm::documents::testing {
namespace {

using harness::reference::testing::call;
using harness::reference::testing::Json;
using harness::reference::testing::Reply;
using ::testing::ElementsAre;

class Versions : public ::testing::Test {
 protected:
  Versions() {
    create(service(), "doc");
    for (const char* about : {"two", "three"}) EXPECT_TRUE(update(about).ok());
  }
  Service& service() { return service_; }
  static std::string content(const std::string& about) {
    return R"({"schemaVersion":"2.2","description":")" + about + "\"}";
  }
  Reply update(const std::string& about, Json more = Json::object()) {
    Json input = {{"Name", "doc"}, {"Content", content(about)}, {"DocumentVersion", "$LATEST"}};
    input.update(more);
    return call(service(), "UpdateDocument", input);
  }
  std::string version(Json more = Json::object()) {
    Json input = {{"Name", "doc"}};
    input.update(more);
    const Reply reply = call(service(), "GetDocument", input);
    return reply.ok() ? reply.body["DocumentVersion"].get<std::string>() : reply.code;
  }
  std::vector<std::string> listed() {
    std::vector<std::string> out;
    const Reply reply = call(service(), "ListDocumentVersions", Json{{"Name", "doc"}});
    for (const Json& one : reply.body["DocumentVersions"]) out.push_back(one["DocumentVersion"]);
    return out;
  }

  Service service_{harness::reference::testing::built_in_model(), reference_service(), {}};
};

TEST_F(Versions, AreSelected) {
  EXPECT_EQ(version(), "1");
  EXPECT_EQ(version({{"DocumentVersion", "$DEFAULT"}}), "1");
  EXPECT_EQ(version({{"DocumentVersion", "$LATEST"}}), "3");
  EXPECT_EQ(version({{"DocumentVersion", "2"}}), "2");
  EXPECT_EQ(version({{"DocumentVersion", "4"}}), "InvalidDocumentVersion");
  ASSERT_TRUE(
      call(service(), "UpdateDocumentDefaultVersion", Json{{"Name", "doc"}, {"DocumentVersion", "2"}}).ok());
  EXPECT_EQ(version(), "2");
}

TEST_F(Versions, HaveNames) {
  ASSERT_TRUE(update("named", {{"VersionName", "fourth"}}).ok());
  EXPECT_EQ(version({{"VersionName", "fourth"}}), "4");
  EXPECT_EQ(version({{"VersionName", "fourth"}, {"DocumentVersion", "4"}}), "4");
  EXPECT_EQ(version({{"VersionName", "fourth"}, {"DocumentVersion", "2"}}), "InvalidDocumentVersion");
  EXPECT_FALSE(update("other", {{"VersionName", "fourth"}}).ok());
}

TEST_F(Versions, AreDeletedOneByOne) {
  const auto remove = [&](const char* selector) {
    return call(service(), "DeleteDocument", Json{{"Name", "doc"}, {"DocumentVersion", selector}}).ok();
  };
  EXPECT_FALSE(remove("1"));  // the default
  EXPECT_TRUE(remove("2"));
  EXPECT_THAT(listed(), ElementsAre("1", "3"));
  EXPECT_TRUE(remove("$LATEST"));
  EXPECT_THAT(listed(), ElementsAre("1"));
}

TEST_F(Versions, ARefusedUpdateMakesNone) {
  EXPECT_FALSE(update("three").ok());
  EXPECT_FALSE(update("x", {{"DocumentVersion", "1"}}).ok());
  EXPECT_FALSE(update("x", {{"Content", "{"}}).ok());
  EXPECT_FALSE(update("x", {{"Content", content(std::string(70'000, 'x'))}}).ok());
  EXPECT_THAT(listed(), ElementsAre("1", "2", "3"));
}

TEST_F(Versions, AreListedByFilters) {
  create(service(), "other");
  const auto names = [&](Json filters) {
    std::vector<std::string> out;
    const Reply reply = call(service(), "ListDocuments", Json{{"Filters", std::move(filters)}});
    for (const Json& one : reply.body["DocumentIdentifiers"]) out.push_back(one["Name"]);
    return out;
  };
  const auto filter = [](const char* key, const char* value) {
    return Json{{"Key", key}, {"Values", Json::array({value})}};
  };
  EXPECT_THAT(names(Json::array({filter("Name", "doc")})), ElementsAre("doc"));
  EXPECT_THAT(names(Json::array({filter("Owner", "Self")})), ElementsAre("doc", "other"));
  EXPECT_THAT(names(Json::array({filter("Owner", "Amazon")})), ElementsAre());
  EXPECT_THAT(names(Json::array({filter("Name", "doc"), filter("DocumentType", "Automation")})),
              ElementsAre());
  EXPECT_FALSE(
      call(service(), "ListDocuments", Json{{"Filters", Json::array({filter("Colour", "x")})}}).ok());
}

}  // namespace
}  // namespace conformance::ssm::documents::testing
