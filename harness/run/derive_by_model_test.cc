#include "harness/run/derive_by_model.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "harness/model/sites.h"
#include "harness/model/validate.h"
#include "harness/run/test_support.h"
#include "harness/wire/http_text.h"

// What derived cases promise, for every operation of the model.
namespace harness::run::derive_by_model_test {
namespace {

using testing::built_in_model;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string body_of(const std::string& http_text) {
  std::string sent = http_text;
  for (const auto& [placeholder, value] :
       {std::pair{std::string_view("{{prefix}}"), std::string_view("ssmc-0123456789-")}}) {
    for (std::size_t at = 0; (at = sent.find(placeholder, at)) != std::string::npos;)
      sent.replace(at, placeholder.size(), value);
  }
  const auto text = wire::parse_http_text(sent);
  return text ? text->request.body : "(" + text.error().message + ")";
}

std::set<std::string> rules_broken(const model::Operation& operation, const std::string& http_text) {
  const auto body = wire::parse_json(body_of(http_text));
  if (!body) return {"not JSON"};
  const auto found = model::validate(*operation.input, *body);
  std::set<std::string> out;
  for (const auto& v : found.violations) out.emplace(model::to_string(v.rule));
  for (const auto& u : found.uncertainties) out.insert("uncertain: " + u.path);
  return out;
}

std::vector<std::string> ids_of(const std::vector<Case>& cases) {
  std::vector<std::string> out;
  for (const Case& c : cases) out.push_back(c.id);
  return out;
}

TEST(DeriveByModel, EachCaseBreaksExactlyWhatItStates) {
  std::size_t wrong = 0, checked = 0;
  for (const auto& operation : built_in_model().operations()) {
    for (const Case& c : derive_by_model(built_in_model(), operation)) {
      if (c.breaks.empty()) continue;  // two rules at one place: no text breaks one of them alone
      const auto broken = rules_broken(operation, c.request);
      const bool none = c.breaks.front() == "valid" || c.breaks.front().starts_with("page-token");
      const auto stated = none ? std::set<std::string>{} : std::set{c.breaks.front()};
      ++checked;
      if (broken != stated && ++wrong < 10) {
        ADD_FAILURE() << c.id << " breaks " << fmt::format("{}", fmt::join(broken, ", ")) << ", not "
                      << c.breaks.front();
      }
    }
  }
  EXPECT_GT(checked, 8'000U);
  EXPECT_EQ(wrong, 0U);
}

TEST(DeriveByModel, EachControlBreaksNothing) {
  std::set<std::string> seen;
  for (const auto& operation : built_in_model().operations()) {
    for (const Case& c : derive_by_model(built_in_model(), operation)) {
      if (!seen.insert(c.control).second) continue;
      EXPECT_THAT(rules_broken(operation, c.control), IsEmpty()) << c.id << "\n" << c.control;
      EXPECT_EQ(c.request == c.control, c.id == operation.name + "/implemented") << c.id;
    }
  }
  EXPECT_GT(seen.size(), 900U);
}

TEST(DeriveByModel, NearlyEveryConstraintHasACaseThatBreaksIt) {
  std::size_t sites = 0;
  std::vector<std::string> without;
  for (const auto& operation : built_in_model().operations()) {
    std::set<std::string> broken;
    for (const Case& c : derive_by_model(built_in_model(), operation)) {
      for (const auto& rule : rules_broken(operation, c.request)) broken.insert(c.place + "/" + rule);
    }
    for (const auto& site : model::constraint_sites(operation)) {
      ++sites;
      const std::string name = fmt::format("{}/{}", site.path, to_string(site.kind));
      if (!broken.contains(name)) without.push_back(operation.name + "/" + name);
    }
  }
  EXPECT_GT(sites, 1'600U);
  // What no request of a usual size breaks: an attribute list of 10,000 entries, say.
  EXPECT_LT(without.size(), 15U) << fmt::format("{}", fmt::join(without, "\n"));
}

TEST(DeriveByModel, IdsAreUniqueAndMeanNothingToShells) {
  for (const auto& operation : built_in_model().operations()) {
    std::set<std::string> ids;
    for (const Case& c : derive_by_model(built_in_model(), operation)) {
      EXPECT_TRUE(ids.insert(c.id).second) << "twice: " << c.id;
      EXPECT_EQ(c.id.find_first_of("[]{}*? "), std::string::npos) << c.id;
      EXPECT_TRUE(c.by_model) << c.id;
      EXPECT_FALSE(c.clauses.empty()) << c.id;
    }
    EXPECT_THAT(ids, Contains(operation.name + "/implemented"));
  }
}

TEST(DeriveByModel, NamesThatAreMadeUpAreTheRunsOwn) {
  const auto* operation = built_in_model().find_operation("DeleteParameter");
  ASSERT_NE(operation, nullptr);
  const auto cases = derive_by_model(built_in_model(), *operation);
  ASSERT_FALSE(cases.empty());
  EXPECT_THAT(cases.front().control, HasSubstr(R"({"Name":"{{prefix}})"));
}

TEST(DeriveByModel, AGivenInputIsTakenAsItIs) {
  const auto* operation = built_in_model().find_operation("GetDocument");
  const wire::Json input = {{"Name", "{{document}}"}};
  const auto cases = derive_by_model(built_in_model(), *operation, &input);
  ASSERT_FALSE(cases.empty());
  for (const Case& c : cases) EXPECT_THAT(c.control, HasSubstr(R"("Name":"{{document}}")")) << c.id;
}

TEST(DeriveByModel, NoTokenIsValidThatWasNotIssued) {
  std::size_t tokens = 0;
  for (const auto& operation : built_in_model().operations()) {
    const std::string token = operation.paginator ? operation.paginator->input_token : std::string();
    for (const Case& c : derive_by_model(built_in_model(), operation)) {
      if (!token.empty()) {
        EXPECT_THAT(c.control, Not(HasSubstr("\"" + token + "\":"))) << c.id;
      }
      const bool made_up = c.clauses == std::vector<std::string>{"protocol/model/token"};
      EXPECT_EQ(made_up, c.breaks.size() == 1 && c.breaks.front().starts_with("page-token")) << c.id;
      if (!made_up) continue;
      ++tokens;
      EXPECT_EQ(c.place, token) << c.id;
    }
    if (token.empty()) continue;
    const auto cases = derive_by_model(built_in_model(), operation);
    for (const char* label : {"never-issued", "base64", "long"})
      EXPECT_THAT(ids_of(cases), Contains(operation.name + "/" + token + "/token/" + label));
  }
  EXPECT_GT(tokens, 150U);
}

TEST(DeriveByModel, TheSameModelGivesTheSameCases) {
  const auto* operation = built_in_model().find_operation("CreateAssociation");
  const auto once = derive_by_model(built_in_model(), *operation);
  const auto twice = derive_by_model(built_in_model(), *operation);
  ASSERT_EQ(once.size(), twice.size());
  for (std::size_t i = 0; i < once.size(); ++i) {
    EXPECT_EQ(once[i].id, twice[i].id);
    EXPECT_EQ(once[i].request, twice[i].request);
  }
}

TEST(DeriveByModel, EachCaseMayMakeSomethingOfItsOwn) {
  const wire::Json input = {{"Name", "{{prefix}}{{case}}"}, {"Value", "x"}, {"Type", "String"}};
  std::set<std::string> names;
  const auto cases =
      derive_by_model(built_in_model(), *built_in_model().find_operation("PutParameter"), &input);
  ASSERT_GT(cases.size(), 50U);
  for (const Case& c : cases) {
    EXPECT_EQ(c.request.find("{{case}}"), std::string::npos) << c.id;
    EXPECT_EQ(c.control.find("{{case}}"), std::string::npos) << c.id;
    EXPECT_TRUE(names.insert(c.control).second) << c.id;
  }
}

}  // namespace
}  // namespace harness::run::derive_by_model_test
