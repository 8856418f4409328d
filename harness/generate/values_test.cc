#include "harness/generate/values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "harness/generate/string_values.h"
#include "harness/model/built_in_for_test.h"
#include "harness/model/validate.h"
#include "harness/wire/json.h"

// Which values are made for each member of the two operations, and what the documentation says of each:
// written here by hand, and compared with what validate() finds.
namespace harness::generate::values_test {
namespace {

using namespace std::string_literals;
using model::testing_support::built_in_model;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;

const model::Member& member(std::string_view operation, std::string_view name) {
  return *built_in_model().find_operation(operation)->input->find_member(name);
}

constexpr const char* kDescribe = "DescribeDocumentPermission";
constexpr const char* kStatus = "GetConnectionStatus";

std::vector<Value> values_of(std::string_view name) {
  if (name == "Name") return boundary_values(member(kDescribe, name), R"("{{document}}")");
  if (name == "PermissionType") return boundary_values(member(kDescribe, name), R"("Share")");
  if (name == "MaxResults") return boundary_values(member(kDescribe, name), "20");
  if (name == "NextToken") return boundary_values(member(kDescribe, name), R"("AAAAtoken")");
  return boundary_values(member(kStatus, name), R"("{{node}}")");
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string filled(const std::string& json) {
  return replaced(replaced(replaced(json, "{{document}}", "Example"), "{{prefix}}", "run-"), "{{node}}",
                  "i-1");
}

/// What validate() finds in an otherwise valid input: "valid", "range", "range+uncertain".
std::string verdict(std::string_view name, const std::string& json) {
  std::map<std::string, std::string> input;
  const bool status = name == "Target";
  if (!status) input = {{"Name", "\"Example\""}, {"PermissionType", "\"Share\""}};
  input.erase(std::string(name));
  if (!json.empty()) input[std::string(name)] = filled(json);
  std::string text;
  for (const auto& [key, value] : input) text += (text.empty() ? "{\"" : ",\"") + key + "\":" + value;
  const auto parsed = wire::parse_json(text.empty() ? "{}" : text + "}");
  if (!parsed) return "not JSON: " + text;
  const auto result =
      model::validate(*built_in_model().find_operation(status ? kStatus : kDescribe)->input, *parsed);
  std::string out;
  for (const auto& v : result.violations) {
    out += (out.empty() ? "" : "+") + std::string(to_string(v.rule));
    EXPECT_EQ(v.path, name);
  }
  if (!result.uncertainties.empty()) out += out.empty() ? "uncertain" : "+uncertain";
  return out.empty() ? "valid" : out;
}

std::map<std::string, std::string> verdicts(std::string_view name, std::string_view group) {
  std::map<std::string, std::string> out;
  for (const auto& v : values_of(name)) {
    if (v.label.starts_with(group)) out[v.label.substr(group.size())] = verdict(name, v.json);
  }
  return out;
}

using Verdicts = std::map<std::string, std::string>;
const char* const kMembers[] = {"Name", "PermissionType", "MaxResults", "NextToken", "Target"};

TEST(BoundaryValues, LabelsAreUniqueAndFitForIds) {
  for (const char* name : kMembers) {
    std::set<std::string> labels;
    for (const auto& v : values_of(name)) {
      EXPECT_TRUE(labels.insert(v.label).second) << name << " " << v.label;
      EXPECT_EQ(v.label.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-/"), std::string::npos)
          << v.label;
      EXPECT_NE(v.title, "") << v.label;
      EXPECT_EQ(v.title.find('\n'), std::string::npos) << v.label;
    }
  }
}

TEST(BoundaryValues, AreTheSameEveryTime) {
  for (const char* name : kMembers) {
    const auto once = values_of(name);
    const auto again = values_of(name);
    ASSERT_EQ(once.size(), again.size());
    for (std::size_t i = 0; i < once.size(); ++i) {
      EXPECT_EQ(once[i].label, again[i].label);
      EXPECT_EQ(once[i].title, again[i].title);
      EXPECT_EQ(once[i].json, again[i].json);
    }
  }
}

TEST(BoundaryValues, NoValueIsSentTwice) {
  for (const char* name : kMembers) {
    std::map<std::string, std::string> seen;
    for (const auto& v : values_of(name)) {
      const auto [first, fresh] = seen.emplace(v.json, v.label);
      // An empty string is below every minimum, whatever the constraint that says so.
      if (v.json != "\"\"") {
        EXPECT_TRUE(fresh) << name << ": " << v.label << " is " << first->second << " again";
      }
    }
  }
}

TEST(BoundaryValues, MaxResultsAroundItsRangeAndTheWidthsOfIntegers) {
  const Verdicts expected = {
      {"below-minimum", "range"},
      {"minimum", "valid"},
      {"above-minimum", "valid"},
      {"below-maximum", "valid"},
      {"maximum", "valid"},
      {"above-maximum", "range"},
      {"far-above-maximum", "range"},
      {"minus-zero", "range+uncertain"},
      {"minus-one", "range"},
      {"int32-minimum", "range"},
      {"int32-maximum", "range"},
      {"below-int32", "integer-size"},
      {"above-int32", "integer-size"},
      {"wraps-int32", "integer-size"},
      {"above-int64", "integer-size"},
      {"wraps-int64", "integer-size"},
      {"enormous", "integer-size"},
  };
  EXPECT_EQ(verdicts("MaxResults", "range/"), expected);
  std::set<std::string> sent;
  for (const auto& v : values_of("MaxResults")) sent.insert(v.json);
  for (const char* json : {"-2147483649", "-1", "0", "1", "2", "199", "200", "201", "456", "2147483647",
                           "2147483648", "9223372036854775808", "-0"}) {
    EXPECT_TRUE(sent.contains(json)) << json;
  }
}

TEST(BoundaryValues, EveryJsonTypeInPlaceOfANumber) {
  Verdicts found = verdicts("MaxResults", "type/");
  std::erase_if(found, [](const auto& entry) { return entry.first.starts_with("text-"); });
  const Verdicts expected = {
      {"string", "type"},        {"word", "type"},          {"empty-string", "type"},
      {"fraction", "uncertain"}, {"exponent", "uncertain"}, {"true", "type"},
      {"false", "type"},         {"empty-array", "type"},   {"array", "type"},
      {"nested-array", "type"},  {"empty-object", "type"},  {"object", "type"},
  };
  EXPECT_EQ(found, expected);
}

TEST(BoundaryValues, ANumberInQuotesIsOfTheWrongTypeInEverySyntaxOfNumbers) {
  std::set<std::string> sent;
  for (const auto& v : values_of("MaxResults")) {
    if (!v.label.starts_with("type/text-")) continue;
    sent.insert(v.json);
    EXPECT_EQ(verdict("MaxResults", v.json), "type") << v.json;
  }
  for (const char* json :
       {R"("5")",     R"("+5")",    R"("005")",   R"("5e0")",   R"("1e2")",  R"("5.0")",
        R"("5.")",    R"("0x5")",   R"("0o5")",   R"("0b101")", R"(" 5")",   R"("5 ")",
        R"("5\n")",   R"("\t5")",   R"("5x")",    R"("5L")",    R"("0_5")",  R"("0,5")",
        "\"\u0665\"", "\"\uff15\"", R"("\"5\"")", R"("NaN")",   R"("null")", R"("true")"}) {
    EXPECT_TRUE(sent.contains(json)) << json;
  }
  for (const char* name : {"Name", "PermissionType", "NextToken", "Target"})
    EXPECT_THAT(verdicts(name, "type/text-"), IsEmpty()) << name;
}

// Of every integer member, whatever its range: a text that is refused for its number shows nothing of its
// type.
TEST(BoundaryValues, ANumberInQuotesIsInsideTheRange) {
  struct Range {
    std::optional<std::int64_t> least, most;
    const char* digits;
  };
  for (const Range& range : {Range{{}, {}, R"("5")"}, Range{1, 200, R"("5")"}, Range{10, {}, R"("10")"},
                             Range{{}, -3, R"("-3")"}, Range{-9, -7, R"("-7")"}}) {
    model::Shape integer;
    integer.type = model::ShapeType::integer;
    model::Member member;
    member.name = "N";
    member.target = &integer;
    member.constraints.min_value = range.least;
    member.constraints.max_value = range.most;
    std::map<std::string, std::string> by_label;
    for (const auto& v : boundary_values(member, "20")) by_label[v.label] = v.json;
    EXPECT_EQ(by_label["type/text-digits"], range.digits);
  }
}

TEST(BoundaryValues, EveryJsonTypeInPlaceOfAString) {
  const Verdicts expected = {
      {"integer", "type"},      {"zero", "type"},   {"fraction", "type"},     {"exponent", "type"},
      {"true", "type"},         {"false", "type"},  {"empty-array", "type"},  {"array", "type"},
      {"nested-array", "type"}, {"object", "type"}, {"empty-object", "type"},
  };
  for (const char* name : {"Name", "PermissionType", "NextToken", "Target"}) {
    EXPECT_EQ(verdicts(name, "type/"), expected) << name;
  }
}

TEST(BoundaryValues, MissingAndNull) {
  const Verdicts required = {{"missing", "required"}, {"null", "required"}};
  const Verdicts optional = {{"missing", "valid"}, {"null", "valid"}};
  for (const char* name : {"Name", "PermissionType", "Target"}) {
    EXPECT_EQ(verdicts(name, "required/"), required) << name;
    EXPECT_THAT(verdicts(name, "optional/"), IsEmpty()) << name;
  }
  for (const char* name : {"MaxResults", "NextToken"}) {
    EXPECT_EQ(verdicts(name, "optional/"), optional) << name;
    EXPECT_THAT(verdicts(name, "required/"), IsEmpty()) << name;
  }
}

TEST(BoundaryValues, PermissionTypeInOtherSpellings) {
  Verdicts expected = {{"value-share", "valid"}};
  for (const char* miss : {"lower-case", "upper-case", "swapped-case", "empty", "space", "first-space",
                           "final-space", "final-newline", "final-tab", "final-nul", "shortened",
                           "lengthened", "twice", "listed", "quoted", "look-alike", "unknown"}) {
    expected[miss] = "enum";
  }
  EXPECT_EQ(verdicts("PermissionType", "enum/"), expected);
  std::set<std::string> sent;
  for (const auto& v : values_of("PermissionType")) sent.insert(v.json);
  for (const char* json : {R"("share")", R"("SHARE")", R"("sHARE")", R"(" Share")", R"("Share ")", R"("")",
                           R"("Shar")", R"("Shares")", R"("Share\n")"}) {
    EXPECT_TRUE(sent.contains(json)) << json;
  }
}

TEST(BoundaryValues, TargetAtItsLengthsInCharactersOfEveryWidth) {
  Verdicts expected = {{"below-minimum", "length"}};
  for (const char* width : {"", "-two-byte", "-three-byte", "-four-byte"}) {
    for (const char* in : {"minimum", "half", "below-maximum", "maximum"})
      expected[in + std::string(width)] = "valid";
    for (const char* out : {"above-maximum", "far-above-maximum"})
      expected[out + std::string(width)] = "length";
  }
  EXPECT_EQ(verdicts("Target", "length/"), expected);

  const std::map<std::string, std::pair<std::size_t, std::size_t>> sizes = {
      // label -> characters, bytes
      {"length/below-minimum", {0, 0}},
      {"length/minimum", {1, 1}},
      {"length/maximum", {400, 400}},
      {"length/maximum-two-byte", {400, 800}},
      {"length/maximum-three-byte", {400, 1200}},
      {"length/maximum-four-byte", {400, 1600}},
      {"length/above-maximum", {401, 401}},
      {"length/above-maximum-two-byte", {401, 802}},
      {"length/above-maximum-three-byte", {401, 1203}},
      {"length/above-maximum-four-byte", {401, 1604}},
  };
  std::size_t seen = 0;
  for (const auto& v : values_of("Target")) {
    const auto it = sizes.find(v.label);
    if (it == sizes.end()) continue;
    ++seen;
    const auto text = wire::parse_json(v.json)->value.get<std::string>();
    EXPECT_EQ(wire::scalar_count(text), it->second.first) << v.label;
    EXPECT_EQ(text.size(), it->second.second) << v.label;
  }
  EXPECT_EQ(seen, sizes.size());
}

TEST(BoundaryValues, NameAtItsLengths) {
  std::map<std::size_t, std::string> found;
  for (const auto& v : values_of("Name")) {
    if (!v.label.starts_with("pattern/length-")) continue;
    const auto text = wire::parse_json(v.json)->value.get<std::string>();
    EXPECT_EQ(v.label, "pattern/length-" + std::to_string(text.size()));
    found[text.size()] = verdict("Name", v.json);
  }
  const std::map<std::size_t, std::string> expected = {{0, "pattern"}, {2, "pattern"},   {3, "valid"},
                                                       {128, "valid"}, {129, "pattern"}, {1024, "pattern"}};
  EXPECT_EQ(found, expected);
}

// The shortest that such a pattern takes is the longest too, or nothing at all.
TEST(BoundaryValues, LabelsAreUniqueWherePatternsTakeOneLength) {
  for (const char* pattern : {"^[0-9]{12}$", "(?i)all|[0-9]{12}", "^$", "^a?$", "^a$"}) {
    model::Constraints constraints;
    constraints.pattern = std::make_shared<const model::Pattern>(pattern);
    std::set<std::string> labels;
    for (const auto& value : string_values(constraints, "\"x\""))
      EXPECT_TRUE(labels.insert(value.label).second) << pattern << " " << value.label;
    EXPECT_THAT(labels, testing::Not(IsEmpty()));
  }
}

TEST(BoundaryValues, NameWithEachCharacter) {
  const std::string allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
  std::map<std::string, std::string> by_text;
  for (const auto& v : values_of("Name")) {
    if (!v.label.starts_with("pattern/allowed-u") && !v.label.starts_with("pattern/forbidden-u")) continue;
    const auto text = wire::parse_json(filled(v.json))->value.get<std::string>();
    ASSERT_TRUE(text.starts_with("run-") && text.ends_with("xx")) << v.label;
    const std::string c = text.substr(4, text.size() - 6);
    const bool in = c.size() == 1 && allowed.find(c) != std::string::npos;
    EXPECT_EQ(v.label.starts_with("pattern/allowed-u"), in) << v.label;
    EXPECT_EQ(verdict("Name", v.json), in ? "valid" : "pattern") << v.label;
    by_text[c] = v.label;
  }
  for (char c = 0x20; c < 0x7f; ++c) EXPECT_TRUE(by_text.contains(std::string(1, c))) << c;
  // NUL, newline, a letter and a digit beyond ASCII of two, three and four bytes.
  for (const std::string& c : {"\0"s, "\n"s, "\r"s, "\x7f"s, "\u00e9"s, "\u0430"s, "\u0663"s, "\u4e2d"s,
                               "\uff11"s, "\u212a"s, "\U00020000"s, "\U0001d7d9"s, "\ufeff"s}) {
    EXPECT_TRUE(by_text.contains(c)) << ::testing::PrintToString(c);
  }
}

TEST(BoundaryValues, NameWithSomethingBeforeOrBehindIt) {
  std::map<std::string, std::string> texts;
  for (const auto& v : values_of("Name")) {
    if (!v.label.starts_with("pattern/") || v.label.find("-u") != std::string::npos ||
        v.label.starts_with("pattern/length-")) {
      continue;
    }
    texts[v.label.substr(8)] = wire::parse_json(filled(v.json))->value.get<std::string>();
    EXPECT_EQ(verdict("Name", v.json), "pattern") << v.label;
  }
  const std::map<std::string, std::string> expected = {
      {"final-newline", "Example\n"},  {"final-carriage-return-newline", "Example\r\n"},
      {"first-newline", "\nExample"},  {"second-line", "!!\nExample"},
      {"first-line", "Example\n!!"},   {"final-space", "Example "},
      {"first-space", " Example"},     {"final-nul", "Example\0"s},
      {"final-forbidden", "Example!"}, {"first-forbidden", "!Example"},
  };
  EXPECT_EQ(texts, expected);
}

TEST(BoundaryValues, ATokenHasNoConstraintsButItsType) {
  for (const auto& v : values_of("NextToken")) {
    EXPECT_TRUE(v.label.starts_with("type/") || v.label.starts_with("optional/")) << v.label;
  }
}

TEST(BoundaryValues, AllAreJson) {
  for (const char* name : kMembers) {
    for (const auto& v : values_of(name)) {
      if (!v.json.empty()) {
        EXPECT_TRUE(wire::parse_json(v.json)) << name << " " << v.label;
      }
    }
  }
}

TEST(Utf8Of, OneToFourBytes) {
  EXPECT_EQ(utf8_of(0x41), "A");
  EXPECT_EQ(utf8_of(0x00), "\0"s);
  EXPECT_EQ(utf8_of(0xe9), "\xc3\xa9");
  EXPECT_EQ(utf8_of(0x4e2d), "\xe4\xb8\xad");
  EXPECT_EQ(utf8_of(0x1f600), "\xf0\x9f\x98\x80");
}

}  // namespace
}  // namespace harness::generate::values_test
