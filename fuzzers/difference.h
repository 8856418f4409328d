#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "fuzzers/live.h"

/// Two endpoints, one request: what differential_live does.
namespace fuzzers {

/// Sends each request to both, and compares the kinds of their answers. Where they differ and exactly one of
/// the two is wrong, that is a finding about that one. Other differences are no defects of either, for the
/// documentation leaves much open: each kind of them is written once to `differences.txt` in the folder of
/// the findings, for people who want their endpoint to be like the other.
class Differences {
 public:
  Differences(Live& one, Live& other) : one_(one), other_(other) {}

  void compare(std::string_view http_text);

  std::size_t compared() const { return compared_; }
  std::size_t different() const { return different_; }
  const std::set<std::string>& lines() const { return lines_; }

 private:
  void note(const JudgedExchange& a, const JudgedExchange& b);
  void report(Live& wrong, const JudgedExchange& judged, const Live& right, const JudgedExchange& its_answer);

  Live& one_;
  Live& other_;
  std::set<std::string> lines_;
  std::size_t compared_ = 0, different_ = 0;
};

}  // namespace fuzzers
