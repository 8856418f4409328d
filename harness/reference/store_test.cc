#include "harness/reference/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace harness::reference::store_test {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(Store, HoldsADocumentUnderItsNameOnce) {
  Store store;
  EXPECT_EQ(store.find("one"), nullptr);
  EXPECT_TRUE(store.create("one", {}));
  EXPECT_FALSE(store.create("one", {}));
  ASSERT_NE(store.find("one"), nullptr);
  EXPECT_TRUE(store.remove("one"));
  EXPECT_FALSE(store.remove("one"));
  EXPECT_EQ(store.find("one"), nullptr);
}

TEST(Store, TellsADocumentFromItsPredecessorOfTheSameName) {
  Store store;
  store.create("one", {});
  const auto serial = store.find("one")->serial;
  store.remove("one");
  store.create("one", {});
  EXPECT_NE(store.find("one")->serial, serial);
}

TEST(Store, NamesAreSorted) {
  Store store;
  for (const char* name : {"b", "c", "a"}) store.create(name, {});
  EXPECT_THAT(store.names(), ElementsAre("a", "b", "c"));
}

TEST(PageOf, GoesOnBehindTheLastAccountEvenIfItIsGone) {
  Document document;
  document.shares = {{"1", "x"}, {"3", "y"}, {"5", "z"}};
  const auto first = page_of(document, "", 2);
  EXPECT_THAT(first.shares, ElementsAre(Pair("1", "x"), Pair("3", "y")));
  EXPECT_TRUE(first.more);
  document.shares.erase("3");
  const auto second = page_of(document, "3", 2);
  EXPECT_THAT(second.shares, ElementsAre(Pair("5", "z")));
  EXPECT_FALSE(second.more);
}

TEST(CanonicalAccount, IsTwelveDigitsOrAll) {
  EXPECT_EQ(canonical_account("012345678901"), "012345678901");
  for (const char* all : {"all", "All", "ALL", "aLL"}) EXPECT_EQ(canonical_account(all), "all") << all;
  for (const char* wrong : {"", "al", "allx", "xall", "01234567890", "0123456789012", "01234567890a", "all\n",
                            "x012345678901", " 012345678901"}) {
    EXPECT_EQ(canonical_account(wrong), std::nullopt) << wrong;
  }
}

TEST(ReservedName, HasAPrefixOfAws) {
  for (const char* name :
       {"AWS-RunShellScript", "aws-x", "awsx", "amazon-x", "AmazonCloudWatch-ManageAgent", "amzn-x"}) {
    EXPECT_TRUE(reserved_name(name)) << name;
  }
  for (const char* name : {"Example", "my-aws", "AW", "ama", "xAWS-"})
    EXPECT_FALSE(reserved_name(name)) << name;
}

}  // namespace
}  // namespace harness::reference::store_test
