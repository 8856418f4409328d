#include "harness/wire/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace harness::wire::json_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Kind = JsonNote::Kind;
using ErrorKind = JsonSyntaxError::Kind;

JsonText parsed(std::string_view text) {
  auto result = parse_json(text);
  if (!result) {
    ADD_FAILURE() << "refused at " << result.error().offset << ": " << result.error().reason;
    return {};
  }
  return *std::move(result);
}

JsonSyntaxError refused(std::string_view text, std::size_t max_depth = 2000) {
  auto result = parse_json(text, max_depth);
  if (result) {
    ADD_FAILURE() << "accepted as " << to_text(result->value);
    return {};
  }
  return result.error();
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST(ParseJson, BuildsEveryKindOfValueInOrder) {
  const auto text =
      parsed(R"( {"z":[],"a":{"x":[1,-2,"s",true,false,null,[0]]},"u":18446744073709551615,"":"\u00e9\n"} )");
  EXPECT_THAT(text.notes, IsEmpty());
  EXPECT_EQ(text.value.dump(),
            R"({"z":[],"a":{"x":[1,-2,"s",true,false,null,[0]]},"u":18446744073709551615,"":"é\n"})");
  EXPECT_TRUE(text.value["a"]["x"][0].is_number_unsigned());
  EXPECT_TRUE(text.value["a"]["x"][1].is_number_integer());
}

TEST(ParseJson, BuildsWhatTheLibraryItselfBuilds) {
  for (const char* sample :
       {"null", "0", "-0", "\"x\"", "[]", "{}", "[[],{}]", "1.5", "-1e-3", R"({"a":{"b":{"c":[{"d":1}]}}})",
        "-9223372036854775808", "9223372036854775808", R"(["\ud83d\ude00","\"\\\/\b\f\n\r\t"])"}) {
    EXPECT_EQ(parsed(sample).value, Json::parse(sample)) << sample;
  }
}

// Two readers share the work (json_ordinary.h). A fraction at the end of a text is left to the second one, so
// that both read what stands before.
TEST(ParseJson, BothReadersReadTheSame) {
  for (const std::string sample :
       {R"([])", R"({})", R"("")", R"(null)", R"([true,false])",
        R"({"a":{"b":[1,-1,0,18446744073709551615]}})",
        R"([9223372036854775807,9223372036854775808,-9223372036854775808])",
        R"({"a":1,"b":{"c":1,"c":2},"a":3})", R"({"":"","é":"€😀","\"\\\/":"\b\f\n\r\t"})",
        R"( [ 1 , { "x" : [ [ ] ] } ] )", R"({"Target":"i-0123","Other":"-0"})",
        R"(["i-0",-0,[-0],{"x":-0}])", "[1,\n-0]", "[1,\t-0]"}) {
    const auto first = parsed(sample);
    const auto second = parsed("[" + sample + ",0.5]");
    ASSERT_EQ(second.value.size(), 2U) << sample;
    EXPECT_EQ(first.value.dump(), second.value[0].dump()) << sample;
    EXPECT_EQ(first.value.flatten().dump(), second.value[0].flatten().dump()) << sample;
    EXPECT_EQ(first.notes.size() + 1, second.notes.size()) << sample;  // that of the fraction
  }
}

TEST(ParseJson, ANegativeZeroIsNoUnsignedNumber) {
  for (const char* sample : {"-0", "[-0]", "[1,-0]", "{\"a\":-0}", "[\"i-0\", -0]", "[1,\r\n-0]"}) {
    const auto flat = parsed(sample).value.flatten();
    EXPECT_FALSE(flat.back().is_number_unsigned()) << sample;
  }
}

TEST(ParseJson, ReadsTheSameWhateverWasReadBefore) {
  const std::string large = "[\"" + std::string(100'000, 'x') + "\"]";
  const std::string broken[] = {"", "{", "{\"a\":", std::string(4096, '['), large + "]"};
  for (const std::string& before : broken) {
    EXPECT_FALSE(parse_json(before));
    EXPECT_EQ(parsed(R"({"a":[1,"x"]})").value, (Json{{"a", {1, "x"}}})) << before.substr(0, 10);
    EXPECT_EQ(parsed(large).value.size(), 1U);
  }
}

TEST(ParseJson, NotesDuplicatesAndKeepsTheLastValueInTheFirstPlace) {
  const auto text = parsed(R"({"a":1,"b":[{"c":1,"c":2}],"a":{"a":3}})");
  EXPECT_EQ(text.value.dump(), R"({"a":{"a":3},"b":[{"c":2}]})");
  EXPECT_THAT(text.notes,
              ElementsAre(JsonNote{Kind::duplicate_key, "b[0].c"}, JsonNote{Kind::duplicate_key, "a"}));
}

TEST(ParseJson, NotesEachDuplicateOnceHoweverOftenItStands) {
  const auto text = parsed(R"({"a":1,"a":2,"b":0,"a":3})");
  EXPECT_EQ(text.value.dump(), R"({"a":3,"b":0})");
  EXPECT_THAT(text.notes, ElementsAre(JsonNote{Kind::duplicate_key, "a"}));
}

TEST(ParseJson, ComparesNamesAfterUnescaping) {
  EXPECT_TRUE(parsed(R"({"a":1,"\u0061":2})").has(Kind::duplicate_key, "a"));
  EXPECT_FALSE(parsed(R"({"a":1,"A":2})").has(Kind::duplicate_key));
}

TEST(ParseJson, FindsDuplicatesAmongManyMembers) {
  std::string text = "{";
  for (int i = 0; i < 1000; ++i) text += "\"k" + std::to_string(i % 999) + "\":" + std::to_string(i) + ",";
  text.back() = '}';
  const auto result = parsed(text);
  EXPECT_THAT(result.notes, ElementsAre(JsonNote{Kind::duplicate_key, "k0"}));
  ASSERT_EQ(result.value.size(), 999U);
  EXPECT_EQ(result.value.begin().key(), "k0");
  EXPECT_EQ(result.value["k0"], 999);
  EXPECT_EQ(result.value["k998"], 998);
}

TEST(ParseJson, TellsFractionsFromIntegersBeyondSixtyFourBits) {
  const auto text = parsed(R"({"a":1.0,"b":[1e2,2E+0],"c":9223372036854775807,"d":-9223372036854775808,)"
                           R"("e":18446744073709551616,"f":-9223372036854775809,"g":0})");
  EXPECT_THAT(text.notes,
              ElementsAre(JsonNote{Kind::fractional_integer, "a"}, JsonNote{Kind::fractional_integer, "b[0]"},
                          JsonNote{Kind::fractional_integer, "b[1]"}, JsonNote{Kind::beyond_int64, "e"},
                          JsonNote{Kind::beyond_int64, "f"}));
  EXPECT_TRUE(text.value["a"].is_number_float());
  EXPECT_TRUE(text.value["e"].is_number_float());
  EXPECT_EQ(text.value["e"], 18446744073709551616.0);
}

TEST(ParseJson, PutsNullForNumbersBeyondDouble) {
  const auto text = parsed(R"({"s":"1e999","a":[1e308,1e999,-1E+400,1e-999],"b":1})");
  EXPECT_EQ(text.value["s"], "1e999");
  EXPECT_TRUE(text.value["a"][1].is_null());
  EXPECT_TRUE(text.value["a"][2].is_null());
  EXPECT_EQ(text.value["a"][3], 0.0);
  EXPECT_EQ(text.value["b"], 1);
  EXPECT_TRUE(text.has(Kind::unrepresentable, "a[1]"));
  EXPECT_TRUE(text.has(Kind::unrepresentable, "a[2]"));
  EXPECT_FALSE(text.has(Kind::unrepresentable, "a[0]"));
  EXPECT_FALSE(text.has(Kind::unrepresentable, "a[3]"));
  EXPECT_TRUE(text.has(Kind::fractional_integer, "a[0]"));

  const auto integer = parsed(std::string(400, '9'));
  EXPECT_TRUE(integer.value.is_null());
  EXPECT_THAT(integer.notes, ElementsAre(JsonNote{Kind::unrepresentable, ""}));
}

// What a number beyond double is replaced by must not become a number together with what stands beside it.
TEST(ParseJson, RefusesNumbersBeyondDoubleBesideOthers) {
  for (const char* text : {"[1-1e999]", "--1e999", "1.-1e999", "[1e+-1e999]", "1e999.5", "[1e999e5]"}) {
    const auto result = parse_json(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().kind, JsonSyntaxError::Kind::syntax) << text;
    EXPECT_LT(result.error().offset, std::string_view(text).size()) << text;
  }
}

TEST(ParseJson, ReplacesBytesThatAreNotUtf8) {
  const auto text =
      parsed("{\"a\":[\"ok\",\"x\xFFy\xC3\"],\"\x80\":{\"b\":\"\xED\xA0\x80\"},\"c\":\"\xC3\xA9\"}");
  EXPECT_EQ(text.value["a"][1], "x\xEF\xBF\xBDy\xEF\xBF\xBD");
  EXPECT_EQ(text.value["\xEF\xBF\xBD"]["b"], "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(text.value["c"], "\xC3\xA9");
  EXPECT_THAT(text.notes, ElementsAre(JsonNote{Kind::invalid_utf8, "a[1]"}, JsonNote{Kind::invalid_utf8, ""},
                                      JsonNote{Kind::invalid_utf8, "\xEF\xBF\xBD.b"}));
}

TEST(ParseJson, ReplacesSurrogatesWithoutAPartner) {
  const auto text = parsed(
      R"(["\ud800","\uDC00x","\ud83d\ude00","\ud800\u0041","\ud800\ud83d\ude00","\\ud800","\uD83D\\uDE00"])");
  EXPECT_EQ(text.value[0], "\xEF\xBF\xBD");
  EXPECT_EQ(text.value[1], "\xEF\xBF\xBDx");
  EXPECT_EQ(text.value[2], "\xF0\x9F\x98\x80");
  EXPECT_EQ(text.value[3],
            "\xEF\xBF\xBD"
            "A");
  EXPECT_EQ(text.value[4], "\xEF\xBF\xBD\xF0\x9F\x98\x80");
  EXPECT_EQ(text.value[5], "\\ud800");
  EXPECT_EQ(text.value[6], "\xEF\xBF\xBD\\uDE00");
  EXPECT_THAT(text.notes,
              ElementsAre(JsonNote{Kind::lone_surrogate, "[0]"}, JsonNote{Kind::lone_surrogate, "[1]"},
                          JsonNote{Kind::lone_surrogate, "[3]"}, JsonNote{Kind::lone_surrogate, "[4]"},
                          JsonNote{Kind::lone_surrogate, "[6]"}));
}

TEST(ParseJson, RepairsSeveralThingsAtOnce) {
  const auto text = parsed("\xEF\xBB\xBF{\"a\":1,\"a\":[\"\\udfff\xFE\",1e999,2.5]}");
  EXPECT_EQ(text.value.dump(), "{\"a\":[\"\xEF\xBF\xBD\xEF\xBF\xBD\",null,2.5]}");
  EXPECT_THAT(text.notes,
              ElementsAre(JsonNote{Kind::byte_order_mark, ""}, JsonNote{Kind::invalid_utf8, "a[0]"},
                          JsonNote{Kind::lone_surrogate, "a[0]"}, JsonNote{Kind::unrepresentable, "a[1]"},
                          JsonNote{Kind::fractional_integer, "a[2]"}, JsonNote{Kind::duplicate_key, "a"}));
}

TEST(ParseJson, SkipsOneByteOrderMark) {
  EXPECT_THAT(parsed("\xEF\xBB\xBF{}").notes, ElementsAre(JsonNote{Kind::byte_order_mark, ""}));
  EXPECT_THAT(parsed("{}").notes, IsEmpty());
  EXPECT_EQ(refused("\xEF\xBB\xBF\xEF\xBB\xBF{}").offset, 3U);
  EXPECT_EQ(refused("\xEF\xBB\xBF{x").offset, 4U);
  EXPECT_EQ(refused(" \xEF\xBB\xBF{}").offset, 1U);
  EXPECT_EQ(refused("\xEF\xBB\xBF").kind, ErrorKind::empty);
  EXPECT_EQ(refused("\xEF\xBB{}").kind, ErrorKind::syntax);
}

TEST(ParseJson, SaysEmptyOfATextWithoutAnyValue) {
  for (const std::string_view text : {"", " ", "\t\r\n "}) {
    EXPECT_EQ(refused(text).kind, ErrorKind::empty);
    EXPECT_EQ(refused(text).offset, text.size());
  }
  EXPECT_EQ(refused("\v").kind, ErrorKind::syntax);
}

struct Bad {
  const char* name;
  std::string_view text;
  std::size_t offset;
};

class ParseJsonRefuses : public testing::TestWithParam<Bad> {};

TEST_P(ParseJsonRefuses, AtTheOffset) {
  const auto error = refused(GetParam().text);
  EXPECT_EQ(error.kind, ErrorKind::syntax);
  EXPECT_EQ(error.offset, GetParam().offset);
  EXPECT_FALSE(error.reason.empty());
  EXPECT_THAT(error.reason, Not(HasSubstr("json.exception")));
  EXPECT_THAT(error.reason, Not(HasSubstr("last read")));
  EXPECT_EQ(scalar_count(error.reason), error.reason.size()) << "not plain ASCII: " << error.reason;
}

INSTANTIATE_TEST_SUITE_P(
    Cases, ParseJsonRefuses,
    testing::Values(Bad{"open_object", "{", 1}, Bad{"open_string", "\"abc", 4},
                    Bad{"no_value", "{\"a\":}", 5}, Bad{"trailing_comma", "[1,]", 3},
                    Bad{"no_comma", "[1 2]", 3}, Bad{"single_quotes", "{'a':1}", 1},
                    Bad{"comment", "/*x*/1", 0}, Bad{"nan", "NaN", 0}, Bad{"plus", "+1", 0},
                    Bad{"leading_zero", "[01]", 2}, Bad{"bare_point", "[1.]", 3},
                    Bad{"two_values", "{} {}", 3}, Bad{"python_true", "[True]", 1},
                    Bad{"raw_newline_in_string", "\"a\nb\"", 2}, Bad{"bad_escape", R"("\x")", 2},
                    Bad{"short_escape", R"("\u12")", 5}, Bad{"ff_outside_strings", "[1,\xFF]", 3},
                    Bad{"nul_after_value", std::string_view("{}\0", 3), 2},
                    Bad{"nul_and_garbage", std::string_view("{}\0xyz", 6), 2},
                    Bad{"nul_in_string", std::string_view("\"a\0b\"", 5), 2},
                    Bad{"nul_alone", std::string_view("\0", 1), 0},
                    Bad{"nul_behind_the_mistake", std::string_view("[x\0", 3), 1},
                    // The offset counts the bytes of the text as it came, not of its repaired copy.
                    Bad{"mistake_behind_invalid_utf8", "[\"\xFF\xFF\",x]", 6},
                    Bad{"mistake_behind_overflow", "[1e999,x]", 7},
                    Bad{"mistake_behind_surrogate", R"(["\ud800",x])", 10},
                    Bad{"mistake_behind_mark_and_repair", "\xEF\xBB\xBF[\"\xFF\",x]", 8},
                    Bad{"mistake_before_invalid_utf8", "[x,\"\xFF\"]", 1},
                    Bad{"open_string_with_invalid_utf8", "\"\xFF", 2}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(ParseJson, NeedsSeparatorsInStrings) {
  // U+2028 and DEL are no control characters of JSON.
  EXPECT_EQ(parsed("\"\xE2\x80\xA8\x7F\"").value, "\xE2\x80\xA8\x7F");
}

TEST(ParseJson, CountsLevelsUpToTheLimit) {
  EXPECT_TRUE(parse_json(nested(3), 3));
  const auto error = refused("[[ \"[[[[\", {\"a\":[[" + nested(1), 4);
  EXPECT_EQ(error.kind, ErrorKind::too_deep);
  EXPECT_EQ(error.offset, 17U);
  EXPECT_TRUE(parse_json("1", 0));
  EXPECT_EQ(refused("[]", 0).kind, ErrorKind::too_deep);
  EXPECT_TRUE(parse_json("[[],[],[[]]]", 3));
  EXPECT_TRUE(parse_json(nested(2000)));
  EXPECT_EQ(refused(nested(2001)).offset, 2000U);
}

TEST(ParseJson, JudgesNothingBelowTheLimit) {
  EXPECT_EQ(refused("[[[x", 2).kind, ErrorKind::too_deep);
  EXPECT_EQ(refused("[x[[", 2).kind, ErrorKind::syntax);
  EXPECT_EQ(refused("[\"\xFF\",[[", 2).kind, ErrorKind::too_deep);
  EXPECT_EQ(refused("[\"\xFF\",[[", 2).offset, 6U);
  EXPECT_EQ(refused("[1e999,[[", 2).offset, 8U);
}

TEST(ParseJson, SurvivesDeepNesting) {
  EXPECT_EQ(refused(std::string(200'000, '[')).kind, ErrorKind::too_deep);
  std::string objects;
  for (int i = 0; i < 200'000; ++i) objects += "{\"a\":";
  EXPECT_EQ(refused(objects).kind, ErrorKind::too_deep);
  // Without a limit the value is built and destroyed again, both without recursion.
  EXPECT_TRUE(parse_json(nested(200'000), 1'000'000));
  EXPECT_EQ(refused(std::string(200'000, '['), 1'000'000).kind, ErrorKind::syntax);
}

TEST(ParseJson, SurvivesLargeTexts) {
  constexpr std::size_t kSize = std::size_t{1} << 20;
  EXPECT_EQ(parsed("\"" + std::string(kSize, 'x') + "\"").value.get_ref<const std::string&>().size(), kSize);
  EXPECT_LT(refused("\"" + std::string(kSize, 'x')).reason.size(), 200U);
  const auto invalid = parsed("\"" + std::string(kSize, '\xFF') + "\"");
  EXPECT_EQ(invalid.value.get_ref<const std::string&>().size(), 3 * kSize);
  EXPECT_THAT(invalid.notes, ElementsAre(JsonNote{Kind::invalid_utf8, ""}));
}

TEST(ParseJson, ReadsAnObjectOfManyMembersInReasonableTime) {
  // A search of all members at each insertion would need 5 * 10^9 comparisons.
  std::string text = "{";
  constexpr int kMembers = 100'000;
  for (int i = 0; i < kMembers; ++i) text += "\"" + std::to_string(i) + "\":0,";
  text += "\"7\":1}";
  const auto result = parsed(text);
  EXPECT_EQ(result.value.size(), static_cast<std::size_t>(kMembers));
  EXPECT_THAT(result.notes, ElementsAre(JsonNote{Kind::duplicate_key, "7"}));
}

TEST(ParseJson, KeepsNotesWithinBounds) {
  std::string numbers = "{\"" + std::string(5000, 'k') + "\":[\"\xFF\",";
  for (int i = 0; i < 5000; ++i) numbers += "0.5,";
  numbers.back() = ']';
  const auto text = parsed(numbers + "}");
  EXPECT_EQ(text.notes.size(), 1001U);
  EXPECT_EQ(text.notes.front().path, std::string(1000, 'k'));
  EXPECT_TRUE(text.has(Kind::invalid_utf8));
}

TEST(JsonText, HasAsksForTheKindAndMaybeThePath) {
  const auto text = parsed(R"({"a":1.5})");
  EXPECT_TRUE(text.has(Kind::fractional_integer));
  EXPECT_TRUE(text.has(Kind::fractional_integer, "a"));
  EXPECT_FALSE(text.has(Kind::fractional_integer, "b"));
  EXPECT_FALSE(text.has(Kind::fractional_integer, ""));
  EXPECT_FALSE(text.has(Kind::duplicate_key));
}

TEST(ScalarCount, CountsScalarValuesAndInvalidBytes) {
  EXPECT_EQ(scalar_count(""), 0U);
  EXPECT_EQ(scalar_count("abc"), 3U);
  EXPECT_EQ(scalar_count("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"), 3U);
  EXPECT_EQ(scalar_count("e\xCC\x81"), 2U);
  EXPECT_EQ(scalar_count(std::string_view("\0\0", 2)), 2U);
  EXPECT_EQ(scalar_count("\xFF\xFE"), 2U);
  EXPECT_EQ(scalar_count("a\xC3"), 2U);
  EXPECT_EQ(scalar_count("\xE2\x82z"), 3U);
  EXPECT_EQ(scalar_count("\xED\xA0\x80"), 3U);
  EXPECT_EQ(scalar_count("\xC0\x80"), 2U);
}

TEST(ToText, WritesAsciiOnOneLine) {
  EXPECT_EQ(to_text(Json{{"a", {1, "é😀\n"}}}), R"({"a":[1,"\u00e9\ud83d\ude00\n"]})");
  EXPECT_EQ(to_text(Json("\xFF")), R"("\ufffd")");
  EXPECT_EQ(to_text(Json()), "null");
}

TEST(ToText, WritesDeepValuesLikeShallowOnes) {
  const std::string inner = R"({"a\n":[],"b":{},"\u00e9":[1,"x",null,{"c":[2.5,[3]]}],"d":true})";
  const auto wrapped = [&](std::size_t depth) {
    return std::string(depth, '[') + "0," + inner + std::string(depth, ']');
  };
  for (const std::size_t depth : {1, 90, 200, 1900}) {
    EXPECT_EQ(to_text(parsed(wrapped(depth)).value), wrapped(depth)) << depth;
  }
  EXPECT_EQ(to_text(parsed(nested(2000)).value), nested(2000));
  const auto deepest = parse_json(nested(200'000), 1'000'000);
  ASSERT_TRUE(deepest);
  EXPECT_EQ(to_text(deepest->value).size(), 400'000U);
}

// Reports are written when the process exits, after the main thread has given up what is its own.
TEST(ParseJsonDeathTest, WorksInHandlersOfExit) {
  EXPECT_EXIT(
      {
        if (!parse_json("{}")) std::_Exit(4);
        std::atexit([] {
          const auto late = parse_json(R"({"a":1})");
          if (!late || late->value["a"] != 1) std::_Exit(3);
        });
        std::exit(0);
      },
      ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace harness::wire::json_test
