#include "harness/generate/mutator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <vector>

#include "conformance/ssm/resources.h"
#include "conformance/ssm/rules.h"
#include "harness/generate/guards.h"
#include "harness/generate/mutator_test_support.h"
#include "harness/generate/random.h"
#include "harness/oracle/classify.h"
#include "harness/wire/http_text.h"

namespace harness::generate::mutator_test {
namespace {

using conformance::ssm::kAccounts;
using conformance::ssm::kDocument;
using conformance::ssm::kNode;

using namespace testing_support;
using namespace std::string_literals;

constexpr std::size_t kRoom = 4096;

std::vector<std::string> inputs() {
  Random random(5);
  std::string noise;
  for (int i = 0; i < 300; ++i) noise += static_cast<char>(random.below(256));
  return {
      describe(),
      "",
      "\n",
      "{{",
      "# @raw\nPOST / HTTP/1.1\nContent-Length: 2\n\n{}",
      "# @raw cut\nPOST / HT",
      "# @escaped\nPOST / HTTP/1.1\nX-Amz-Target: AmazonSSM.GetConnectionStatus\n\n{\"Target\":\"\\xff\"}",
      "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.GetConnectionStatus\n\n" + std::string(2000, '['),
      "POST / HTTP/1.1\n\n{\"a\":{{repeat 1000000 x}}",
      "# @dialect pages-by-10\nPOST / HTTP/1.1\n\nnull",
      noise,
      describe() + noise,
  };
}

TEST(Mutator, TheSameSeedGivesTheSame) {
  const Mutator other(built_in_model(), of_families());
  for (const auto& input : inputs()) {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
      ASSERT_EQ(mutator().mutate(input, seed, kRoom, vocabulary()),
                other.mutate(input, seed, kRoom, vocabulary()));
      ASSERT_EQ(mutator().crossover(input, describe(), seed, kRoom),
                other.crossover(input, describe(), seed, kRoom));
    }
    ASSERT_EQ(mutator().fresh(7, kRoom, vocabulary()), other.fresh(7, kRoom, vocabulary()));
  }
}

TEST(Mutator, SeedsDiffer) {
  std::set<std::string> outputs;
  for (std::uint64_t seed = 0; seed < 1000; ++seed)
    outputs.insert(mutator().mutate(describe(), seed, kRoom, vocabulary()));
  EXPECT_GT(outputs.size(), 850U);
}

// Every output of every seed is no larger than was asked for, whatever the input was.
TEST(Mutator, KeepsToItsRoom) {
  const auto all = inputs();
  for (std::uint64_t seed = 0; seed < 40'000; ++seed) {
    const auto& input = all[seed % all.size()];
    const std::size_t room = seed % 7 == 0 ? seed % 90 : seed % 5 == 0 ? 200 + seed % 300 : kRoom;
    ASSERT_LE(mutator().mutate(input, seed, room, vocabulary()).size(), room) << seed;
    if (seed % 4 != 0) continue;
    ASSERT_LE(mutator().crossover(input, all[(seed / 4) % all.size()], seed, room).size(), room) << seed;
  }
}

// What an output becomes is mutated again, as a fuzzer does: nothing grows without end, and nothing is stuck.
TEST(Mutator, GoesOnFromItsOwnOutputs) {
  std::string input = describe();
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    input = mutator().mutate(input, seed, 1500, vocabulary());
    ASSERT_LE(input.size(), 1500U);
    seen.insert(input);
  }
  EXPECT_GT(seen.size(), 15'000U);
}

TEST(Mutator, OfARequestMostlyMakesRequests) {
  int readable = 0;
  int with_object = 0;
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    const auto text = wire::parse_http_text(mutator().mutate(describe(), seed, kRoom, vocabulary()));
    readable += text ? 1 : 0;
    with_object += text && wire::parse_json(text->request.body) ? 1 : 0;
  }
  EXPECT_GT(readable, 4950);
  EXPECT_GT(with_object, 3500);
}

TEST(Mutator, DropsWhatNoLongerHoldsAndKeepsDirectives) {
  const std::string input = "# @dialect older-codes\n" + describe();
  int kept = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const std::string out = mutator().mutate(input, seed, kRoom, vocabulary());
    EXPECT_EQ(out.find("A valid request"), std::string::npos);
    kept += out.starts_with("# @dialect older-codes\n") ? 1 : 0;
  }
  EXPECT_EQ(kept, 500);
}

TEST(Mutator, SometimesHoldsTheBodyBack) {
  int held = 0;
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    const auto text = wire::parse_http_text(mutator().mutate(describe(), seed, kRoom, vocabulary()));
    if (text && text->directive("hold-body") && text->request.headers.find("Expect") == "100-continue")
      ++held;
  }
  EXPECT_GT(held, 5);
  EXPECT_LT(held, 100) << "it may cost a second each time";
}

// Every kind of violation that a fuzzer can bring about without credentials, from one valid request.
TEST(Mutator, ReachesEveryKindOfViolation) {
  using oracle::Rule;
  const std::set<Rule> wanted = {
      Rule::framing,        Rule::transfer_coding, Rule::method,         Rule::path,
      Rule::content_type,   Rule::empty_body,      Rule::not_json,       Rule::not_an_object,
      Rule::uncertain_json, Rule::no_target,       Rule::unknown_target, Rule::repeated_target,
      Rule::type,           Rule::integer_size,    Rule::required,       Rule::length,
      Rule::range,          Rule::pattern,         Rule::enumeration,    Rule::uncertain_value,
      Rule::unusual_text,   Rule::request_line};
  std::set<std::string> wanted_names = {"document-absent", "token-not-issued", "nothing-to-modify",
                                        "node-unknown"};
  for (const Rule rule : wanted) wanted_names.emplace(oracle::to_string(rule));
  oracle::Knowledge known;
  known.of(kDocument)["document"] = {.exists = true, .ours = true, .holds = {{kAccounts, {}}}};
  known.of(kDocument)["shared-document"].exists = false;
  known.of(kNode)["node"].exists = true;
  bool valid = false;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    const auto expanded =
        wire::expand(mutator().mutate(describe(), seed, kRoom, vocabulary()),
                     [](auto name, auto) { return Result<std::string>(std::string(name)); });
    ASSERT_TRUE(expanded) << expanded.error().message;
    auto text = wire::parse_http_text(*expanded);
    if (!text) continue;
    if (!text->raw) {
      if (std::find(text->without.begin(), text->without.end(), "Host") == text->without.end() &&
          !text->request.headers.contains("Host"))
        text->request.headers.add("Host", "localhost");
      if (!text->request.headers.contains("Content-Length") &&
          !text->request.headers.contains("Transfer-Encoding"))
        text->request.headers.add("Content-Length", std::to_string(text->request.body.size()));
    }
    const auto request =
        oracle::classify(built_in_model(), conformance::ssm::rules(),
                         text->raw ? text->raw_bytes : wire::to_bytes(text->request), known, {});
    valid = valid || request.violations.empty();
    for (const auto& v : request.violations) wanted_names.erase(std::string(v.name()));
  }
  EXPECT_TRUE(valid);
  EXPECT_THAT(wanted_names, ::testing::IsEmpty());
}

// For each member of each operation, each constraint that it has is broken.
TEST(Mutator, ReachesEveryConstraintOfEveryOperation) {
  constexpr std::size_t kLargest = 20'000;
  for (const auto& operation : built_in_model().operations()) {
    std::set<std::string> wanted;
    for (const auto& member : operation.input->members) {
      const auto& c = member.constraints;
      const auto want = [&](const char* rule) { wanted.insert(member.name + " " + rule); };
      want("type");
      if (c.required) want("required");
      // A list with one structure too many may not fit.
      const bool fits = member.target->type != model::ShapeType::list ||
                        static_cast<std::size_t>(c.max_length.value_or(0)) * 20 < kLargest;
      if (c.max_length && fits) want("length");
      if (c.max_value) want("range");
      if (c.pattern) want("pattern");
      if (!c.enum_values.empty()) want("enum");
    }
    const std::string input = "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM." + operation.name + "\n\n{}\n";
    for (std::uint64_t seed = 0; seed < 10'000 && !wanted.empty(); ++seed) {
      auto text = wire::parse_http_text(mutator().mutate(input, seed, kLargest, vocabulary()));
      if (!text || text->raw) continue;
      text->request.headers = {{"Host", "x"},
                               {"Content-Type", "application/x-amz-json-1.1"},
                               {"X-Amz-Target", "AmazonSSM." + operation.name},
                               {"Content-Length", std::to_string(text->request.body.size())}};
      const auto request = oracle::classify(built_in_model(), conformance::ssm::rules(),
                                            wire::to_bytes(text->request), {}, {});
      for (const auto& v : request.violations) {
        wanted.erase(v.member + " " + std::string(oracle::to_string(v.rule)));
      }
    }
    EXPECT_THAT(wanted, ::testing::IsEmpty()) << operation.name;
  }
}

// Exact values that nobody thought of, and two of them together.
TEST(Mutator, MeetsExactValues) {
  std::set<std::int64_t> results;
  std::set<std::size_t> lengths;
  std::set<std::pair<std::size_t, std::int64_t>> both;
  for (std::uint64_t seed = 0; seed < 30'000; ++seed) {
    const auto text = wire::parse_http_text(mutator().mutate(describe(), seed, kRoom, vocabulary()));
    if (!text || text->raw) continue;
    const auto body = wire::parse_json(text->request.body);
    if (!body || !body->value.is_object()) continue;
    const auto name = body->value.find("Name");
    const auto most = body->value.find("MaxResults");
    const bool has_name = name != body->value.end() && name->is_string();
    const bool has_most = most != body->value.end() && most->is_number_integer();
    const std::size_t length = has_name ? wire::scalar_count(name->get_ref<const std::string&>()) : 0;
    if (has_name) lengths.insert(length);
    if (has_most) results.insert(most->get<std::int64_t>());
    if (has_name && has_most) both.emplace(length, most->get<std::int64_t>());
  }
  for (std::int64_t n = -1; n <= 201; ++n) EXPECT_TRUE(results.contains(n)) << n;
  for (std::size_t n = 0; n <= 130; ++n) EXPECT_TRUE(lengths.contains(n)) << n;
  // Of 126 valid lengths and 200 valid numbers, a good part of all pairs.
  const auto pairs = std::count_if(both.begin(), both.end(), [](const auto& p) {
    return p.first >= 3 && p.first <= 128 && p.second >= 1 && p.second <= 200;
  });
  EXPECT_GT(pairs, 2500);
}

TEST(Mutator, UsesTheVocabulary) {
  Vocabulary known = vocabulary();
  known.learn("NextToken", "a-token-that-was-seen");
  int tokens = 0;
  int documents = 0;
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    const std::string out = mutator().mutate(describe(), seed, kRoom, known);
    tokens += out.find(R"("NextToken":"a-token-that-was-seen")") != std::string::npos ? 1 : 0;
    documents += out.find(R"("Name":"{{shared-document}}")") != std::string::npos ? 1 : 0;
  }
  EXPECT_GT(tokens, 50);
  EXPECT_GT(documents, 50);
}

// A placeholder that nobody knows would make the whole input useless.
// Of values that belong together one is changed, and what has no inside is replaced by what it stands for.
TEST(Mutator, ChangesATokenInsideBesideItsDocument) {
  Vocabulary v = vocabulary();
  v.examples = {{"DescribeDocumentPermission",
                 {R"({"Name":"{{shared-document}}","PermissionType":"Share","NextToken":"{{token}}"})"}}};
  v.stands_for = {{"{{token}}", "QmFzZTY0VGV4dA"}};
  int touched = 0;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    const std::string out = mutator().fresh(seed, 4096, v);
    if (out.find(R"("Name":"{{shared-document}}")") == std::string::npos) continue;
    touched +=
        out.find("QmFzZT") != std::string::npos && out.find("QmFzZTY0VGV4dA") == std::string::npos ? 1 : 0;
  }
  EXPECT_GT(touched, 20);
}

TEST(Mutator, MakesUpNoPlaceholders) {
  const std::set<std::string> known = {
      "{{document}}", "{{shared-document}}", "{{token}}", "{{connected-node}}", "{{node}}", "{{prefix}}"};
  for (const auto& options : {MutatorOptions{}, MutatorOptions{.json = false}}) {
    const Mutator m(built_in_model(), options);
    for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
      const std::string out = m.mutate(describe(), seed, kRoom, vocabulary());
      for (const auto& [name, argument] : wire::placeholders(out)) {
        ASSERT_TRUE(argument.empty() && known.contains("{{" + name + "}}")) << out;
      }
      ASSERT_TRUE(wire::expand(out, [](auto, auto) { return Result<std::string>("x"); })) << out;
    }
  }
}

// With `json` off nothing of what the model says comes in: no member that was not there, nothing of the
// vocabulary, and a few bytes at most are new.
TEST(Mutator, BytesOnlyKnowsNoModel) {
  const Mutator bytes(built_in_model(), {.json = false});
  Vocabulary known;
  known.by_member = {{"Name", {"from-the-vocabulary"}}};
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    const std::string out = bytes.mutate(describe(), seed, kRoom, known);
    ASSERT_EQ(out.find("from-the"), std::string::npos);
    ASSERT_EQ(out.find("NextToken"), std::string::npos);
    ASSERT_EQ(out.find("GetConnectionStatus"), std::string::npos);
    ASSERT_LE(out.size(), describe().size() + 4 * 128);
  }
}

TEST(Mutator, NamesTheServiceAsTheModelDoes) {
  const auto model = model::load(R"json({"smithy": "2.0", "shapes": {
    "a.b#Desk_2020": {"type": "service", "version": "2020-01-02", "traits": {
      "aws.auth#sigv4": {"name": "desk"}, "aws.protocols#awsJson1_0": {}}},
    "a.b#DeleteDesk": {"type": "operation"}, "a.b#DescribeDesks": {"type": "operation"}}})json");
  ASSERT_TRUE(model) << model.error().message;
  const Mutator of_another(*model);
  std::string all;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    all += of_another.mutate("POST / HTTP/1.1\nX-Amz-Target: Desk_2020.DescribeDesks\n\n{}", seed, kRoom, {});
  }
  for (const char* part : {"Desk_2020_20200102.", "a.b#Desk_2020.", "Desk_2020.DeleteDesk", " /desk ",
                           " /2020-01-02/ ", "?Action=DescribeDesks", "application/x-amz-json-1.0",
                           "application/x-amz-json-1.1", "Application/X-Amz-Json-1.0"}) {
    EXPECT_THAT(all.find(part), ::testing::Ne(std::string::npos)) << part;
  }
  for (const char* part : {"AmazonSSM", "ssm", "2014"})
    EXPECT_THAT(all.find(part), ::testing::Eq(std::string::npos)) << part;
}

TEST(Mutator, CanBeKeptToOperations) {
  const Mutator m(built_in_model(), {.operations = {"GetConnectionStatus"}});
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const std::string out = m.fresh(seed, kRoom, vocabulary());
    EXPECT_NE(out.find("AmazonSSM.GetConnectionStatus\n"), std::string::npos) << out;
  }
}

TEST(Mutator, FreshRequestsAreMostlyValid) {
  int valid = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    auto text = wire::parse_http_text(mutator().fresh(seed, 70'000, vocabulary()));
    ASSERT_TRUE(text);
    text->request.headers.add("Host", "x");
    text->request.headers.add("Content-Length", std::to_string(text->request.body.size()));
    oracle::Knowledge known;
    const auto request = oracle::classify(built_in_model(), conformance::ssm::rules(),
                                          wire::to_bytes(text->request), known, {});
    const bool broken = std::any_of(request.violations.begin(), request.violations.end(), [](const auto& v) {
      return v.rule < oracle::Rule::uncertain_value && v.rule != oracle::Rule::pattern;
    });
    valid += broken ? 0 : 1;
  }
  EXPECT_GT(valid, 950);
}

TEST(Crossover, HoldsPartsOfBoth) {
  const std::string other =
      "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.DescribeDocumentPermission\nX-Other: 1\n\n"
      R"({"Name":"another","PermissionType":"Share","NextToken":"token"})";
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const std::string out = mutator().crossover(describe(), other, seed, kRoom);
    for (const char* part :
         {"another", "{{document}}", "\"MaxResults\":20", "\"NextToken\":\"token\"", "X-Other"}) {
      if (out.find(part) != std::string::npos) seen.insert(part);
    }
    if (out.find("NextToken") != std::string::npos && out.find("MaxResults") != std::string::npos)
      seen.insert("both");
  }
  EXPECT_EQ(seen.size(), 6U);
}

TEST(VocabularyTest, KeepsWhatWasGivenAndTheNewest) {
  Vocabulary v;
  v.by_member["NextToken"] = {"given"};
  for (int i = 0; i < 100; ++i) v.learn("NextToken", std::to_string(i));
  v.learn("NextToken", "99");
  v.learn("NextToken", std::string(5000, 'x'));
  v.learn("Name", "new");
  const auto& tokens = v.by_member["NextToken"];
  ASSERT_EQ(tokens.size(), 1 + Vocabulary::kMaxLearned);
  EXPECT_EQ(tokens.front(), "given");
  EXPECT_EQ(tokens[1], "84");
  EXPECT_EQ(tokens.back(), "99");
  EXPECT_THAT(v.by_member["Name"], testing::ElementsAre("new"));
}

}  // namespace
}  // namespace harness::generate::mutator_test
