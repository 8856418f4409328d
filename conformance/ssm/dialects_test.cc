#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <set>
#include <string>

#include "conformance/ssm/documents/reference_test_support.h"
#include "conformance/ssm/reference.h"
#include "harness/wire/error_envelope.h"

namespace conformance::ssm::dialects_test {
namespace {

namespace wire = harness::wire;
using documents::testing::pages;
using documents::testing::share;
using harness::reference::NamedDialect;
using harness::reference::Service;
using harness::reference::ServiceOptions;
using harness::reference::testing::built_in_model;
using harness::reference::testing::call;
using harness::reference::testing::Json;
using harness::reference::testing::Reply;
using ::testing::StartsWith;

constexpr const char* kDescribe = "DescribeDocumentPermission";
constexpr const char* kValid = R"({"Name":"Example","PermissionType":"Share"})";

ServiceOptions in_dialect(std::string_view name) {
  ServiceOptions options;
  const NamedDialect* dialect = find_dialect(name);
  EXPECT_NE(dialect, nullptr) << name;
  if (dialect != nullptr) options.dialect = dialect->dialect;
  initial_documents(options) = {"Example"};
  initial_nodes(options) = {{"i-connected", true}};
  return options;
}

struct Speaking {
  explicit Speaking(std::string_view name)
      : service(built_in_model(), reference_service(), in_dialect(name)) {}
  Reply describe(const char* body = kValid) { return call(service, kDescribe, body); }
  Service service;
};

TEST(Dialects, HaveNamesOfTheirOwnAndSayWhatTheyDo) {
  std::set<std::string_view> names;
  for (const auto& dialect : dialects()) {
    EXPECT_TRUE(names.insert(dialect.name).second) << dialect.name;
    EXPECT_EQ(find_dialect(dialect.name), &dialect);
    EXPECT_FALSE(dialect.description.empty());
  }
  for (const char* promised : {"close-after-response", "chunked", "slow-30ms", "pages-by-10",
                               "only-get-connection-status", "no-document-creation"}) {
    EXPECT_TRUE(names.contains(promised)) << promised;
  }
  EXPECT_EQ(find_dialect("no-such-dialect"), nullptr);
}

TEST(Dialects, TransportOnesAreData) {
  EXPECT_TRUE(find_dialect("close-after-response")->dialect.close_after_response);
  EXPECT_TRUE(find_dialect("chunked")->dialect.chunked);
  EXPECT_EQ(find_dialect("slow-30ms")->dialect.delay, std::chrono::milliseconds(30));
}

// What no dialect may change: a valid request succeeds unless its operation is missing, an invalid one does
// not, errors have a type, and carriers agree.
TEST(Dialects, KeepTheProtocol) {
  for (const auto& dialect : dialects()) {
    SCOPED_TRACE(dialect.name);
    Speaking speaking(dialect.name);
    const Reply good = call(speaking.service, "GetConnectionStatus", R"({"Target":"i-connected"})");
    EXPECT_TRUE(good.ok()) << good.response.body;
    EXPECT_EQ(good.body["Status"], "connected");
    EXPECT_EQ(good.body["Target"], "i-connected");
    const Reply bad = call(speaking.service, "GetConnectionStatus", R"({"Target":""})");
    EXPECT_EQ(bad.status, 400);
    const auto envelope = wire::read_error_envelope(bad.response, bad.body);
    EXPECT_THAT(std::string(envelope.name()), StartsWith("Validation"));
    EXPECT_TRUE(envelope.body_type.has_value());
    EXPECT_TRUE(envelope.carriers_agree());
  }
}

TEST(Dialects, PageLimits) {
  const auto sizes = [](std::string_view name, int max_results, int count) {
    Speaking speaking(name);
    share(speaking.service, "Example", count);
    std::vector<std::size_t> result;
    for (const auto& page : pages(speaking.service, "Example", max_results)) result.push_back(page.size());
    return result;
  };
  using Sizes = std::vector<std::size_t>;
  EXPECT_EQ(sizes("pages-by-10", 200, 25), (Sizes{10, 10, 5}));
  EXPECT_EQ(sizes("pages-by-10", 7, 20), (Sizes{7, 7, 6}));
  EXPECT_EQ(sizes("pages-by-20", 200, 45), (Sizes{20, 20, 5}));
  EXPECT_EQ(sizes("empty-last-page", 20, 40), (Sizes{20, 20, 0}));
  EXPECT_EQ(sizes("empty-last-page", 20, 41), (Sizes{20, 20, 1}));
  EXPECT_EQ(sizes("empty-last-page", 20, 0), (Sizes{0}));
  EXPECT_EQ(sizes("pages-by-1", 200, 3), (Sizes{1, 1, 1}));
  EXPECT_EQ(sizes("empty-first-page", 200, 3), (Sizes{0, 3}));
  EXPECT_EQ(sizes("empty-first-page", 200, 0), (Sizes{0, 0}));
  EXPECT_EQ(sizes("empty-pages-between", 2, 5), (Sizes{2, 0, 2, 0, 1}));
  EXPECT_EQ(sizes("empty-pages-everywhere", 200, 2), (Sizes{0, 1, 0, 1, 0, 0}));
}

TEST(Dialects, MissingOperations) {
  const auto exists = [](std::string_view name, const char* operation) {
    Speaking speaking(name);
    const Reply reply = call(speaking.service, operation, "{}");
    EXPECT_EQ(reply.status, 400);
    return reply.code != "UnknownOperationException";
  };
  for (const char* operation : {"CreateDocument", "DeleteDocument", "ModifyDocumentPermission"}) {
    EXPECT_FALSE(exists("no-document-creation", operation)) << operation;
    EXPECT_FALSE(exists("only-get-connection-status", operation)) << operation;
    EXPECT_TRUE(exists("chunked", operation)) << operation;
  }
  EXPECT_TRUE(exists("no-document-creation", "GetConnectionStatus"));
  EXPECT_TRUE(exists("no-document-creation", kDescribe));
  EXPECT_FALSE(exists("only-get-connection-status", kDescribe));
  EXPECT_TRUE(Speaking("no-document-creation").describe().ok());
}

TEST(Dialects, Headers) {
  Speaking plain("chunked");
  EXPECT_TRUE(plain.describe().response.headers.contains("x-amzn-RequestId"));
  EXPECT_FALSE(Speaking("no-request-ids").describe().response.headers.contains("x-amzn-RequestId"));
  EXPECT_EQ(Speaking("application-json").describe().response.headers.find("Content-Type"),
            "application/json");
  EXPECT_EQ(Speaking("json-1.0").describe().response.headers.find("Content-Type"),
            "application/x-amz-json-1.0");
  const Reply lower = Speaking("lower-case-headers").describe("{}");
  for (const auto& header : lower.response.headers.lines()) {
    for (const char c : header.name) EXPECT_FALSE(std::isupper(static_cast<unsigned char>(c))) << header.name;
  }
}

TEST(Dialects, ErrorCarriers) {
  const auto envelope = [](std::string_view name) {
    const Reply reply = Speaking(name).describe("{}");
    return wire::read_error_envelope(reply.response, reply.body);
  };
  EXPECT_EQ(envelope("chunked").header_type, "ValidationException");
  EXPECT_EQ(envelope("chunked").body_code, std::nullopt);
  EXPECT_EQ(envelope("type-only-in-body").header_type, std::nullopt);
  EXPECT_EQ(envelope("type-everywhere").body_code, "ValidationException");
  EXPECT_EQ(envelope("type-everywhere").header_type, "ValidationException");
  EXPECT_EQ(envelope("whole-shape-ids").body_type, "ValidationException");
  EXPECT_THAT(Speaking("whole-shape-ids").describe("{}").code,
              StartsWith("com.amazonaws.ssm#ValidationException:"));
  EXPECT_EQ(Speaking("silent-errors").describe("{}").response.body, R"({"__type":"ValidationException"})");
  EXPECT_TRUE(Speaking("capital-message").describe("{}").body.contains("Message"));
  EXPECT_FALSE(Speaking("capital-message").describe("{}").body.contains("message"));
}

TEST(Dialects, Bodies) {
  Speaking extra("extra-members");
  share(extra.service, "Example", 1);
  const Reply reply = extra.describe();
  EXPECT_EQ(reply.body["AccountIds"].size(), 1U);
  EXPECT_TRUE(reply.body.contains("XReference"));
  EXPECT_TRUE(reply.body["AccountSharingInfoList"][0].contains("XReference"));
  EXPECT_NE(Speaking("spaced-json").describe().response.body.find('\n'), std::string::npos);
}

TEST(Dialects, OtherCodes) {
  const auto code = [](std::string_view name, const char* body) {
    return Speaking(name).describe(body).code;
  };
  const char* other_type = R"({"Name":"Example","PermissionType":"Own"})";
  const char* wrong_token = R"({"Name":"Example","PermissionType":"Share","NextToken":"x"})";
  const char* wrong_name = R"({"Name":"a b","PermissionType":"Share"})";
  for (const char* body : {"", "{}", R"({"Name":5})", other_type, wrong_token, wrong_name}) {
    EXPECT_EQ(code("validation-exception-for-all", body), "ValidationException") << body;
  }
  EXPECT_EQ(code("validation-exception-for-all", R"({"Name":"NotThere","PermissionType":"Share"})"),
            "InvalidDocument");
  EXPECT_EQ(code("older-codes", "{}"), "ValidationError");
  EXPECT_EQ(code("impossible-names-are-unknown", wrong_name), "InvalidDocument");
  EXPECT_EQ(code("impossible-names-are-unknown", "{}"), "ValidationException");
  EXPECT_EQ(code("chunked", wrong_name), "ValidationException");

  Speaking speaking("unknown-operation-404");
  const Reply unknown = call(speaking.service, "NoSuchOperation", "{}");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.code, "UnknownOperationException");
}

TEST(Dialects, TheDocumentedSpelling) {
  for (const char* body : {"", "{}", R"({"Name":5})", R"({"Name":"Example","PermissionType":"Own"})",
                           R"({"Name":"Example","PermissionType":"Share","NextToken":"x"})"}) {
    EXPECT_EQ(Speaking("validation-error-for-all").describe(body).code, "ValidationError") << body;
  }
}

TEST(Dialects, UnknownNodesAndTargetForms) {
  Speaking connected("unknown-nodes-connected");
  EXPECT_EQ(call(connected.service, "GetConnectionStatus", R"({"Target":"i-none"})").body["Status"],
            "connected");
  for (const char* target :
       {"amazonssm.GetConnectionStatus", "com.amazonaws.ssm#AmazonSSM.GetConnectionStatus",
        "AmazonSSM_20141106.GetConnectionStatus", "DynamoDB_20120810.GetConnectionStatus",
        "GetConnectionStatus"}) {
    auto request = harness::reference::testing::request_for("GetConnectionStatus", R"({"Target":"i-none"})");
    request.headers.set("X-Amz-Target", target);
    Speaking any("any-target-form");
    Speaking plain("chunked");
    EXPECT_EQ(call(any.service, request).ok(),
              std::string_view(target).find("azonSSM") != std::string_view::npos ||
                  std::string_view(target).starts_with("amazonssm"))
        << target;
    EXPECT_FALSE(call(plain.service, request).ok()) << target;
  }
}

TEST(Dialects, RepeatedChanges) {
  const auto modify = [](Speaking& speaking, const char* list) {
    return call(speaking.service, "ModifyDocumentPermission",
                Json{{"Name", "Example"}, {"PermissionType", "Share"}, {list, {"111122223333"}}})
        .status;
  };
  for (const auto& [dialect, repeated] : {std::pair{"chunked", 200}, {"refuses-repeats", 400}}) {
    Speaking speaking(dialect);
    EXPECT_EQ(modify(speaking, "AccountIdsToRemove"), repeated);
    EXPECT_EQ(modify(speaking, "AccountIdsToAdd"), 200);
    EXPECT_EQ(modify(speaking, "AccountIdsToAdd"), repeated);
    EXPECT_EQ(speaking.describe().body["AccountIds"], Json::array({"111122223333"}));
    EXPECT_EQ(modify(speaking, "AccountIdsToRemove"), 200);
    EXPECT_EQ(modify(speaking, "AccountIdsToRemove"), repeated);
  }
}

TEST(Dialects, NamesInAnyCase) {
  const char* other = R"({"Name":"eXAMPLE","PermissionType":"Share"})";
  EXPECT_EQ(Speaking("chunked").describe(other).code, "InvalidDocument");
  Speaking any("ignores-case");
  EXPECT_TRUE(any.describe(other).ok());
  const Reply node = call(any.service, "GetConnectionStatus", R"({"Target":"I-Connected"})");
  EXPECT_EQ(node.body["Status"], "connected");
  EXPECT_EQ(node.body["Target"], "I-Connected");
  const Reply taken = call(any.service, "CreateDocument",
                           R"({"Name":"EXAMPLE","Content":"{\"schemaVersion\":\"2.2\",\"mainSteps\":[]}"})");
  EXPECT_EQ(taken.code, "DocumentAlreadyExists");
}

TEST(Dialects, ControlCharacters) {
  const char* nul = R"({"Target":"i-\u0000"})";
  Speaking plain("chunked");
  EXPECT_EQ(call(plain.service, "GetConnectionStatus", nul).body["Target"], std::string("i-\0", 3));
  Speaking strict("refuses-controls");
  EXPECT_EQ(call(strict.service, "GetConnectionStatus", nul).code, "ValidationException");
}

TEST(Dialects, OlderAuthenticationCodes) {
  auto options = in_dialect("older-codes");
  options.credentials = {{"AKIDEXAMPLE", "secret", ""}};
  Service service(built_in_model(), reference_service(), options);
  const Reply reply = call(service, kDescribe, kValid);
  EXPECT_EQ(reply.status, 403);
  EXPECT_EQ(reply.code, "MissingAuthenticationToken");
}

TEST(Dialects, LargeBodies) {
  auto options = in_dialect("large-bodies-400");
  options.max_body_bytes = 10;
  Service service(built_in_model(), reference_service(), options);
  const Reply reply = call(service, kDescribe, kValid);
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.code, "SerializationException");
}

}  // namespace
}  // namespace conformance::ssm::dialects_test
