// What the operations do: documents, and sharing them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "conformance/ssm/documents/reference_test_support.h"
#include "conformance/ssm/reference.h"

namespace conformance::ssm::documents::reference_sharing_test {
namespace {

using documents::testing::account;
using harness::reference::Service;
using harness::reference::ServiceOptions;
using harness::reference::testing::built_in_model;
using harness::reference::testing::call;
using harness::reference::testing::Json;
using harness::reference::testing::Reply;
using ::testing::ElementsAre;
using ::testing::MatchesRegex;

class Sharing : public ::testing::Test {
 protected:
  static ServiceOptions options() {
    ServiceOptions result;
    initial_documents(result) = {"Example"};
    result.now = [] { return std::chrono::system_clock::from_time_t(1'700'000'000); };
    return result;
  }
  void expect(const Reply& reply, std::string_view code) {
    EXPECT_EQ(reply.status, 400) << reply.response.body;
    EXPECT_EQ(reply.code, code) << reply.response.body;
  }
  void expect_ok(const Reply& reply) { EXPECT_TRUE(reply.ok()) << reply.response.body; }

  Reply describe(const std::string& name = "Example") {
    return call(service_, "DescribeDocumentPermission", Json{{"Name", name}, {"PermissionType", "Share"}});
  }
  /// ModifyDocumentPermission of Example; `lists` holds the other members.
  Reply modify(Json lists, const std::string& name = "Example") {
    lists["Name"] = name;
    lists["PermissionType"] = "Share";
    return call(service_, "ModifyDocumentPermission", lists);
  }
  Reply create(Json input) {
    if (!input.contains("Name")) input["Name"] = "New";
    if (!input.contains("Content")) input["Content"] = R"({"schemaVersion":"2.2"})";
    return call(service_, "CreateDocument", input);
  }
  Reply remove(const std::string& name) { return call(service_, "DeleteDocument", Json{{"Name", name}}); }

  Service service_{built_in_model(), reference_service(), options()};
};

TEST_F(Sharing, ADocumentIsSharedWithNobodyAtFirst) {
  const Reply reply = describe();
  expect_ok(reply);
  EXPECT_EQ(reply.body, Json::parse(R"({"AccountIds":[],"AccountSharingInfoList":[]})"));
}

TEST_F(Sharing, DocumentsThatDoNotExist) {
  const Json nothing = {{"AccountIdsToAdd", {account(1)}}};
  for (const char* name : {"NotThere", "AWS-RunShellScript", "aws-thing", "example"}) {
    expect(describe(name), "InvalidDocument");
    expect(modify(nothing, name), "InvalidDocument");
    expect(remove(name), "InvalidDocument");
  }
}

TEST_F(Sharing, SharingIsSeenInTheNextAnswer) {
  expect_ok(modify({{"AccountIdsToAdd", {account(2), account(1)}}}));
  expect_ok(modify({{"AccountIdsToAdd", {account(3)}}, {"SharedDocumentVersion", "$LATEST"}}));
  const Reply reply = describe();
  EXPECT_EQ(reply.body.dump(), Json::parse(R"({
    "AccountIds": ["100000000001", "100000000002", "100000000003"],
    "AccountSharingInfoList": [
      {"AccountId": "100000000001", "SharedDocumentVersion": "$DEFAULT"},
      {"AccountId": "100000000002", "SharedDocumentVersion": "$DEFAULT"},
      {"AccountId": "100000000003", "SharedDocumentVersion": "$LATEST"}]})")
                                   .dump());
  EXPECT_EQ(
      call(service_, "DescribeDocumentPermission", R"({"Name":"Example","PermissionType":"Share"})").body,
      reply.body)
      << "describing changes nothing";
}

TEST_F(Sharing, SharingAgainChangesTheVersion) {
  expect_ok(modify({{"AccountIdsToAdd", {account(1)}}, {"SharedDocumentVersion", "$ALL"}}));
  EXPECT_EQ(describe().body["AccountSharingInfoList"][0]["SharedDocumentVersion"], "$ALL");
  expect_ok(modify({{"AccountIdsToAdd", {account(1)}}, {"SharedDocumentVersion", "$LATEST"}}));
  EXPECT_EQ(describe().body["AccountSharingInfoList"].size(), 1U);
  EXPECT_EQ(describe().body["AccountSharingInfoList"][0]["SharedDocumentVersion"], "$LATEST");
}

TEST_F(Sharing, AddsAndRemovesInOneCall) {
  expect_ok(modify({{"AccountIdsToAdd", {account(1), account(2)}}}));
  expect_ok(modify({{"AccountIdsToAdd", {account(3)}}, {"AccountIdsToRemove", {account(1)}}}));
  EXPECT_THAT(describe().body["AccountIds"], ElementsAre(account(2), account(3)));
}

TEST_F(Sharing, RemovingWhatIsNotThereIsFine) {
  expect_ok(modify({{"AccountIdsToRemove", {account(1), "all"}}}));
  EXPECT_TRUE(describe().body["AccountIds"].empty());
}

TEST_F(Sharing, TheAnswerToModifyIsAnEmptyObject) {
  EXPECT_EQ(modify({{"AccountIdsToAdd", {account(1)}}}).response.body, "{}");
}

TEST_F(Sharing, AllIsThePublic) {
  for (const char* spelling : {"all", "All", "ALL"}) {
    expect_ok(modify({{"AccountIdsToAdd", {spelling}}, {"SharedDocumentVersion", "$LATEST"}}));
    EXPECT_EQ(describe().body.dump(), R"({"AccountIds":["all"],"AccountSharingInfoList":)"
                                      R"([{"AccountId":"all","SharedDocumentVersion":"$DEFAULT"}]})");
    expect_ok(modify({{"AccountIdsToRemove", {"aLl"}}}));
    EXPECT_TRUE(describe().body["AccountIds"].empty());
  }
}

TEST_F(Sharing, OneOfTheListsIsNeeded) {
  expect(modify(Json::object()), "InvalidParameterException");
  expect(modify({{"AccountIdsToAdd", nullptr}, {"AccountIdsToRemove", nullptr}}),
         "InvalidParameterException");
  expect(modify({{"SharedDocumentVersion", "$LATEST"}}), "InvalidParameterException");
  expect_ok(modify({{"AccountIdsToAdd", Json::array()}}));
}

TEST_F(Sharing, AnAccountIsNotBothAddedAndRemoved) {
  expect(modify({{"AccountIdsToAdd", {account(1), account(2)}}, {"AccountIdsToRemove", {account(2)}}}),
         "InvalidParameterException");
  expect(modify({{"AccountIdsToAdd", {"all"}}, {"AccountIdsToRemove", {"All"}}}),
         "InvalidParameterException");
  EXPECT_TRUE(describe().body["AccountIds"].empty()) << "a refused call changes nothing";
}

TEST_F(Sharing, AListHoldsAtMostTwentyIds) {
  Json ids = Json::array();
  for (int n = 0; n < 20; ++n) ids.push_back(account(n));
  expect_ok(modify({{"AccountIdsToAdd", ids}}));
  expect_ok(modify({{"AccountIdsToRemove", ids}}));
  ids.push_back(account(20));
  expect(modify({{"AccountIdsToAdd", ids}}), "ValidationException");
  expect(modify({{"AccountIdsToRemove", ids}}), "ValidationException");
}

TEST_F(Sharing, AccountIdsAreTwelveDigitsOrAll) {
  for (const char* id : {"", "1", "10000000000", "1000000000001", "10000000000x", "everyone", "allx", "xall",
                         "all ", "x100000000001", "100000000001\n", "alll"}) {
    expect(modify({{"AccountIdsToAdd", {id}}}), "ValidationException");
    expect(modify({{"AccountIdsToRemove", {id}}}), "ValidationException");
  }
  expect(modify({{"AccountIdsToAdd", {100000000001}}}), "SerializationException");
  expect(modify({{"AccountIdsToAdd", account(1)}}), "SerializationException");
  expect(modify({{"AccountIdsToAdd", {nullptr}}}), "SerializationException");
  EXPECT_TRUE(describe().body["AccountIds"].empty());
  EXPECT_EQ(
      modify({{"AccountIdsToAdd", {account(1), "allx"}}}).body["message"],
      "1 validation error detected: Value 'allx' at 'accountIdsToAdd.2.member' failed to satisfy constraint: "
      "Member must satisfy regular expression pattern: (?i)all|[0-9]{12}");
}

TEST_F(Sharing, SharedVersionsAreThree) {
  for (const char* version : {"$DEFAULT", "$LATEST", "$ALL"}) {
    expect_ok(modify({{"AccountIdsToAdd", {account(1)}}, {"SharedDocumentVersion", version}}));
  }
  for (const char* version : {"1", "", "$latest", "LATEST", "$LATEST ", "$NONE"}) {
    expect(modify({{"AccountIdsToAdd", {account(1)}}, {"SharedDocumentVersion", version}}),
           "ValidationException");
  }
}

TEST_F(Sharing, ModifyWantsSharePermission) {
  expect(call(service_, "ModifyDocumentPermission",
              Json{{"Name", "Example"}, {"PermissionType", "Own"}, {"AccountIdsToAdd", {"all"}}}),
         "InvalidPermissionType");
  expect(call(service_, "ModifyDocumentPermission", Json{{"Name", "Example"}, {"AccountIdsToAdd", {"all"}}}),
         "ValidationException");
}

TEST_F(Sharing, ADocumentHasAThousandSharesAtMost) {
  testing::share(service_, "Example", 1000);
  expect(modify({{"AccountIdsToAdd", {account(1000)}}}), "DocumentPermissionLimit");
  expect_ok(modify({{"AccountIdsToAdd", {account(1000)}}, {"AccountIdsToRemove", {account(0)}}}));
}

TEST_F(Sharing, CreatingDescribesTheDocument) {
  const Reply reply = create({{"Content", R"({"schemaVersion":"2.2","description":"what it does"})"},
                              {"DocumentType", "Automation"},
                              {"DisplayName", "A name"}});
  expect_ok(reply);
  const Json& about = reply.body["DocumentDescription"];
  EXPECT_EQ(about["Name"], "New");
  EXPECT_THAT(std::string(about["Owner"]), MatchesRegex("[0-9]{12}"));
  EXPECT_EQ(about["DocumentType"], "Automation");
  EXPECT_EQ(about["DocumentFormat"], "JSON");
  EXPECT_EQ(about["DocumentVersion"], "1");
  EXPECT_EQ(about["LatestVersion"], "1");
  EXPECT_EQ(about["DefaultVersion"], "1");
  EXPECT_EQ(about["Status"], "Active");
  EXPECT_EQ(about["SchemaVersion"], "2.2");
  EXPECT_EQ(about["Description"], "what it does");
  EXPECT_EQ(about["DisplayName"], "A name");
  EXPECT_EQ(about["CreatedDate"], 1'700'000'000.0);
  EXPECT_EQ(about["HashType"], "Sha256");
  EXPECT_THAT(std::string(about["Hash"]), MatchesRegex("[0-9a-f]{64}"));
  EXPECT_THAT(documents_in(service_), ElementsAre("Example", "New"));
}

TEST_F(Sharing, TheHashIsThatOfTheContent) {
  // sha256sum of "{}".
  EXPECT_EQ(create({{"Content", "{}"}}).body["DocumentDescription"]["Hash"],
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
}

TEST_F(Sharing, ANameIsTakenOnce) {
  expect_ok(create({}));
  expect(create({}), "DocumentAlreadyExists");
  expect(create({{"Name", "Example"}}), "DocumentAlreadyExists");
  expect_ok(remove("New"));
  expect_ok(create({}));
}

TEST_F(Sharing, NamesOfAwsAreReserved) {
  for (const char* name : {"AWS-New", "aws-new", "amazon-new", "amzn-new"}) {
    expect(create({{"Name", name}}), "ValidationException");
  }
  EXPECT_THAT(documents_in(service_), ElementsAre("Example"));
}

TEST_F(Sharing, ContentIsThatOfItsFormat) {
  for (const char* content : {"nonsense", "[]", "null", "\"text\"", "{\"a\":}"}) {
    expect(create({{"Content", content}}), "InvalidDocumentContent");
    expect(create({{"Content", content}, {"DocumentFormat", "JSON"}}), "InvalidDocumentContent");
  }
  expect(create({{"Content", R"({"schemaVersion":"two"})"}}), "InvalidDocumentSchemaVersion");
  expect(create({{"Content", R"({"schemaVersion":2.2})"}}), "InvalidDocumentSchemaVersion");
  expect(create({{"Content", ""}}), "ValidationException");
  expect(create({{"Content", std::string(64 * 1024 + 1, ' ')}, {"DocumentFormat", "TEXT"}}),
         "MaxDocumentSizeExceeded");
  expect_ok(create({{"Name", "yaml"}, {"Content", "schemaVersion: '2.2'"}, {"DocumentFormat", "YAML"}}));
  expect_ok(create({{"Name", "text"}, {"Content", "nonsense"}, {"DocumentFormat", "TEXT"}}));
}

TEST_F(Sharing, CreateChecksItsConstraints) {
  expect(call(service_, "CreateDocument", R"({"Name":"New"})"), "ValidationException");
  expect(call(service_, "CreateDocument", R"({"Content":"{}"})"), "ValidationException");
  expect(create({{"Name", "no spaces"}}), "ValidationException");
  expect(create({{"DocumentType", "command"}}), "ValidationException");
  expect(create({{"DocumentFormat", "XML"}}), "ValidationException");
  expect(create({{"DisplayName", "no; semicolons"}}), "ValidationException");
  expect(create({{"VersionName", ""}}), "ValidationException");
  expect(create({{"DisplayName", 5}}), "SerializationException");
  expect_ok(create({{"DisplayName", "a name"}, {"VersionName", "v1"}, {"Unknown", 5}}));
}

TEST_F(Sharing, DeletingWhatIsShared) {
  expect_ok(create({}));
  expect_ok(modify({{"AccountIdsToAdd", {account(1)}}}, "New"));
  expect(remove("New"), "InvalidDocumentOperation");
  expect_ok(modify({{"AccountIdsToRemove", {account(1)}}}, "New"));
  const Reply reply = remove("New");
  expect_ok(reply);
  EXPECT_EQ(reply.response.body, "{}");
  expect(describe("New"), "InvalidDocument");
  expect(remove("New"), "InvalidDocument");
  EXPECT_THAT(documents_in(service_), ElementsAre("Example"));
}

TEST_F(Sharing, ANewDocumentOfAnOldNameIsNotShared) {
  expect_ok(create({}));
  expect_ok(modify({{"AccountIdsToAdd", {account(1)}}}, "New"));
  expect_ok(modify({{"AccountIdsToRemove", {account(1)}}}, "New"));
  expect_ok(remove("New"));
  expect_ok(create({}));
  EXPECT_TRUE(describe("New").body["AccountIds"].empty());
}

TEST_F(Sharing, DeletingAVersion) {
  const auto remove_version = [this](const char* version) {
    return call(service_, "DeleteDocument", Json{{"Name", "New"}, {"DocumentVersion", version}});
  };
  expect_ok(create({}));
  expect(remove_version("2"), "InvalidDocument");
  for (const char* version : {"x", "0", "1.0", "$LATESTx", "x$DEFAULT"}) {
    expect(remove_version(version), "ValidationException");
  }
  expect_ok(remove_version("1"));
}

TEST_F(Sharing, ThereIsRoomForFiveHundredDocuments) {
  for (int n = 1; n < 500; ++n) expect_ok(create({{"Name", "doc-" + std::to_string(n)}}));
  expect(create({}), "DocumentLimitExceeded");
  expect_ok(remove("doc-1"));
  expect_ok(create({}));
}

}  // namespace
}  // namespace conformance::ssm::documents::reference_sharing_test
