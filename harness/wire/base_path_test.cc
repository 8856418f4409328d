#include "harness/wire/base_path.h"

#include <gtest/gtest.h>

namespace harness::wire::base_path_test {
namespace {

TEST(BasePath, ComesBeforeEveryPath) {
  EXPECT_EQ(under_base_path("/aws", "/"), "/aws/");
  EXPECT_EQ(under_base_path("/a/b", "/x?y=/z"), "/a/b/x?y=/z");
  EXPECT_EQ(under_base_path("/aws", "/../x"), "/aws/../x");
  EXPECT_EQ(under_base_path("", "/"), "/");
}

TEST(BasePath, LeavesOtherFormsOfATargetAlone) {
  for (const char* target : {"*", "http://localhost/", "localhost:80", "", "?x"}) {
    EXPECT_EQ(under_base_path("/aws", target), target);
  }
}

TEST(BasePath, IsPutIntoTheFirstLineOfBytes) {
  const std::pair<const char*, const char*> lines[] = {
      {"POST / HTTP/1.1\r\nA: /\r\n\r\n/", "POST /aws/ HTTP/1.1\r\nA: /\r\n\r\n/"},
      {"POST /x HT", "POST /aws/x HT"},
      {"POST /", "POST /aws/"},
      {"POST  / HTTP/1.1\r\n", "POST  /aws/ HTTP/1.1\r\n"},
      {"POST\t/\tHTTP/1.1\n", "POST\t/aws/\tHTTP/1.1\n"},
      {" / HTTP/1.1\r\n", " /aws/ HTTP/1.1\r\n"},
      {"\r\n\r\nPOST / HTTP/1.1\r\n", "\r\n\r\nPOST /aws/ HTTP/1.1\r\n"},
      {"POST / HTTP/1.1\r\n\r\nPOST / HTTP/1.1\r\n\r\n",
       "POST /aws/ HTTP/1.1\r\n\r\nPOST / HTTP/1.1\r\n\r\n"},
      {"POST HTTP/1.1\r\nA: /\r\n", "POST HTTP/1.1\r\nA: /\r\n"},
      {"PRI * HTTP/2.0\r\n", "PRI * HTTP/2.0\r\n"},
      {"/", "/"},
      {"garbage", "garbage"},
      {"\r\n", "\r\n"},
      {"", ""},
  };
  for (const auto& [bytes, expected] : lines) EXPECT_EQ(bytes_under_base_path("/aws", bytes), expected);
}

}  // namespace
}  // namespace harness::wire::base_path_test
