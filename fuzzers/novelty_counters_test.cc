#include "fuzzers/novelty_counters.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace fuzzers::novelty_counters_test {
namespace {

std::size_t how_many() {
  std::size_t n = 0;
  for (std::size_t i = 0; i < kCounters; ++i) n += is_hit(i) ? 1 : 0;
  return n;
}

TEST(NoveltyCounters, OneForAKindAndOneAlways) {
  clear_counters();
  EXPECT_EQ(how_many(), 0U);
  hit_always();
  EXPECT_EQ(how_many(), 1U);
  hit("400 ValidationException");
  EXPECT_EQ(how_many(), 2U);
  hit("400 ValidationException");
  EXPECT_EQ(how_many(), 2U);
  EXPECT_TRUE(is_hit(counter_of("400 ValidationException")));
  hit("400 InvalidDocument");
  EXPECT_EQ(how_many(), 3U);
  clear_counters();
  EXPECT_EQ(how_many(), 0U);
}

TEST(NoveltyCounters, KindsAreSpread) {
  std::set<std::size_t> places;
  for (int status = 100; status < 600; ++status) {
    const std::size_t place = counter_of(std::to_string(status) + " {}");
    EXPECT_GT(place, 0U);
    EXPECT_LT(place, kCounters);
    places.insert(place);
  }
  EXPECT_GT(places.size(), 480U);
}

}  // namespace
}  // namespace fuzzers::novelty_counters_test
