#include "harness/run/select.h"

#include <gmock/gmock.h>

#include <set>

namespace harness::run::select_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<Case> cases(std::initializer_list<const char*> ids) {
  std::vector<Case> out;
  for (const std::string id : ids) {
    Case c;
    c.id = id;
    c.operation = id.substr(0, id.find('/'));
    out.push_back(std::move(c));
  }
  return out;
}

std::vector<std::string> ids(const std::vector<Case>& cases) {
  std::vector<std::string> out;
  for (const auto& c : cases) out.push_back(c.id);
  return out;
}

std::string error_of(const std::vector<Case>& all, const Selection& s, const Families& families = {}) {
  const auto selected = select(all, s, families);
  return selected ? "(no error)" : selected.error().message;
}

const std::vector<Case> kCases = cases({"A/x/one", "A/x/two", "A/y/one", "B/x/one", "B/z"});

TEST(Select, LeavesAnOperationOutOnlyIfNoneOfItsCasesCanBeMeant) {
  struct Row {
    Selection selection;
    bool may;
  };
  const Families families({{"first", "First", {"A"}}});
  for (const auto& [selection, may] : {
           Row{{}, true},
           Row{{.operations = {"A"}}, true},
           Row{{.operations = {"B"}}, false},
           Row{{.operations = {"B", "A"}}, true},
           Row{{.operations = {"?"}}, true},
           Row{{.operations = {"B*"}}, false},
           Row{{.operations = {"first"}}, true},
           Row{{.operations = {"other"}}, false},
           Row{{.filters = {"A/x/one"}}, true},
           Row{{.filters = {"A"}}, true},
           Row{{.filters = {"A*"}}, true},
           Row{{.filters = {"*/x"}}, true},
           Row{{.filters = {"?/x"}}, true},
           Row{{.filters = {"AB*"}}, false},
           Row{{.filters = {"B/x", "A/*"}}, true},
           Row{{.operations = {"A"}, .filters = {"B/*"}}, false},
           Row{{.excludes = {"A/*"}}, true},
       }) {
    EXPECT_EQ(may_select(selection, "A", families), may)
        << ::testing::PrintToString(selection.operations) << ::testing::PrintToString(selection.filters);
  }
}

TEST(Glob, MatchesAsPeopleWriteThem) {
  struct Row {
    const char* pattern;
    const char* text;
    bool matches;
  };
  for (const Row& row : {
           Row{"", "", true},        Row{"", "a", false},         Row{"*", "", true},
           Row{"*", "a/b", true},    Row{"a", "a", true},         Row{"a", "A", false},
           Row{"?", "a", true},      Row{"?", "", false},         Row{"?", "ab", false},
           Row{"a*", "a", true},     Row{"*a", "ba", true},       Row{"*a", "ab", false},
           Row{"a*c", "abbc", true}, Row{"a*c", "abcb", false},   Row{"*b*", "abc", true},
           Row{"a**c", "ac", true},  Row{"[a]", "a", false},      Row{"[a]", "[a]", true},
           Row{"a.c", "abc", false}, Row{"*x*y*", "1x2y3", true}, Row{"*x*y*", "1y2x3", false},
           Row{"a?c", "a/c", true},  Row{"*ab", "aab", true},     Row{"*aab", "aaab", true},
           Row{"a*", "b", false},    Row{"*?", "", false},        Row{"*?", "ab", true},
       }) {
    EXPECT_EQ(glob_match(row.pattern, row.text), row.matches) << row.pattern << " on " << row.text;
  }
}

TEST(Glob, IsNotExponential) {
  // Backtracking over every star would not come to an end.
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  EXPECT_FALSE(glob_match(pattern + "b", std::string(2000, 'a')));
  EXPECT_TRUE(glob_match(pattern, std::string(2000, 'a')));
}

TEST(Nearest, IsTheOneWithTheFewestChanges) {
  const std::vector<std::string> names = {"GetConnectionStatus", "DescribeDocumentPermission"};
  EXPECT_EQ(nearest("getconnectionstatus", names), "GetConnectionStatus");
  EXPECT_EQ(nearest("DescribeDocument", names), "DescribeDocumentPermission");
  EXPECT_EQ(nearest("", {"longer", "short"}), "short");
  EXPECT_EQ(nearest("x", {}), "");
}

TEST(Nearest, LooksAtTheCaseOfLettersLast) {
  EXPECT_EQ(nearest("PROTOCOL", {"PAYTOCOL", "Protocol"}), "Protocol");
  EXPECT_EQ(nearest("ab", {"AB", "Ab"}), "Ab");
}

TEST(NearestGlob, IsAGlobThatMatches) {
  const std::vector<std::string> ids = {"DescribeDocumentPermission/MaxResults/range/above-maximum",
                                        "DescribeDocumentPermission/Name/length/minimum",
                                        "GetConnectionStatus/Target/length/minimum"};
  struct Row {
    const char* given;
    const char* hint;
  };
  for (const Row& row :
       {Row{"*MaxResult/range*", "*MaxResults/range*"}, Row{"*maxresults/range*", "*MaxResults/range*"},
        Row{"GetConectionStatus/*/minimum", "GetConnectionStatus/*/minimum"},
        Row{"*/Target/length/minimun", "*/Target/length/minimum"}, Row{"*/targets/*", "*/Target/*"},
        Row{"GetConnectionStatus/T?rget/lenth/*", "GetConnectionStatus/T?rget/length/*"},
        Row{"GETCONNECTIONSTATUS/TARGET/LENGTH/MINIMUM", "GetConnectionStatus/Target/length/minimum"}}) {
    EXPECT_EQ(nearest_glob(row.given, ids), row.hint);
    EXPECT_TRUE(
        std::any_of(ids.begin(), ids.end(), [&](const auto& id) { return glob_match(row.hint, id); }));
  }
  EXPECT_THAT(ids, ::testing::Contains(nearest_glob("zzzzzz*qqq", ids))) << "where little is left, an id";
  EXPECT_EQ(nearest_glob("x", {}), "");
  EXPECT_THAT(error_of(kCases, {.filters = {"*/on"}}), HasSubstr("nearest is */one"));
}

TEST(Select, EverythingByDefaultInOrder) {
  EXPECT_THAT(ids(*select(kCases, {})), ElementsAre("A/x/one", "A/x/two", "A/y/one", "B/x/one", "B/z"));
}

TEST(Select, ByOperationFilterAndExclude) {
  EXPECT_THAT(ids(*select(kCases, {.operations = {"B"}})), ElementsAre("B/x/one", "B/z"));
  EXPECT_THAT(ids(*select(kCases, {.filters = {"*/one"}})), ElementsAre("A/x/one", "A/y/one", "B/x/one"));
  EXPECT_THAT(ids(*select(kCases, {.filters = {"*/two", "B/z"}})), ElementsAre("A/x/two", "B/z"))
      << "a case is in if any filter matches";
  EXPECT_THAT(ids(*select(kCases, {.filters = {"A/*"}, .excludes = {"*/one"}})), ElementsAre("A/x/two"));
  EXPECT_THAT(ids(*select(kCases, {.operations = {"A"}, .filters = {"*x*"}, .excludes = {"*two"}})),
              ElementsAre("A/x/one"));
}

TEST(Select, WhatMatchesNothingIsAnErrorThatNamesTheNearest) {
  EXPECT_THAT(error_of(kCases, {.operations = {"BB"}}),
              AllOf(HasSubstr("--operation BB"), HasSubstr("nearest is B")));
  EXPECT_THAT(error_of(kCases, {.filters = {"A/x/tow"}}),
              AllOf(HasSubstr("--filter A/x/tow"), HasSubstr("A/x/two")));
  EXPECT_THAT(error_of(kCases, {.excludes = {"B/y"}}), AllOf(HasSubstr("--exclude B/y"), HasSubstr("B/z")));
  EXPECT_THAT(error_of(kCases, {.filters = {"*one", "nothing*"}}), HasSubstr("nothing*"))
      << "one of several filters is misspelt";
  EXPECT_THAT(error_of(kCases, {.filters = {"A/*"}, .excludes = {"A*"}}), HasSubstr("no case is left"));
  EXPECT_THAT(error_of(kCases, {.operations = {"A"}, .filters = {"B/z"}}), HasSubstr("no case is left"));
}

TEST(Select, OperationsByGlobs) {
  const auto all = cases({"GetThing/x", "GetThings/x", "ListThings/x", "Protocol/x"});
  const auto by = [&](std::vector<std::string> words) { return ids(*select(all, {.operations = words})); };
  EXPECT_THAT(by({"Get*"}), ElementsAre("GetThing/x", "GetThings/x"));
  EXPECT_THAT(by({"GetThing"}), ElementsAre("GetThing/x")) << "a name is no beginning";
  EXPECT_THAT(by({"*Things", "Protocol"}), ElementsAre("GetThings/x", "ListThings/x", "Protocol/x"));
  EXPECT_THAT(by({"GetThing?"}), ElementsAre("GetThings/x"));
}

const Families kFamilies({{"things", "Things", {"*Thing*"}}, {"queues", "Queues", {"*Queue"}}});

TEST(Select, OperationsByFamilies) {
  const auto all = cases({"GetQueue/x", "GetThing/x", "ListThings/x", "Odd/x", "Protocol/x"});
  const auto by = [&](std::vector<std::string> words) {
    return ids(*select(all, {.operations = words}, kFamilies));
  };
  EXPECT_THAT(by({"things"}), ElementsAre("GetThing/x", "ListThings/x"));
  EXPECT_THAT(by({"queues", "List*"}), ElementsAre("GetQueue/x", "ListThings/x"));
  EXPECT_THAT(by({"other"}), ElementsAre("Odd/x")) << "the protocol is no operation";
  const auto same = cases({"things/x", "GetThing/x"});
  EXPECT_THAT(ids(*select(same, {.operations = {"things"}}, kFamilies)), ElementsAre("things/x"))
      << "a name comes before a key";
}

TEST(Select, AnUnknownOperationOrFamilyIsOneLineThatHelps) {
  const auto all = cases({"GetThing/x", "ListThings/x"});
  EXPECT_EQ(error_of(all, {.operations = {"Get*", "Lst*"}}, kFamilies),
            "--operation Lst*: matches no operation; the nearest is List*");
  EXPECT_EQ(error_of(all, {.operations = {"GetThin"}}, kFamilies),
            "--operation GetThin: names no operation and no family; the nearest is GetThing");
  EXPECT_EQ(
      error_of(all, {.operations = {"thing"}}, kFamilies),
      "--operation thing: names no operation and no family; the nearest is things; families are things");
  EXPECT_THAT(error_of(all, {.operations = {"queues"}}, kFamilies), HasSubstr("names no operation"))
      << "a family without a case";
}

std::vector<Case> many() {
  std::vector<Case> all;
  for (int i = 0; i < 500; ++i) {
    Case c;
    c.id = "Op/case-" + std::to_string(i);
    c.operation = "Op";
    all.push_back(std::move(c));
  }
  return all;
}

TEST(Shards, PartitionTheCases) {
  const auto all = many();
  for (const std::size_t shards : {2U, 3U, 7U}) {
    std::multiset<std::string> seen;
    for (std::size_t i = 1; i <= shards; ++i) {
      const auto part = select(all, {.shard = i, .shards = shards});
      ASSERT_TRUE(part.has_value());
      EXPECT_GT(part->size(), 500 / shards / 2) << "a shard that is nearly empty helps nobody";
      for (const auto& c : *part) seen.insert(c.id);
    }
    EXPECT_EQ(seen.size(), 500U);
    EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 500U);
  }
}

TEST(Shards, DependOnTheIdAlone) {
  // Machines that run different filters, or another version with more cases, must agree on who runs a case.
  const auto all = many();
  const auto whole = ids(*select(all, {.shard = 2, .shards = 3}));
  const auto filtered = ids(*select(all, {.filters = {"*7*"}, .shard = 2, .shards = 3}));
  for (const auto& id : filtered) EXPECT_THAT(whole, ::testing::Contains(id));
  EXPECT_EQ(ids(*select(kCases, {.shard = 1, .shards = 2})),
            (std::vector<std::string>{"A/x/one", "A/x/two", "B/z"}))
      << "the assignment is part of the contract: FNV-1a of the id, modulo the number of shards";
}

TEST(Shards, MayBeEmptyButNotAllOfThem) {
  const auto one = cases({"A/x"});
  std::size_t empty = 0;
  for (std::size_t i = 1; i <= 2; ++i) {
    const auto part = select(one, {.shard = i, .shards = 2});
    ASSERT_TRUE(part.has_value()) << part.error().message;
    empty += part->empty() ? 1 : 0;
    EXPECT_THAT(error_of(one, {.excludes = {"*"}, .shard = i, .shards = 2}), HasSubstr("no case is left"));
  }
  EXPECT_EQ(empty, 1U);
}

}  // namespace
}  // namespace harness::run::select_test
