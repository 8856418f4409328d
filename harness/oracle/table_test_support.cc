#include "harness/oracle/table_test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <set>
#include <string>
#include <utility>

namespace harness::oracle {

void PrintTo(const Outcome& o, std::ostream* out) {
  *out << o.status << " '" << o.code << "' (" << to_string(o.provenance) << ")";
}

namespace testing_support {
namespace {

using P = Provenance;
using F = Force;

std::string name_of(Rule rule, std::string_view about) {
  return std::string(to_string(rule)) + " " + std::string(about);
}

Classification breaking(const Row& row) {
  Classification c;
  const bool state = row.rule == Rule::state;
  c.violations.push_back(
      {row.rule, state ? "" : std::string(row.about), "x", state ? row.about : std::string_view()});
  return c;
}

bool same(const Expectation& a, const Expectation& b) {
  const auto admitted = [](const Expectation& e) {
    std::vector<std::pair<int, std::string_view>> out;
    for (const Outcome& o : e.errors) out.emplace_back(o.status, o.code);
    return out;
  };
  return a.success == b.success && a.scope == b.scope && a.success_is_advice == b.success_is_advice &&
         admitted(a) == admitted(b) && a.any_rejection == b.any_rejection;
}

}  // namespace

void expect_rows(std::span<const Row> rows, const std::vector<Expected>& expected) {
  ASSERT_EQ(rows.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Row& row = rows[i];
    const Expected& e = expected[i];
    SCOPED_TRACE(name_of(e.rule, e.about));
    EXPECT_EQ(to_string(row.rule), to_string(e.rule));
    EXPECT_EQ(row.about, e.about);
    EXPECT_EQ(row.force, e.force);
    EXPECT_THAT(row.outcomes, ::testing::UnorderedElementsAreArray(e.outcomes));
    EXPECT_EQ(row.recorded, e.recorded);
  }
}

void expect_sound(std::span<const Row> rows) {
  ASSERT_FALSE(rows.empty());
  std::set<std::pair<Rule, std::string_view>> seen;
  for (const Row& row : rows) {
    SCOPED_TRACE(name_of(row.rule, row.about));
    EXPECT_FALSE(seen.contains({row.rule, ""})) << "a general row before it: it is never reached";
    EXPECT_TRUE(seen.emplace(row.rule, row.about).second) << "there are two";
    EXPECT_NE(row.because, "") << "every row says why";
    if (row.force == F::rejects || row.force == F::discourages || row.force == F::permits) {
      EXPECT_FALSE(row.outcomes.empty());
    }
    if (row.force == F::availability || row.force == F::liveness) {
      EXPECT_TRUE(row.outcomes.empty());
    }
    for (const Outcome& o : row.outcomes) {
      EXPECT_GE(o.status, 400);
      EXPECT_LT(o.status, 500) << "a client's mistake is never a server's fault";
      if (o.code != "ValidationException") continue;
      EXPECT_TRUE(std::any_of(row.outcomes.begin(), row.outcomes.end(), [&](const Outcome& other) {
        return other.status == o.status && other.code == "ValidationError";
      }));
    }
    if (row.recorded) {
      EXPECT_THAT(row.outcomes, ::testing::Contains(*row.recorded));
    }
  }
}

std::size_t expect_mutants_noticed(
    std::span<const Row> rows,
    const std::function<Expectation(const Classification&, Level, std::span<const Row>)>& admissible) {
  std::size_t mutants = 0;
  const std::vector<Row> original(rows.begin(), rows.end());
  const auto notices = [&](const std::vector<Row>& mutated, const Row& row) {
    ++mutants;
    const auto c = breaking(row);
    for (const Level level : {Level::documented, Level::aws, Level::rejects}) {
      if (!same(admissible(c, level, original), admissible(c, level, mutated))) return true;
    }
    return false;
  };
  for (std::size_t i = 0; i < original.size(); ++i) {
    const Row& row = original[i];
    SCOPED_TRACE(name_of(row.rule, row.about));
    for (std::size_t o = 0; o < row.outcomes.size(); ++o) {
      auto mutated = original;
      mutated[i].outcomes.erase(mutated[i].outcomes.begin() + static_cast<std::ptrdiff_t>(o));
      EXPECT_TRUE(notices(mutated, row)) << "without " << row.outcomes[o].code;
      mutated = original;
      mutated[i].outcomes[o].status = 499;
      EXPECT_TRUE(notices(mutated, row)) << "another status for " << row.outcomes[o].code;
    }
    auto mutated = original;
    mutated[i].outcomes.push_back({400, "ThrottlingException", P::inferred});
    EXPECT_TRUE(notices(mutated, row)) << "one code more";
    for (Force force : {F::rejects, F::discourages, F::permits, F::advises, F::availability, F::liveness}) {
      if (force == row.force) continue;
      mutated = original;
      mutated[i].force = force;
      EXPECT_TRUE(notices(mutated, row)) << "another force";
    }
  }
  return mutants;
}

}  // namespace testing_support
}  // namespace harness::oracle
