#include "harness/reference/pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace harness::reference::pages_test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::vector<std::string> kKeys = {"1", "3", "5"};

// The keys on each page up to the last one.
std::vector<std::vector<std::string>> all(const Pages& pages, std::size_t limit) {
  std::vector<std::vector<std::string>> out;
  std::optional<std::string> token;
  for (int most = 0; most < 20; ++most) {
    const auto page = pages.page(7, kKeys, token, limit);
    if (!page) return {{"a token was refused"}};
    const auto first = kKeys.begin() + static_cast<std::ptrdiff_t>(page->first);
    out.emplace_back(first, first + static_cast<std::ptrdiff_t>(page->count));
    if (page->next_token.empty()) return out;
    token = page->next_token;
  }
  return {{"they never end"}};
}

TEST(Pages, HoldEachKeyOnce) {
  EXPECT_THAT(all(Pages({}), 2), ElementsAre(ElementsAre("1", "3"), ElementsAre("5")));
  EXPECT_THAT(all(Pages({}), 3), ElementsAre(ElementsAre("1", "3", "5")));
}

TEST(Pages, GoOnBehindTheLastKeyEvenIfItIsGone) {
  const Pages pages({});
  const auto first = pages.page(7, kKeys, std::nullopt, 2);
  const auto second = pages.page(7, {"1", "5"}, first->next_token, 2);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->first, 1U);
  EXPECT_EQ(second->count, 1U);
  EXPECT_EQ(second->next_token, "");
}

TEST(Pages, TokensAreOfOneList) {
  const Pages pages({});
  const auto first = pages.page(7, kKeys, std::nullopt, 1);
  EXPECT_FALSE(pages.page(8, kKeys, first->next_token, 1));
  EXPECT_FALSE(pages.page(7, kKeys, "", 1));
  EXPECT_FALSE(Pages({}).page(7, kKeys, first->next_token, 1)) << "of another service";
}

TEST(Pages, AreAsTheDialectHasThem) {
  Dialect dialect;
  dialect.page_limit = 1;
  EXPECT_EQ(all(Pages(dialect), 3).size(), 3U);
  dialect.token_after_full_page = true;
  EXPECT_THAT(all(Pages(dialect), 3).back(), IsEmpty());
  dialect = {};
  dialect.empty_first_page = true;
  EXPECT_THAT(all(Pages(dialect), 3), ElementsAre(IsEmpty(), ElementsAre("1", "3", "5")));
  dialect = {};
  dialect.empty_pages_between = true;
  EXPECT_THAT(all(Pages(dialect), 2), ElementsAre(ElementsAre("1", "3"), IsEmpty(), ElementsAre("5")));
}

}  // namespace
}  // namespace harness::reference::pages_test
