#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>

#include "harness/base/ascii.h"
#include "harness/base/base64.h"
#include "harness/base/hash.h"
#include "harness/base/replace.h"
#include "harness/base/some_of.h"

namespace harness::base::base_test {
namespace {

TEST(Ascii, IsTheCLocaleOfEveryByte) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    EXPECT_EQ(is_digit(c), std::isdigit(byte) != 0) << byte;
    EXPECT_EQ(is_lower(c), std::islower(byte) != 0) << byte;
    EXPECT_EQ(is_upper(c), std::isupper(byte) != 0) << byte;
    EXPECT_EQ(is_letter(c), std::isalpha(byte) != 0) << byte;
    EXPECT_EQ(lower(c), static_cast<char>(std::tolower(byte))) << byte;
    EXPECT_EQ(upper(c), static_cast<char>(std::toupper(byte))) << byte;
    EXPECT_EQ(hex_value(c) >= 0, std::isxdigit(byte) != 0) << byte;
  }
  for (int value = 0; value < 16; ++value) {
    EXPECT_EQ(hex_value("0123456789abcdef"[value]), value);
    EXPECT_EQ(hex_value("0123456789ABCDEF"[value]), value);
  }
}

TEST(ReplaceAll, DoesNotLookAtWhatItPutIn) {
  std::string text = "a-b-c";
  replace_all(text, "-", "--");
  EXPECT_EQ(text, "a--b--c");
  replace_all(text, "--", "");
  EXPECT_EQ(text, "abc");
  replace_all(text, "x", "y");
  EXPECT_EQ(text, "abc");
}

TEST(SomeOf, SaysHowManyItLeavesOut) {
  EXPECT_EQ(some_of({}, 2), "");
  EXPECT_EQ(some_of({"a", "b"}, 2), "a, b");
  EXPECT_EQ(some_of({"a", "b", "c"}, 2), "a, b, c");
  EXPECT_EQ(some_of({"a", "b", "c", "d"}, 2), "a, b and 2 others");
}

TEST(Ascii, ChangesAndTrimsTexts) {
  EXPECT_EQ(lower("A-z \xc3\x84"), "a-z \xc3\x84");
  EXPECT_EQ(upper("A-z \xc3\xa4"), "A-Z \xc3\xa4");
  EXPECT_EQ(trimmed(" \ta b\t "), "a b");
  EXPECT_EQ(trimmed(" \t"), "");
  EXPECT_EQ(trimmed("--a-", "-"), "a");
}

// The vectors of the authors' page.
TEST(Fnv1a, IsWhatItsAuthorsSay) {
  EXPECT_EQ(fnv1a(""), 0xcbf29ce484222325U);
  EXPECT_EQ(fnv1a("a"), 0xaf63dc4c8601ec8cU);
  EXPECT_EQ(fnv1a("foobar"), 0x85944171f73967e8U);
  EXPECT_EQ(fnv1a("bar", fnv1a("foo")), fnv1a("foobar"));
}

// FIPS 180-4's example, and the empty text.
TEST(Sha256, IsWhatTheStandardSays) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Base64, GoesThereAndBack) {
  EXPECT_EQ(to_base64(""), "");
  EXPECT_EQ(to_base64("f"), "Zg==");
  EXPECT_EQ(to_base64("fo"), "Zm8=");
  EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
  std::string bytes;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
    bytes += static_cast<char>(i * 7);
  }
  const std::string large(2'000'001, '\xfe');  // more than two parts
  EXPECT_EQ(from_base64(to_base64(large)), large);
}

TEST(Base64, RefusesWhatIsNotBase64) {
  for (const char* text : {"Z", "Zg=", "Zg", "Z===", "====", " Zg=", "Zm9v\n   ", "Zm=v", "Zm9-"}) {
    EXPECT_FALSE(from_base64(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace harness::base::base_test
