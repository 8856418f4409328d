#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/validate.h"
#include "harness/model/validate_test_support.h"

// Shapes that the two operations do not have, what stays uncertain, what must not be shown, and AWS's
// message.
namespace harness::model::validate_kinds_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing_support::Broken;
using testing_support::built_in;
using testing_support::json;
using testing_support::of;
using testing_support::times;
using R = Violation::Rule;

// One member of every kind.
const Model& every_kind() {
  static const Model model = testing_support::loaded(R"x({"smithy":"2.0","shapes":{
    "a#S":{"type":"service"}, "a#O":{"type":"operation","input":{"target":"a#I"}},
    "a#I":{"type":"structure","members":{
      "Tiny":{"target":"smithy.api#Byte"}, "Small":{"target":"smithy.api#Short"},
      "Int":{"target":"smithy.api#Integer"}, "Long":{"target":"a#Long"},
      "Huge":{"target":"smithy.api#BigInteger"}, "Ratio":{"target":"a#Ratio"},
      "On":{"target":"smithy.api#Boolean"}, "When":{"target":"smithy.api#Timestamp"},
      "Data":{"target":"smithy.api#Blob"}, "Any":{"target":"smithy.api#Document"},
      "Map":{"target":"a#Map"}, "Either":{"target":"a#Either"}, "Inner":{"target":"a#Inner"},
      "Inners":{"target":"a#Inners"}, "Secret":{"target":"a#Secret"}, "Odd":{"target":"a#Odd"},
      "Vague":{"target":"a#Vague"}}},
    "a#Long":{"type":"long","traits":{"smithy.api#range":{"min":0,"max":5000000000}}},
    "a#Ratio":{"type":"double","traits":{"smithy.api#range":{"min":0,"max":1}}},
    "a#Key":{"type":"string","traits":{"smithy.api#length":{"min":2,"max":3}}},
    "a#Map":{"type":"map","key":{"target":"a#Key"},"value":{"target":"a#Key"},"traits":{"smithy.api#length":{"max":2}}},
    "a#Either":{"type":"union","members":{"One":{"target":"a#Key"},"Two":{"target":"smithy.api#Integer"}}},
    "a#Inner":{"type":"structure","members":{"Key":{"target":"a#Key","traits":{"smithy.api#required":{}}},
                                             "Deep":{"target":"a#Inner"}}},
    "a#Inners":{"type":"list","member":{"target":"a#Inner"}},
    "a#Secret":{"type":"string","traits":{"smithy.api#sensitive":{},"smithy.api#pattern":"^s*$",
                                          "smithy.api#length":{"max":4}}},
    "a#Odd":{"type":"string","traits":{"smithy.api#pattern":"(a)\\1"}},
    "a#Vague":{"type":"string","traits":{"smithy.api#pattern":"all|none"}}
  }})x");
  return model;
}

Validation check(const std::string& text) {
  return validate(*every_kind().find_operation("O")->input, json(text));
}

std::vector<std::string> uncertain(const Validation& v) {
  std::vector<std::string> out;
  for (const auto& u : v.uncertainties) out.push_back(u.path);
  return out;
}

void expect_fine(const char* text) {
  const auto v = check(text);
  EXPECT_THAT(of(v), IsEmpty()) << text;
  EXPECT_THAT(uncertain(v), IsEmpty()) << text;
}

void expect_broken(const char* text, R rule, const char* path) {
  const auto v = check(text);
  EXPECT_THAT(of(v), ElementsAre(Broken{rule, path})) << text;
  EXPECT_THAT(uncertain(v), IsEmpty()) << text;
}

void expect_uncertain(const char* text, const char* path) {
  const auto v = check(text);
  EXPECT_THAT(of(v), IsEmpty()) << text;
  EXPECT_THAT(uncertain(v), ElementsAre(path)) << text;
}

TEST(ValidateKinds, IntegersHaveTheirWidths) {
  for (const char* in : {R"({"Tiny":-128})", R"({"Tiny":127})", R"({"Small":-32768})", R"({"Small":32767})",
                         R"({"Int":-2147483648})", R"({"Int":2147483647})", R"({"Long":0})",
                         R"({"Long":5000000000})", R"({"Huge":99999999999999999999999})"}) {
    expect_fine(in);
  }
  expect_broken(R"({"Tiny":128})", R::integer_size, "Tiny");
  expect_broken(R"({"Tiny":-129})", R::integer_size, "Tiny");
  expect_broken(R"({"Small":32768})", R::integer_size, "Small");
  expect_broken(R"({"Int":2147483648})", R::integer_size, "Int");
  expect_broken(R"({"Int":-2147483649})", R::integer_size, "Int");
  expect_broken(R"({"Long":5000000001})", R::range, "Long");
  expect_broken(R"({"Long":-9223372036854775808})", R::range, "Long");
  expect_broken(R"({"Long":9223372036854775807})", R::range, "Long");
  expect_broken(R"({"Long":9223372036854775808})", R::integer_size, "Long");
  expect_broken(R"({"Long":-9223372036854775809})", R::integer_size, "Long");
  expect_broken(R"({"Huge":"1"})", R::type, "Huge");
}

TEST(ValidateKinds, TheOthersHaveTheirJsonTypes) {
  for (const char* in :
       {R"({"On":true})", R"({"On":false})", R"({"When":1.5e9})", R"({"When":0})", R"({"Data":"aGk="})",
        R"({"Any":[{"a":1}]})", R"({"Any":7})", R"({"Ratio":0})", R"({"Ratio":1})", R"({"Ratio":0.5})"}) {
    expect_fine(in);
  }
  expect_broken(R"({"On":"true"})", R::type, "On");
  expect_broken(R"({"On":1})", R::type, "On");
  expect_broken(R"({"When":true})", R::type, "When");
  expect_broken(R"({"Data":1})", R::type, "Data");
  expect_broken(R"({"Ratio":true})", R::type, "Ratio");
  expect_broken(R"({"Ratio":1.01})", R::range, "Ratio");
  expect_broken(R"({"Ratio":-0.01})", R::range, "Ratio");
  expect_uncertain(R"({"When":"2026-01-02T03:04:05Z"})", "When");
  expect_uncertain(R"({"Ratio":"NaN"})", "Ratio");
}

TEST(ValidateKinds, MapsCheckKeysAndValues) {
  expect_fine(R"({"Map":{}})");
  expect_fine(R"({"Map":{"ab":"cd","xyz":"uvw"}})");
  expect_broken(R"({"Map":{"ab":"cd","bc":"cd","de":"cd"}})", R::length, "Map");
  expect_broken(R"({"Map":{"a":"cd"}})", R::length, "Map.a");
  expect_broken(R"({"Map":{"ab":"c"}})", R::length, "Map.ab");
  expect_broken(R"({"Map":{"ab":7}})", R::type, "Map.ab");
  expect_broken(R"({"Map":[]})", R::type, "Map");
  expect_uncertain(R"({"Map":{"ab":null}})", "Map.ab");
  EXPECT_EQ(check(R"({"Map":{"a":"cd"}})").violations.at(0).member, "Map");
}

TEST(ValidateKinds, UnionsHaveOneMember) {
  expect_fine(R"({"Either":{"One":"ab"}})");
  expect_fine(R"({"Either":{"One":null,"Two":7}})");
  expect_broken(R"({"Either":{"One":"a"}})", R::length, "Either.One");
  expect_broken(R"({"Either":{"Two":"a"}})", R::type, "Either.Two");
  expect_broken(R"({"Either":"One"})", R::type, "Either");
  expect_uncertain(R"({"Either":{}})", "Either");
  expect_uncertain(R"({"Either":{"One":"ab","Two":7}})", "Either");
  expect_uncertain(R"({"Either":{"Three":7}})", "Either");
}

TEST(ValidateKinds, PathsNameEveryStep) {
  expect_fine(R"({"Inner":{"Key":"ab","Deep":{"Key":"abc"}}})");
  expect_broken(R"({"Inner":{"Key":"ab","Deep":{"Deep":null}}})", R::required, "Inner.Deep.Key");
  expect_broken(R"({"Inners":[{"Key":"ab"},{"Key":"ab","Deep":{"Key":"abcd"}}]})", R::length,
                "Inners[1].Deep.Key");
  expect_broken(R"({"Inners":[{"Key":"ab"},[]]})", R::type, "Inners[1]");
  const auto v = check(R"({"Inners":[{"Key":"a"}]})");
  EXPECT_EQ(v.violations.at(0).member, "Key");
}

TEST(ValidateUncertain, NumbersThatReadersTakeDifferently) {
  expect_uncertain(R"({"Int":1.0})", "Int");
  expect_uncertain(R"({"Int":1.5})", "Int");
  expect_uncertain(R"({"Int":1e1})", "Int");
  expect_uncertain(R"({"Int":1e999})", "Int");
  expect_uncertain(R"({"Ratio":1e999})", "Ratio");
  // What could not be represented is not absent.
  expect_uncertain(R"({"Inner":{"Key":1e999}})", "Inner.Key");
}

TEST(ValidateUncertain, MinusZeroMayBeReadAsAFraction) {
  expect_uncertain(R"({"Int":-0})", "Int");
  expect_fine(R"({"Int":0})");
  // Where zero is out of range, it is so either way.
  const auto v =
      built_in("DescribeDocumentPermission", R"({"Name":"abc","PermissionType":"Share","MaxResults":-0})");
  EXPECT_THAT(of(v), ElementsAre(Broken{R::range, "MaxResults"}));
  EXPECT_THAT(uncertain(v), ElementsAre("MaxResults"));
}

TEST(ValidateUncertain, AMemberThatStandsTwiceIsNotCheckedFurther) {
  expect_uncertain(R"({"Int":1,"Int":"x"})", "Int");
  expect_uncertain(R"({"Int":"x","Int":1})", "Int");
  expect_uncertain(R"({"Inner":{"Key":"ab","Key":7}})", "Inner.Key");
  // Twice, but not a member of the model: nobody looks.
  expect_fine(R"({"Zzz":1,"Zzz":2})");
}

TEST(ValidateUncertain, TextThatIsNotUnicode) {
  for (const char* text : {"{\"Any\":1,\"Inner\":{\"Key\":\"a\xff\"}}", R"({"Inner":{"Key":"a\ud800"}})"}) {
    expect_uncertain(text, "Inner.Key");
  }
}

TEST(ValidateUncertain, NullInsideAList) {
  expect_uncertain(R"({"Inners":[{"Key":"ab"},null]})", "Inners[1]");
}

TEST(ValidateUncertain, PatternsThatCannotDecide) {
  expect_uncertain(R"({"Odd":"aa"})", "Odd");
  expect_fine(R"({"Vague":"all"})");
  expect_broken(R"({"Vague":"some"})", R::pattern, "Vague");
  expect_uncertain(R"({"Vague":"overall"})", "Vague");
}

TEST(ValidateSensitive, ValuesAreNotShownAnywhere) {
  for (const char* text : {R"({"Secret":"hunter"})", R"({"Secret":["hunter"]})"}) {
    const auto v = check(text);
    ASSERT_FALSE(v.violations.empty()) << text;
    for (const auto& one : v.violations) {
      EXPECT_EQ(one.value, "");
      EXPECT_THAT(one.constraint, Not(HasSubstr("hunter")));
    }
    EXPECT_THAT(aws_message(v.violations), Not(HasSubstr("hunter")));
  }
  EXPECT_EQ(check(R"({"Int":"seen"})").violations.at(0).value, "seen");
}

TEST(ValidateShown, ALongValueIsCutBetweenCharacters) {
  for (const char* c : {"a", "\u00e9", "\u4e2d", "\U0001f600"}) {
    const auto v = check("{\"Int\":\"" + times(500, c) + "\"}");
    const std::string& value = v.violations.at(0).value;
    EXPECT_LE(value.size(), 200U) << c;
    EXPECT_GE(value.size(), 190U) << c;
    EXPECT_EQ(value.substr(value.size() - 3), "...");
    const std::string kept = value.substr(0, value.size() - 3);
    EXPECT_EQ(kept, times(kept.size() / std::string_view(c).size(), c));
  }
  EXPECT_EQ(check("{\"Int\":\"" + times(200, "a") + "\"}").violations.at(0).value, times(200, "a"));
}

TEST(AwsMessage, OneOfEachConstraint) {
  const char* const op = "DescribeDocumentPermission";
  EXPECT_EQ(aws_message(built_in(op, R"({"Name":"abc"})").violations),
            "1 validation error detected: Value null at 'permissionType' failed to satisfy constraint: "
            "Member must not be null");
  EXPECT_EQ(aws_message(built_in(op, R"({"Name":"abc","PermissionType":"Share","MaxResults":0})").violations),
            "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: "
            "Member must have value greater than or equal to 1");
  EXPECT_EQ(aws_message(built_in(op, R"({"Name":"a!b","PermissionType":"Share"})").violations),
            "1 validation error detected: Value 'a!b' at 'name' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: ^[a-zA-Z0-9_\\-.]{3,128}$");
  EXPECT_EQ(aws_message(built_in(op, R"({"Name":"abc","PermissionType":"share"})").violations),
            "1 validation error detected: Value 'share' at 'permissionType' failed to satisfy constraint: "
            "Member must satisfy enum value set: [Share]");
  EXPECT_EQ(aws_message(built_in("GetConnectionStatus", R"({"Target":""})").violations),
            "1 validation error detected: Value '' at 'target' failed to satisfy constraint: "
            "Member must have length greater than or equal to 1");
}

TEST(AwsMessage, AnEmptyValueIsQuoted) {
  EXPECT_EQ(
      aws_message(built_in("DescribeDocumentPermission", R"({"Name":"","PermissionType":""})").violations),
      "2 validation errors detected: "
      "Value '' at 'name' failed to satisfy constraint: "
      "Member must satisfy regular expression pattern: ^[a-zA-Z0-9_\\-.]{3,128}$; "
      "Value '' at 'permissionType' failed to satisfy constraint: Member must satisfy enum value set: "
      "[Share]");
}

TEST(AwsMessage, PathsOfListsCountFromOneAndTypesAreNotCounted) {
  const auto v = built_in("ModifyDocumentPermission",
                          R"({"Name":7,"PermissionType":"Share","AccountIdsToAdd":["123456789012","x"]})");
  EXPECT_EQ(v.violations.size(), 2U);
  EXPECT_EQ(
      aws_message(v.violations),
      "1 validation error detected: Value 'x' at 'accountIdsToAdd.2.member' failed to satisfy constraint: "
      "Member must satisfy regular expression pattern: (?i)all|[0-9]{12}");
  EXPECT_EQ(
      aws_message(check(R"({"Inners":[{"Key":"ab","Deep":{}}]})").violations),
      "1 validation error detected: Value null at 'inners.1.member.deep.key' failed to satisfy constraint: "
      "Member must not be null");
}

TEST(AwsMessage, SensitiveMembersDropTheValue) {
  EXPECT_EQ(aws_message(check(R"({"Secret":"abc"})").violations),
            "1 validation error detected: Value at 'secret' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: ^s*$");
  EXPECT_EQ(aws_message(check(R"({"Secret":"sssss"})").violations),
            "1 validation error detected: Value at 'secret' failed to satisfy constraint: "
            "Member must have length less than or equal to 4");
}

}  // namespace
}  // namespace harness::model::validate_kinds_test
