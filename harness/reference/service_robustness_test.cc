// Whatever is sent, the reference answers like a service: never 5xx, always one JSON object, errors with a
// type.
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/ssm/reference.h"
#include "harness/reference/service.h"
#include "harness/reference/test_support.h"
#include "harness/wire/error_envelope.h"

namespace harness::reference::service_robustness_test {
namespace {

using testing::built_in_model;
using testing::Json;

struct Start {
  const char* operation;
  const char* body;
};
constexpr std::array<Start, 5> kStarts = {{
    {"GetConnectionStatus", R"({"Target":"i-connected"})"},
    {"DescribeDocumentPermission",
     R"({"Name":"Example","PermissionType":"Share","MaxResults":5,"NextToken":"x"})"},
    {"ModifyDocumentPermission",
     R"({"Name":"Example","PermissionType":"Share","AccountIdsToAdd":["all","100000000001"],)"
     R"("AccountIdsToRemove":["100000000002"],"SharedDocumentVersion":"$LATEST"})"},
    {"CreateDocument",
     R"({"Name":"Made","Content":"{\"schemaVersion\":\"2.2\"}","DocumentType":"Command","DocumentFormat":"JSON",)"
     R"("DisplayName":"x","VersionName":"v","TargetType":"/"})"},
    {"DeleteDocument", R"({"Name":"Made","DocumentVersion":"1","VersionName":"v","Force":true})"},
}};

/// Values that stand where others are expected.
constexpr std::array<std::string_view, 24> kValues = {"null",
                                                      "true",
                                                      "0",
                                                      "-1",
                                                      "1",
                                                      "5",
                                                      "200",
                                                      "201",
                                                      "2147483648",
                                                      "-2147483649",
                                                      "99999999999999999999999",
                                                      "1.5",
                                                      "5.0",
                                                      "1e3",
                                                      "1e999",
                                                      "-1e400",
                                                      R"("")",
                                                      R"("Example")",
                                                      R"("Share")",
                                                      R"("\ud800")",
                                                      "[]",
                                                      "[null]",
                                                      R"(["all",5,"allx"])",
                                                      "{}"};

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  const Start& start() { return kStarts[below(kStarts.size())]; }

  /// The text with some of its members' values exchanged, members doubled, or bytes changed.
  std::string mutate(std::string_view body) {
    std::string text(body);
    for (std::size_t rounds = below(4); rounds > 0; --rounds) {
      const auto colon = text.find(':', below(text.size() + 1));
      const auto comma = text.find_first_of(",}", colon == std::string::npos ? 0 : colon);
      if (colon == std::string::npos || comma == std::string::npos || below(4) == 0) {
        if (!text.empty()) text[below(text.size())] = static_cast<char>(below(256));
      } else if (below(4) == 0) {
        text.insert(1, text.substr(1, comma - 1) + ",");
      } else {
        text.replace(colon + 1, comma - colon - 1, kValues[below(kValues.size())]);
      }
    }
    return text;
  }

 private:
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }
  std::mt19937_64 random_;
};

TEST(Robustness, EveryInputIsAnsweredLikeAService) {
  constexpr unsigned kSeed = 20140611;
  SCOPED_TRACE(kSeed);
  ServiceOptions options;
  conformance::ssm::initial_documents(options) = {"Example"};
  conformance::ssm::initial_nodes(options) = {{"i-connected", true}};
  Service service(built_in_model(), conformance::ssm::reference_service(), options);
  Mutator mutator(kSeed);
  int succeeded = 0;
  constexpr int kInputs = 20000;
  for (int i = 0; i < kInputs; ++i) {
    const Start& start = mutator.start();
    const std::string body = mutator.mutate(start.body);
    const auto response = service.handle(testing::request_for(start.operation, body));
    const auto answer = wire::parse_json(response.body);
    ASSERT_TRUE(answer && answer->value.is_object()) << start.operation << ' ' << body << '\n'
                                                     << response.body;
    if (response.status == 200) {
      ++succeeded;
      continue;
    }
    ASSERT_EQ(response.status, 400) << start.operation << ' ' << body << '\n' << response.body;
    const auto envelope = wire::read_error_envelope(response, answer->value);
    ASSERT_TRUE(envelope.body_type && envelope.carriers_agree()) << response.body;
  }
  // The mutations are neither all harmless nor all fatal.
  EXPECT_GT(succeeded, kInputs / 20);
  EXPECT_LT(succeeded, kInputs - kInputs / 20);
}

}  // namespace
}  // namespace harness::reference::service_robustness_test
