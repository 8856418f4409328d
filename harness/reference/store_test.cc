#include "harness/reference/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/reference/typed.h"

namespace harness::reference::store_test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Pencil {
  int length = 7;
};
struct Paper {
  int length = 30;
};

TEST(Table, HoldsAResourceUnderItsNameOnce) {
  Table<Pencil> table;
  EXPECT_EQ(table.find("one"), nullptr);
  EXPECT_TRUE(table.create("one", {1}));
  EXPECT_FALSE(table.create("one", {2}));
  ASSERT_NE(table.find("one"), nullptr);
  EXPECT_EQ(table.find("one")->value.length, 1);
  EXPECT_EQ(table.size(), 1U);
  EXPECT_TRUE(table.remove("one"));
  EXPECT_FALSE(table.remove("one"));
  EXPECT_EQ(table.find("one"), nullptr);
}

TEST(Table, DistinguishesAResourceFromAnEarlierOneOfTheSameName) {
  Table<Pencil> table;
  table.create("one", {});
  const auto serial = table.find("one")->serial;
  table.remove("one");
  table.create("one", {});
  EXPECT_NE(table.find("one")->serial, serial);
}

TEST(Store, NamesOfAKindAreSorted) {
  Store store;
  auto& pencils = store.add<Pencil>("pencil");
  store.add<Paper>("paper");
  for (const char* name : {"b", "c", "a"}) pencils.create(name, {});
  EXPECT_THAT(store.names("pencil"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(store.names("paper"), IsEmpty());
  EXPECT_THAT(store.names("unknown"), IsEmpty());
}

TEST(Typed, KeepsOneValueOfEachType) {
  Typed values;
  EXPECT_EQ(values.get<Pencil>().length, 7);
  values.of<Pencil>().length = 3;
  values.of<Paper>().length *= 2;
  const Typed copy = values;
  values.of<Pencil>().length = 4;
  EXPECT_EQ(values.get<Pencil>().length, 4);
  EXPECT_EQ(copy.get<Pencil>().length, 3);
  EXPECT_EQ(copy.get<Paper>().length, 60);
}

}  // namespace
}  // namespace harness::reference::store_test
