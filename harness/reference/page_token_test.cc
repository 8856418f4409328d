#include "harness/reference/page_token.h"

#include <gtest/gtest.h>

#include <string>

namespace harness::reference::page_token_test {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

TEST(PageToken, ComesBackAsItWasIssued) {
  const PageTokens tokens;
  for (const std::string account : {"012345678901", "all", "x"}) {
    const std::string token = tokens.issue(7, account);
    EXPECT_EQ(token.find_first_not_of(kAlphabet), std::string::npos) << token;
    EXPECT_EQ(tokens.read(7, token), account);
  }
}

TEST(PageToken, DoesNotShowWhatItHolds) {
  EXPECT_EQ(PageTokens().issue(7, "012345678901").find("012345678901"), std::string::npos);
}

TEST(PageToken, IsBoundToItsDocument) {
  const PageTokens tokens;
  EXPECT_EQ(tokens.read(8, tokens.issue(7, "all")), std::nullopt);
  // 1 and "1/all" must not be 11 and "/all" in disguise.
  EXPECT_EQ(tokens.read(1, tokens.issue(11, "all")), std::nullopt);
}

TEST(PageToken, IsOfUseOnlyWhereItWasIssued) {
  EXPECT_EQ(PageTokens().read(7, PageTokens().issue(7, "all")), std::nullopt);
}

TEST(PageToken, EveryChangedCharacterCounts) {
  const PageTokens tokens;
  // Lengths of every remainder modulo 3: base64 then leaves 0, 2 and 4 bits of the last character unused.
  for (const std::string account : {"012345678901", "0123456789012", "01234567890123"}) {
    const std::string token = tokens.issue(7, account);
    for (std::size_t at = 0; at < token.size(); ++at) {
      for (const char other : kAlphabet) {
        if (other == token[at]) continue;
        std::string changed = token;
        changed[at] = other;
        EXPECT_EQ(tokens.read(7, changed), std::nullopt) << token << " with " << other << " at " << at;
      }
    }
  }
}

TEST(PageToken, NothingMayBeAddedOrTakenAway) {
  const PageTokens tokens;
  const std::string token = tokens.issue(7, "012345678901");
  for (std::size_t size = 0; size < token.size(); ++size) {
    EXPECT_EQ(tokens.read(7, token.substr(0, size)), std::nullopt) << size;
    EXPECT_EQ(tokens.read(7, token.substr(token.size() - size)), std::nullopt) << size;
  }
  for (const std::string extra : {"A", "AA", "AAA", "AAAA", "=", "==", " ", "\n"}) {
    EXPECT_EQ(tokens.read(7, token + extra), std::nullopt) << extra;
    EXPECT_EQ(tokens.read(7, extra + token), std::nullopt) << extra;
  }
}

TEST(PageToken, OtherTextsAreNone) {
  const PageTokens tokens;
  for (const std::string& text :
       {std::string(), std::string("x"), std::string("next"), std::string("\xff\xfe"), std::string(4, '\0'),
        std::string(1 << 20, 'A'), std::string("====")}) {
    EXPECT_EQ(tokens.read(7, text), std::nullopt) << text.substr(0, 20);
  }
}

}  // namespace
}  // namespace harness::reference::page_token_test
