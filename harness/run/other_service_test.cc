// A run of a service of which nothing is known but its model: no rules, no kinds of resources, no examples
// but those that the model gives, and AWS JSON 1.0.
#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "harness/model/validate.h"
#include "harness/run/derive_by_model.h"
#include "harness/run/runner.h"
#include "harness/run/test_support.h"
#include "harness/wire/json.h"

namespace harness::run::other_service_test {
namespace {

using ::testing::AllOf;
using testing::answered;
using testing::Call;
using ::testing::Contains;
using ::testing::Each;
using testing::error;
using testing::has_rule;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::Results;
using testing::StubEndpoint;
using Planted = std::optional<wire::Exchange>;

constexpr const char* kModel = R"({
  "metadata": {"serviceId": "Front Desk", "targetPrefix": "Desk_2020", "signingName": "desk", "jsonVersion": "1.0"},
  "operations": {
    "Book": {"input": {"shape": "BookInput"}, "output": {"shape": "BookOutput"}, "errors": [{"shape": "Taken"}]},
    "Cancel": {"input": {"shape": "CancelInput"}, "errors": [{"shape": "Absent"}]},
    "Look": {"input": {"shape": "LookInput"}, "output": {"shape": "LookOutput"}}
  },
  "shapes": {
    "BookInput": {"type": "structure", "required": ["Name"], "members": {
      "Name": {"shape": "Name"}, "Nights": {"shape": "Nights"}}},
    "BookOutput": {"type": "structure", "members": {"Id": {"shape": "Name"}}},
    "CancelInput": {"type": "structure", "required": ["Name"], "members": {"Name": {"shape": "Name"}}},
    "LookInput": {"type": "structure", "members": {"From": {"shape": "Nights"}}},
    "LookOutput": {"type": "structure", "members": {"Id": {"shape": "Name"}}},
    "Name": {"type": "string", "min": 3, "max": 64, "pattern": "^[a-z0-9-]+$"},
    "Nights": {"type": "integer", "min": 1, "max": 20},
    "Taken": {"type": "structure", "members": {}, "exception": true},
    "Absent": {"type": "structure", "members": {}, "exception": true}
  }})";

const model::Model& desk() {
  static const model::Model loaded = model::load(kModel).value();
  return loaded;
}

const Examples& examples() {
  static const Examples all = [] {
    Examples out;
    for (const auto& operation : desk().operations())
      out[operation.name] = example_by_model(operation).value();
    return out;
  }();
  return all;
}

std::vector<Case> cases_of(std::set<std::string> operations) {
  std::vector<Case> out;
  for (const auto& operation : desk().operations()) {
    if (!operations.contains(operation.name)) continue;
    auto derived = derive_by_model(desk(), operation);
    std::move(derived.begin(), derived.end(), std::back_inserter(out));
  }
  return out;
}

Results run_desk(endpoint::Endpoint& endpoint, const std::vector<Case>& cases) {
  static const oracle::ServiceRules no_rules;
  static const Catalogue nothing;
  Results results;
  const std::atomic<bool> stop{false};
  run(endpoint, {&desk(), &no_rules, &nothing, &examples()}, cases, testing::options(), results, stop);
  return results;
}

bool is_valid(const Call& c) {
  const auto* operation = desk().find_operation(c.operation);
  const auto body = wire::parse_json(c.request.body);
  return operation != nullptr && body && model::validate(*operation->input, *body).violations.empty();
}

wire::Exchange of_desk(wire::Exchange e) {
  e.response.headers.set("Content-Type", "application/x-amz-json-1.0");
  return e;
}

// As its model says, and without memory.
wire::Exchange as_modelled(const Call& c) {
  if (desk().find_operation(c.operation) == nullptr) return of_desk(error(400, "UnknownOperationException"));
  if (!is_valid(c)) return of_desk(error(400, "ValidationException"));
  return of_desk(answered(200, c.operation == "Cancel" ? "" : "{}"));
}

TEST(OtherService, IsJudgedByItsModelAlone) {
  std::vector<std::string> types, targets;
  StubEndpoint endpoint([&](const Call& c) {
    types.emplace_back(c.request.headers.find("Content-Type").value_or(""));
    targets.emplace_back(c.request.headers.find("X-Amz-Target").value_or(""));
    return Planted(as_modelled(c));
  });
  const auto cases = cases_of({"Book", "Cancel", "Look"});
  const auto results = run_desk(endpoint, cases);
  EXPECT_EQ(results.count(Verdict::pass), cases.size())
      << results.text(Verdict::fail) << results.text(Verdict::unchecked) << results.text(Verdict::blocked);
  for (const auto& r : results.all()) EXPECT_FALSE(has_rule(r, "header/content-type")) << r.id;
  EXPECT_THAT(types, Each("application/x-amz-json-1.0"));
  EXPECT_THAT(targets, Each(HasSubstr("Desk_2020.")));
}

TEST(OtherService, IsToldWhereAnAnswerHasTheMediaTypeOfAnotherProtocol) {
  StubEndpoint endpoint([](const Call& c) {
    auto e = as_modelled(c);
    e.response.headers.set("Content-Type", "application/x-amz-json-1.1");
    return Planted(std::move(e));
  });
  const auto results = run_desk(endpoint, cases_of({"Look"}));
  EXPECT_TRUE(has_rule(results.of("Look/implemented"), "header/content-type"));
}

TEST(OtherService, WhatItMadeIsLeftAndARemarkSaysSo) {
  StubEndpoint endpoint([](const Call& c) { return Planted(as_modelled(c)); });
  const auto results = run_desk(endpoint, cases_of({"Look"}));
  EXPECT_THAT(results.summary().remarks,
              Contains(AllOf(HasSubstr("Front Desk"), HasSubstr(results.info().prefix))));
}

TEST(OtherService, NothingIsSentForOperationsThatAreNotJudged) {
  std::set<std::string> asked;
  StubEndpoint endpoint([&](const Call& c) {
    asked.insert(c.operation);
    return Planted(as_modelled(c));
  });
  run_desk(endpoint, cases_of({"Look"}));
  EXPECT_THAT(asked, Contains("Look"));
  EXPECT_THAT(asked, Not(Contains("Book")));
  EXPECT_THAT(asked, Not(Contains("Cancel")));
}

TEST(OtherService, OneThatFailsOnItsSmallestInputIsStillThere) {
  std::size_t cancels = 0;
  StubEndpoint endpoint([&](const Call& c) {
    if (c.operation == "Cancel") ++cancels;
    const bool fails = c.operation == "Cancel" || desk().find_operation(c.operation) == nullptr ||
                       (c.operation == "Book" && c.request.body.find("Nights") == std::string::npos);
    return Planted(fails ? answered(500, "<html>") : as_modelled(c));
  });
  const auto cases = cases_of({"Book", "Cancel"});
  const auto results = run_desk(endpoint, cases);
  EXPECT_EQ(results.count(Verdict::not_implemented), cases_of({"Cancel"}).size());
  EXPECT_TRUE(has_rule(results.of("Book/implemented"), "availability/server-error"));
  EXPECT_EQ(results.of("Book/Nights/range/above-maximum").verdict, Verdict::pass);
  EXPECT_LE(cancels, 3U) << "a missing operation is not asked for over and over";
}

TEST(OtherService, AnEndpointThatIsNoneIsNotAskedForLong) {
  std::size_t calls = 0;
  StubEndpoint silent([&](const Call&) {
    ++calls;
    return Planted(testing::ended(wire::Transport::timed_out));
  });
  EXPECT_TRUE(run_desk(silent, cases_of({"Book", "Cancel", "Look"})).summary().endpoint_lost);
  EXPECT_LE(calls, 2U);
  StubEndpoint page([](const Call&) { return Planted(answered(404, "<html>")); });
  EXPECT_THAT(run_desk(page, cases_of({"Book", "Look"})).summary().endpoint_problem,
              AllOf(HasSubstr("speaks AWS JSON: 2 operations of Front Desk"), HasSubstr(page.url())));
  EXPECT_THAT(run_desk(page, cases_of({"Book"})).summary().endpoint_problem, HasSubstr("JSON: Book and"));
}

TEST(OtherService, OneWithoutAnOutputMayAnswerNothing) {
  StubEndpoint endpoint([](const Call& c) {
    return Planted(desk().find_operation(c.operation) == nullptr ? answered(500, "<html>") : as_modelled(c));
  });
  const auto results = run_desk(endpoint, cases_of({"Cancel"}));
  EXPECT_FALSE(results.summary().endpoint_lost) << results.summary().endpoint_problem;
  EXPECT_THAT(results.text(Verdict::fail), IsEmpty());
}

TEST(OtherService, WhatSucceedsOnceForItWasMadeThenIsNotFlaky) {
  std::set<std::string> made;
  StubEndpoint endpoint([&](const Call& c) {
    if (c.operation != "Book") return Planted(as_modelled(c));
    return Planted(made.insert(c.request.body).second ? of_desk(answered(200, "{}"))
                                                      : of_desk(error(400, "Taken")));
  });
  const auto results = run_desk(endpoint, cases_of({"Book"}));
  EXPECT_EQ(results.count(Verdict::flaky), 0U) << results.text(Verdict::flaky);
  const auto& above = results.of("Book/Name/length/above-maximum");
  EXPECT_EQ(above.verdict, Verdict::fail);
  EXPECT_TRUE(has_rule(above, "outcome/accepted"));
}

TEST(OtherService, WhatFailsOnceAndIsThenRefusedIsFlaky) {
  std::set<std::string> seen;
  StubEndpoint endpoint([&](const Call& c) {
    if (c.operation != "Book") return Planted(as_modelled(c));
    const bool first = !is_valid(c) && seen.insert(c.request.body).second;
    return Planted(first ? answered(500, "{}") : of_desk(error(400, "Taken")));
  });
  const auto results = run_desk(endpoint, cases_of({"Book"}));
  EXPECT_EQ(results.of("Book/Name/length/above-maximum").verdict, Verdict::flaky)
      << results.text(Verdict::fail);
}

}  // namespace
}  // namespace harness::run::other_service_test
