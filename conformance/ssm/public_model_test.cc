// The whole public model of SSM, from a package that the tests install (SSMC_PUBLIC_MODEL names the file):
// whatever the pack knows nothing of, it misjudges nothing of.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "conformance/ssm/rules.h"
#include "harness/generate/valid_input.h"
#include "harness/oracle/admissible.h"

namespace conformance::ssm::public_model_test {
namespace {

namespace oracle = harness::oracle;
using harness::model::Model;
using harness::model::Operation;
using ::testing::IsEmpty;

const Model& public_model() {
  static const Model model = [] {
    const char* path = std::getenv("SSMC_PUBLIC_MODEL");
    std::ifstream file(path == nullptr ? "" : path, std::ios::binary);
    auto loaded = harness::model::load(std::string{std::istreambuf_iterator<char>(file), {}});
    if (!loaded) {
      fmt::print(stderr, "SSMC_PUBLIC_MODEL={}: {}\n", path == nullptr ? "" : path, loaded.error().message);
      std::exit(1);
    }
    return *std::move(loaded);
  }();
  return model;
}

oracle::Classification classified(const Operation& operation, const harness::wire::Json& input) {
  harness::wire::Request request;
  const std::string body = harness::wire::to_text(input);
  request.headers = {{"Host", "example"},
                     {"Content-Type", public_model().identity().content_type},
                     {"X-Amz-Target", public_model().target_prefix() + "." + operation.name},
                     {"Content-Length", std::to_string(body.size())}};
  request.body = body;
  return oracle::classify(public_model(), rules(), harness::wire::to_bytes(request), {}, {});
}

// For each operation: the required members, and each of the others beside them.
std::vector<std::string> choices(const Operation& operation) {
  std::vector<std::string> optional = {""};
  for (const auto& member : operation.input->members) {
    if (!member.constraints.required) optional.push_back(member.name);
  }
  return optional;
}

TEST(PublicModel, HasAllOfSsm) {
  EXPECT_GE(public_model().operations().size(), 140U);
  for (const auto& [operation, of_operation] : rules().by_operation())
    EXPECT_NE(public_model().find_operation(operation), nullptr) << operation;
}

TEST(PublicModel, GivesAValidInputForEveryOperationAndMember) {
  std::size_t inputs = 0;
  for (const Operation& operation : public_model().operations()) {
    for (const std::string& optional : choices(operation)) {
      SCOPED_TRACE(operation.name + " " + optional);
      const auto input = harness::generate::valid_input(operation, optional);
      if (!input) {
        ADD_FAILURE() << input.error().message;
        continue;
      }
      ++inputs;
      for (const auto& v : classified(operation, *input).violations) {
        // What the pack says of the state is about resources of which nothing is known here.
        EXPECT_EQ(v.rule, oracle::Rule::state) << v.detail << " " << harness::wire::to_text(*input);
      }
    }
  }
  EXPECT_GT(inputs, 500U);
}

TEST(PublicModel, NoValidRequestIsExpectedToBeRefused) {
  for (const Operation& operation : public_model().operations()) {
    SCOPED_TRACE(operation.name);
    const auto input = harness::generate::valid_input(operation);
    if (!input) continue;  // the test above says so
    const auto request = classified(operation, *input);
    const auto expected = oracle::admissible(request, oracle::Level::documented);
    EXPECT_TRUE(expected.success) << expected.text();
    // Whatever it declares may say that a resource is not there.
    if (request.rules != nullptr) continue;
    for (const auto* error : operation.errors) {
      EXPECT_THAT(expected.text(), ::testing::HasSubstr(fmt::format("400 {} ", error->name())));
    }
  }
}

}  // namespace
}  // namespace conformance::ssm::public_model_test
