#include <gmock/gmock.h>

#include <map>
#include <set>

#include "conformance/ssm/documents/reference_test_support.h"
#include "conformance/ssm/reference.h"

namespace conformance::ssm::faults_test {
namespace {

namespace wire = harness::wire;
using documents::testing::create;
using documents::testing::share;
using harness::reference::Delivery;
using harness::reference::Fault;
using harness::reference::FaultClass;
using harness::reference::FaultHooks;
using harness::reference::Service;
using harness::reference::ServiceOptions;
using harness::reference::testing::call;
using harness::reference::testing::Json;

Service service_with(const char* name) {
  const Fault* fault = find_fault(name);
  EXPECT_NE(fault, nullptr) << name;
  ServiceOptions options;
  initial_documents(options) = {"Example"};
  if (fault != nullptr) options.fault = fault->make();
  return {harness::reference::testing::built_in_model(), reference_service(), options};
}

TEST(Faults, AreNamedOnceAndSayWhatTheyDo) {
  std::set<std::string> names;
  for (const Fault& f : faults()) {
    EXPECT_TRUE(names.insert(f.name).second) << f.name;
    EXPECT_THAT(f.name, ::testing::MatchesRegex("[a-z0-9]+(-[a-z0-9]+)*"));
    EXPECT_TRUE(f.description.ends_with('.')) << f.name;
    EXPECT_EQ(find_fault(f.name), &f);
  }
  EXPECT_GE(names.size(), 100U);
  EXPECT_EQ(find_fault("no-such-fault"), nullptr);
}

TEST(Faults, EachHasAHook) {
  for (const Fault& f : faults()) {
    const FaultHooks hooks = f.make();
    EXPECT_TRUE(hooks.request || hooks.tolerates || hooks.input || hooks.outcome || hooks.response ||
                hooks.delivery || hooks.no_continue || hooks.overlooks)
        << f.name;
  }
}

TEST(Faults, EveryClassHasSome) {
  std::map<FaultClass, int> count;
  for (const Fault& f : faults()) ++count[f.fault_class];
  for (int i = 0; i <= static_cast<int>(FaultClass::resource); ++i)
    EXPECT_GT(count[static_cast<FaultClass>(i)], 0) << to_string(static_cast<FaultClass>(i));
}

TEST(Faults, AreOneDeviationAndNothingElse) {
  Service service = service_with("max-results-201-accepted");
  const auto describe = [&](const char* most) {
    return call(service, "DescribeDocumentPermission",
                std::string(R"({"Name":"Example","PermissionType":"Share","MaxResults":)") + most + "}");
  };
  EXPECT_TRUE(describe("201").ok());
  EXPECT_EQ(describe("202").code, "ValidationException");
  EXPECT_EQ(describe("0").code, "ValidationException");
  EXPECT_TRUE(describe("200").ok());
}

TEST(Faults, StateIsFreshInEachService) {
  for (int i = 0; i < 2; ++i) {
    Service service = service_with("wears-out");
    for (int n = 0; n < 40; ++n)
      EXPECT_EQ(call(service, "GetConnectionStatus", "{}").status, 400) << i << " " << n;
    EXPECT_EQ(call(service, "GetConnectionStatus", "{}").status, 500);
  }
}

TEST(Faults, RefusalsOfNoRequestReachTheHooks) {
  Service service = service_with("malformed-fails");
  EXPECT_EQ(service.refuse(400, "MalformedHttpRequestException", "").status, 500);
}

TEST(Faults, DeliveryIsAskedForEachResponse) {
  Service service = service_with("get-hangs");
  wire::Request request;
  request.method = "GET";
  EXPECT_EQ(service.delivery(request, service.handle(request)).kind, Delivery::Kind::nothing);
  request.method = "POST";
  EXPECT_EQ(service.delivery(request, service.handle(request)).kind, Delivery::Kind::whole);
}

Json share_input(const std::vector<std::string>& accounts) {
  return {{"Name", "Example"}, {"PermissionType", "Share"}, {"AccountIdsToAdd", accounts}};
}

Json accounts_now(Service& service) {
  return call(service, "DescribeDocumentPermission", Json{{"Name", "Example"}, {"PermissionType", "Share"}})
      .body["AccountIds"];
}

TEST(Faults, ARefusedChangeThatLeavesATrace) {
  Service service = service_with("refused-shares-keep-good-ids");
  EXPECT_TRUE(call(service, "ModifyDocumentPermission", share_input({"111122223333"})).ok());
  const auto refused = call(service, "ModifyDocumentPermission", share_input({"444455556666", "12345"}));
  EXPECT_EQ(refused.code, "ValidationException");
  EXPECT_EQ(accounts_now(service), Json::array({"111122223333", "444455556666"}));
}

TEST(Faults, UpdatesOfOtherConnectionsAreLost) {
  Service service = service_with("updates-lost");
  const auto share = [&](const char* account, std::uint64_t connection) {
    const auto request = harness::reference::testing::request_for("ModifyDocumentPermission",
                                                                  wire::to_text(share_input({account})));
    EXPECT_EQ(service.handle(request, connection).status, 200);
  };
  share("100000000001", 1);
  share("100000000002", 1);
  EXPECT_EQ(accounts_now(service), Json::array({"100000000001", "100000000002"})) << "alone, all is well";
  share("100000000003", 2);
  share("100000000004", 3);
  EXPECT_EQ(accounts_now(service), Json::array({"100000000001", "100000000002", "100000000004"}));
}

TEST(Faults, TextThatIsReadAsANumber) {
  const std::map<std::string, std::string> texts = {{"max-results-text-with-plus", "+5"},
                                                    {"max-results-text-with-exponent", "1e2"},
                                                    {"max-results-text-with-fraction", "5.0"},
                                                    {"max-results-text-hexadecimal", "0x5"},
                                                    {"max-results-text-octal", "0o5"},
                                                    {"max-results-text-binary", "0b101"},
                                                    {"max-results-text-trimmed", " 5"},
                                                    {"max-results-text-with-underscores", "0_5"},
                                                    {"max-results-text-with-commas", "0,5"},
                                                    {"max-results-text-up-to-a-letter", "5x"},
                                                    {"max-results-text-arabic-digits", "\u0665"},
                                                    {"max-results-text-full-width-digits", "\uff15"}};
  for (const auto& [name, text] : texts) {
    Service service = service_with(name.c_str());
    for (const auto& [other, sent] : texts) {
      const auto reply = call(service, "DescribeDocumentPermission",
                              Json{{"Name", "Example"}, {"PermissionType", "Share"}, {"MaxResults", sent}});
      EXPECT_EQ(reply.ok(), other == name) << name << " reads " << sent;
    }
  }
}

TEST(Faults, PagesThatNeverEnd) {
  Service service = service_with("pages-never-end");
  create(service, "Paged");
  share(service, "Paged", 3);
  const auto first = call(service, "DescribeDocumentPermission",
                          R"({"Name":"Paged","PermissionType":"Share","MaxResults":2})");
  ASSERT_TRUE(first.body.contains("NextToken"));
  const Json again = {{"Name", "Paged"}, {"PermissionType", "Share"}, {"NextToken", first.body["NextToken"]}};
  EXPECT_EQ(call(service, "DescribeDocumentPermission", again).body["NextToken"], first.body["NextToken"]);
}

}  // namespace
}  // namespace conformance::ssm::faults_test
