#include "harness/wire/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace harness::wire::message_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SameName, IgnoresAsciiCaseOnly) {
  EXPECT_TRUE(same_name("", ""));
  EXPECT_TRUE(same_name("X-Amz-Target", "x-AMZ-target"));
  EXPECT_FALSE(same_name("X-Amz-Target", "X-Amz-Targe"));
  EXPECT_FALSE(same_name("X-Amz-Target", "X-Amz-Targes"));
  // '@' and '`' differ in the bit that folds letters, but are no letters; nor are bytes beyond ASCII.
  EXPECT_FALSE(same_name("a@", "a`"));
  EXPECT_FALSE(same_name("\xC4", "\xE4"));
}

TEST(Headers, FindsTheFirstOfSeveralAndAllOfThem) {
  const Headers headers{{"A", "1"}, {"b", "2"}, {"a", "3"}};
  EXPECT_EQ(headers.find("a"), "1");
  EXPECT_EQ(headers.find("B"), "2");
  EXPECT_EQ(headers.find("c"), std::nullopt);
  EXPECT_THAT(headers.all("A"), ElementsAre("1", "3"));
  EXPECT_THAT(headers.all("c"), IsEmpty());
  EXPECT_TRUE(headers.contains("B"));
  EXPECT_FALSE(headers.contains("c"));
}

TEST(Headers, AddAppendsWhateverIsThere) {
  Headers headers{{"A", "1"}};
  headers.add("a", "2");
  EXPECT_THAT(headers.lines(), ElementsAre(Header{"A", "1"}, Header{"a", "2"}));
}

TEST(Headers, SetReplacesTheFirstAndRemovesTheOthers) {
  Headers headers{{"x", "0"}, {"A", "1"}, {"b", "2"}, {"a", "3"}, {"a", "4"}};
  headers.set("a", "5");
  EXPECT_THAT(headers.lines(), ElementsAre(Header{"x", "0"}, Header{"A", "5"}, Header{"b", "2"}));
  headers.set("New", "6");
  EXPECT_EQ(headers.lines().back(), (Header{"New", "6"}));
}

TEST(Headers, RemoveTakesEveryLineOfTheNameEvenIfTheNameIsOneOfThem) {
  Headers headers{{"a-name-too-long-for-the-small-buffer", "1"},
                  {"b", "2"},
                  {"A-Name-Too-Long-For-The-Small-Buffer", "3"}};
  headers.remove(headers.lines().front().name);
  EXPECT_THAT(headers.lines(), ElementsAre(Header{"b", "2"}));
  headers.remove("absent");
  EXPECT_THAT(headers.lines(), ElementsAre(Header{"b", "2"}));
  headers.clear();
  EXPECT_THAT(headers.lines(), IsEmpty());
}

TEST(ToBytes, WritesARequestAsItStandsAndAddsNothing) {
  Request request;
  request.method = "pUT";
  request.target = "/a?b=%20";
  request.version = "HTTP/9.9";
  request.headers = {{"x", " 1 "}, {"X", ""}};
  request.body = std::string("a\0\r\n", 4);
  EXPECT_EQ(to_bytes(request), "pUT /a?b=%20 HTTP/9.9\r\nx:  1 \r\nX: \r\n\r\n" + request.body);
  EXPECT_EQ(to_bytes(Request{}), "POST / HTTP/1.1\r\n\r\n");
}

TEST(ToBytes, WritesAResponseAsItStandsAndAddsNothing) {
  Response response;
  response.status = 200;
  response.reason = "OK";
  response.headers = {{"Content-Length", "7"}};
  response.body = "{}";
  EXPECT_EQ(to_bytes(response), "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{}");
  response = Response{};
  response.status = 7;
  EXPECT_EQ(to_bytes(response), "HTTP/1.1 007 \r\n\r\n");
}

TEST(TransportNames, AreAllDifferentAndKnown) {
  std::set<std::string_view> names;
  const int last = static_cast<int>(Transport::cancelled);
  for (int i = 0; i <= last; ++i) names.insert(to_string(static_cast<Transport>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(last) + 1);
  EXPECT_FALSE(names.contains("unknown"));
  EXPECT_EQ(to_string(Transport::timed_out), "timed_out");
}

}  // namespace
}  // namespace harness::wire::message_test
