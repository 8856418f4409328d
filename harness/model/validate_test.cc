#include "harness/model/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "harness/model/validate_test_support.h"

// The rules on the two documented operations' inputs, each at its boundaries.
namespace harness::model::validate_test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing_support::Broken;
using testing_support::built_in;
using testing_support::of;
using testing_support::times;
using R = Violation::Rule;

TEST(Validate, TakesTheDocumentedExamples) {
  for (const char* text : {R"({"Name":"Example","PermissionType":"Share"})",
                           R"({"PermissionType":"Share","MaxResults":1,"NextToken":"","Name":"a.b"})",
                           R"({"Name":"abc","PermissionType":"Share","MaxResults":200,"NextToken":"t"})"}) {
    const auto v = built_in("DescribeDocumentPermission", text);
    EXPECT_THAT(of(v), IsEmpty()) << text;
    EXPECT_TRUE(v.uncertainties.empty()) << text;
  }
  EXPECT_THAT(of(built_in("GetConnectionStatus", R"({"Target":"i-02573cafcfEXAMPLE"})")), IsEmpty());
}

std::vector<Broken> with_max_results(const std::string& value) {
  return of(built_in("DescribeDocumentPermission",
                     R"({"Name":"abc","PermissionType":"Share","MaxResults":)" + value + "}"));
}

TEST(Validate, RangeAtItsEnds) {
  for (const char* in : {"1", "2", "199", "200", "null"}) EXPECT_THAT(with_max_results(in), IsEmpty()) << in;
  for (const char* out : {"0", "-1", "201", "456", "-2147483648", "2147483647"}) {
    EXPECT_THAT(with_max_results(out), ElementsAre(Broken{R::range, "MaxResults"})) << out;
  }
}

TEST(Validate, RangeSaysWhichEnd) {
  const auto v =
      built_in("DescribeDocumentPermission", R"({"Name":"abc","PermissionType":"Share","MaxResults":0})");
  ASSERT_EQ(v.violations.size(), 1U);
  EXPECT_EQ(v.violations[0].constraint, "Member must have value greater than or equal to 1");
  EXPECT_EQ(v.violations[0].value, "0");
  EXPECT_EQ(v.violations[0].member, "MaxResults");
  const auto w =
      built_in("DescribeDocumentPermission", R"({"Name":"abc","PermissionType":"Share","MaxResults":201})");
  ASSERT_EQ(w.violations.size(), 1U);
  EXPECT_EQ(w.violations[0].constraint, "Member must have value less than or equal to 200");
  EXPECT_EQ(w.violations[0].value, "201");
}

TEST(Validate, AnIntegerBeyond32BitsIsOfTheWrongSizeAndNothingElse) {
  for (const char* out :
       {"2147483648", "-2147483649", "4294967297", "9223372036854775807", "9223372036854775808",
        "18446744073709551615", "18446744073709551617", "-9223372036854775809",
        "999999999999999999999999999999999999999999999999999999999999"}) {
    EXPECT_THAT(with_max_results(out), ElementsAre(Broken{R::integer_size, "MaxResults"})) << out;
  }
}

TEST(Validate, EveryOtherJsonTypeIsWrong) {
  for (const char* out : {"\"10\"", "\"\"", "true", "false", "[]", "[10]", "{}", "{\"a\":1}"}) {
    EXPECT_THAT(with_max_results(out), ElementsAre(Broken{R::type, "MaxResults"})) << out;
  }
  for (const char* out : {"7", "0", "1.5", "true", "false", "[]", "[\"abc\"]", "{}", "-1"}) {
    EXPECT_THAT(of(built_in("DescribeDocumentPermission",
                            R"({"PermissionType":"Share","Name":)" + std::string(out) + "}")),
                ElementsAre(Broken{R::type, "Name"}))
        << out;
    EXPECT_THAT(of(built_in("DescribeDocumentPermission",
                            R"({"Name":"abc","PermissionType":)" + std::string(out) + "}")),
                ElementsAre(Broken{R::type, "PermissionType"}))
        << out;
  }
  const auto v = built_in("GetConnectionStatus", R"({"Target":7})");
  ASSERT_EQ(v.violations.size(), 1U);
  EXPECT_EQ(v.violations[0].constraint, "expected a string, got an integer");
}

TEST(Validate, KeepsAThousandViolationsAtMost) {
  const auto v =
      built_in("ModifyDocumentPermission",
               R"({"Name":"abc","PermissionType":"Share","AccountIdsToAdd":[1)" + times(5000, ",1") + "]}");
  EXPECT_EQ(v.violations.size(), 1000U);
}

TEST(Validate, TheBodyItselfHasAType) {
  for (const char* body : {"[]", "7", "\"x\"", "true", "null"}) {
    EXPECT_THAT(of(built_in("GetConnectionStatus", body)), ElementsAre(Broken{R::type, ""})) << body;
  }
}

TEST(Validate, RequiredMembersMissingOrNull) {
  const Broken name{R::required, "Name"};
  const Broken type{R::required, "PermissionType"};
  const char* const op = "DescribeDocumentPermission";
  EXPECT_THAT(of(built_in(op, "{}")), ElementsAre(name, type));
  EXPECT_THAT(of(built_in(op, R"({"Name":null,"PermissionType":null})")), ElementsAre(name, type));
  EXPECT_THAT(of(built_in(op, R"({"PermissionType":"Share"})")), ElementsAre(name));
  EXPECT_THAT(of(built_in(op, R"({"Name":"abc"})")), ElementsAre(type));
  EXPECT_THAT(of(built_in(op, R"({"name":"abc","PermissionType":"Share"})")), ElementsAre(name))
      << "case counts";
  EXPECT_THAT(of(built_in("GetConnectionStatus", "{}")), ElementsAre(Broken{R::required, "Target"}));
  const auto v = built_in("GetConnectionStatus", "{}");
  EXPECT_EQ(v.violations.at(0).value, "null");
  EXPECT_EQ(v.violations.at(0).constraint, "Member must not be null");
}

TEST(Validate, ANullMemberIsAnAbsentOneAndUnknownMembersAreIgnored) {
  const char* const text =
      R"({"Name":"abc","PermissionType":"Share","MaxResults":null,"NextToken":null,"Extra":[{"x":1}],"":7})";
  const auto v = built_in("DescribeDocumentPermission", text);
  EXPECT_THAT(of(v), IsEmpty());
  EXPECT_TRUE(v.uncertainties.empty());
}

TEST(Validate, LengthCountsCharactersOfEveryWidth) {
  // One, two, three and four bytes; the last is also two UTF-16 units.
  for (const char* c : {"a", "\u00e9", "\u4e2d", "\U0001f600"}) {
    const auto status = [&](std::size_t n) {
      return of(built_in("GetConnectionStatus", "{\"Target\":\"" + times(n, c) + "\"}"));
    };
    EXPECT_THAT(status(1), IsEmpty()) << c;
    EXPECT_THAT(status(201), IsEmpty()) << c;
    EXPECT_THAT(status(399), IsEmpty()) << c;
    EXPECT_THAT(status(400), IsEmpty()) << c;
    EXPECT_THAT(status(401), ElementsAre(Broken{R::length, "Target"})) << c;
    EXPECT_THAT(status(6400), ElementsAre(Broken{R::length, "Target"})) << c;
  }
  EXPECT_THAT(of(built_in("GetConnectionStatus", R"({"Target":""})")),
              ElementsAre(Broken{R::length, "Target"}));
}

TEST(Validate, AnEscapeIsOneCharacter) {
  EXPECT_THAT(of(built_in("GetConnectionStatus", "{\"Target\":\"" + times(400, "\\u0041") + "\"}")),
              IsEmpty());
  EXPECT_THAT(of(built_in("GetConnectionStatus", "{\"Target\":\"" + times(400, "\\ud83d\\ude00") + "\"}")),
              IsEmpty());
  EXPECT_THAT(of(built_in("GetConnectionStatus", "{\"Target\":\"" + times(401, "\\ud83d\\ude00") + "\"}")),
              ElementsAre(Broken{R::length, "Target"}));
}

TEST(Validate, LengthSaysWhichEnd) {
  EXPECT_EQ(built_in("GetConnectionStatus", R"({"Target":""})").violations.at(0).constraint,
            "Member must have length greater than or equal to 1");
  EXPECT_EQ(
      built_in("GetConnectionStatus", "{\"Target\":\"" + times(401, "a") + "\"}").violations.at(0).constraint,
      "Member must have length less than or equal to 400");
}

TEST(Validate, PatternOfTheName) {
  const auto named = [](const std::string& json) {
    return of(built_in("DescribeDocumentPermission", R"({"PermissionType":"Share","Name":")" + json + "\"}"));
  };
  for (const auto& in : {std::string("abc"), std::string("A_b-9."), times(128, "x")}) {
    EXPECT_THAT(named(in), IsEmpty()) << in;
  }
  for (const auto& out :
       {std::string(), std::string("ab"), times(129, "x"), std::string("a b"), std::string("abc\\n"),
        std::string("abc\\u0000"), std::string("ab\u00e9"), std::string("a/bc")}) {
    EXPECT_THAT(named(out), ElementsAre(Broken{R::pattern, "Name"})) << out;
  }
  EXPECT_EQ(built_in("DescribeDocumentPermission", R"({"PermissionType":"Share","Name":"ab"})")
                .violations.at(0)
                .constraint,
            "Member must satisfy regular expression pattern: ^[a-zA-Z0-9_\\-.]{3,128}$");
}

TEST(Validate, EnumValuesAreExact) {
  for (const char* out :
       {"share", "SHARE", "Share ", " Share", "", "Shar", "Shares", "Share\\n", "Sh\u0430re"}) {
    const auto v = built_in("DescribeDocumentPermission",
                            R"({"Name":"abc","PermissionType":")" + std::string(out) + "\"}");
    EXPECT_THAT(of(v), ElementsAre(Broken{R::enumeration, "PermissionType"})) << out;
    EXPECT_EQ(v.violations.at(0).constraint, "Member must satisfy enum value set: [Share]");
  }
}

TEST(Validate, ListsHaveLengthsAndTheirElementsPaths) {
  const auto with = [](const std::string& list) {
    return of(built_in("ModifyDocumentPermission",
                       R"({"Name":"abc","PermissionType":"Share","AccountIdsToAdd":)" + list + "}"));
  };
  const auto ids = [](int n) {
    std::string out = "[";
    for (int i = 0; i < n; ++i)
      out += std::string(i ? "," : "") + "\"1234567890" + std::to_string(10 + i) + "\"";
    return out + "]";
  };
  EXPECT_THAT(with("[]"), IsEmpty());
  EXPECT_THAT(with(ids(1)), IsEmpty());
  EXPECT_THAT(with(ids(20)), IsEmpty());
  EXPECT_THAT(with(ids(21)), ElementsAre(Broken{R::length, "AccountIdsToAdd"}));
  EXPECT_THAT(with(R"(["123456789012","nobody","all",7])"),
              ElementsAre(Broken{R::pattern, "AccountIdsToAdd[1]"}, Broken{R::type, "AccountIdsToAdd[3]"}));
  EXPECT_THAT(with("\"all\""), ElementsAre(Broken{R::type, "AccountIdsToAdd"}));
}

TEST(Validate, SeveralViolationsComeInTheModelsOrder) {
  const auto v = built_in("DescribeDocumentPermission",
                          R"({"NextToken":7,"MaxResults":201,"PermissionType":"x","Name":"!"})");
  EXPECT_THAT(of(v), ElementsAre(Broken{R::pattern, "Name"}, Broken{R::enumeration, "PermissionType"},
                                 Broken{R::range, "MaxResults"}, Broken{R::type, "NextToken"}));
}

TEST(Validate, OutputsAreCheckedByTheSameRules) {
  const auto status = [](const std::string& value) {
    return of(testing_support::output("GetConnectionStatus", R"({"Target":"i-1","Status":)" + value + "}"));
  };
  EXPECT_THAT(status("\"connected\""), IsEmpty());
  EXPECT_THAT(status("\"notconnected\""), IsEmpty());
  for (const char* out : {"\"Connected\"", "\"NotConnected\"", "\"not_connected\"", "\"\""}) {
    EXPECT_THAT(status(out), ElementsAre(Broken{R::enumeration, "Status"})) << out;
  }
  EXPECT_THAT(of(testing_support::output("DescribeDocumentPermission",
                                         R"({"AccountIds":[],"AccountSharingInfoList":[{"AccountId":7}]})")),
              ElementsAre(Broken{R::type, "AccountSharingInfoList[0].AccountId"}));
}

TEST(ViolationRules, HaveStableNames) {
  EXPECT_EQ(to_string(R::type), "type");
  EXPECT_EQ(to_string(R::integer_size), "integer-size");
  EXPECT_EQ(to_string(R::required), "required");
  EXPECT_EQ(to_string(R::length), "length");
  EXPECT_EQ(to_string(R::range), "range");
  EXPECT_EQ(to_string(R::pattern), "pattern");
  EXPECT_EQ(to_string(R::enumeration), "enum");
}

}  // namespace
}  // namespace harness::model::validate_test
