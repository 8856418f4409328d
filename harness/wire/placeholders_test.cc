#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/wire/http_text.h"

namespace harness::wire::placeholders_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

Result<std::string> show(std::string_view name, std::string_view argument) {
  if (name == "bad") return fail("no such thing");
  return "<" + std::string(name) + "|" + std::string(argument) + ">";
}

std::string expanded(std::string_view text) {
  const auto result = expand(text, show);
  return result ? *result : "error: " + result.error().message;
}

TEST(Expand, ReplacesNamesWithAndWithoutArguments) {
  EXPECT_EQ(expanded("a{{b}}c{{d-1_x two words}}"), "a<b|>c<d-1_x|two words>");
  EXPECT_EQ(expanded("{{b }}{{b  x }}"), "<b|><b| x >");
  EXPECT_EQ(expanded("{\"Name\":{{b}}}"), "{\"Name\":<b|>}");
  EXPECT_EQ(expanded("{{{b}}}"), "{<b|>}");
  EXPECT_EQ(expanded("{{b {}}"), "<b|{>");
}

TEST(Expand, LeavesWhatIsNoPlaceholder) {
  for (const char* text :
       {"", "plain", "{", "{{", "}}", "{{}}", "{{\"a\":{}}}", "{{ b}}", "{{B}}", "{{1}}", "a}}b{{"}) {
    EXPECT_EQ(expanded(text), text);
  }
}

TEST(Expand, DoesNotSearchReplacementsAgain) {
  const auto result = expand("{{a}}}", [](auto, auto) -> Result<std::string> { return "{{b}"; });
  EXPECT_EQ(*result, "{{b}}");
}

TEST(Expand, NamesThePlaceholderOfAnError) {
  EXPECT_EQ(expanded("x{{bad}}"), "error: {{bad}}: no such thing");
  EXPECT_EQ(expand("{{a}}", nullptr).error().message, "{{a}}: nothing is known of it");
  EXPECT_THAT(expanded("{{open"), HasSubstr("'{{open' starts a placeholder"));
  EXPECT_THAT(expanded("{{open never closed }"), HasSubstr("'{{open' starts a placeholder"));
  EXPECT_THAT(expanded("{{a.b}}"), HasSubstr("'{{a' starts a placeholder"));
  EXPECT_THAT(expanded("{{a\nb}}"), HasSubstr("'{{a' starts a placeholder"));
}

TEST(Expand, Repeats) {
  EXPECT_EQ(expanded("[{{repeat 3 ab}}]"), "[ababab]");
  EXPECT_EQ(expanded("{{repeat 0 ab}}"), "");
  EXPECT_EQ(expanded("{{repeat 2  }}"), "  ");
  EXPECT_EQ(expanded("{{repeat 2 [{}}"), "[{[{");
  for (const char* bad : {"{{repeat}}", "{{repeat 3}}", "{{repeat 3 }}", "{{repeat x y}}", "{{repeat -1 y}}",
                          "{{repeat 99999999999999999999 y}}", "{{repeat 3x y}}"}) {
    EXPECT_THAT(expanded(bad), HasSubstr("error: {{repeat}}: needs a count and a text")) << bad;
  }
}

TEST(Expand, RepeatsAtMost64MiBInAll) {
  EXPECT_EQ(expanded("{{repeat 67108864 x}}").size(), 67108864U);
  EXPECT_THAT(expanded("{{repeat 67108865 x}}"), HasSubstr("more than 64 MiB"));
  EXPECT_THAT(expanded("{{repeat 33554432 x}}{{repeat 33554433 x}}"), HasSubstr("more than 64 MiB"));
  EXPECT_THAT(expanded("{{repeat 18446744073709551615 xxxxxxxxxxxxxxxx}}"), HasSubstr("more than 64 MiB"));
}

TEST(Placeholders, AreListedOnceInOrder) {
  EXPECT_THAT(placeholders("{{b}} {{a x}} {{b}} {{a y}} {{repeat 3 z}} {{a x}}"),
              ElementsAre(Pair("b", ""), Pair("a", "x"), Pair("a", "y")));
  EXPECT_THAT(placeholders("nothing {{ here }} {{X}}"), IsEmpty());
  EXPECT_THAT(placeholders("{{broken. {{a}} {{open"), ElementsAre(Pair("a", "")));
}

}  // namespace
}  // namespace harness::wire::placeholders_test
