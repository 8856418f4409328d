#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "harness/run/json_tree.h"
#include "harness/run/minimise.h"
#include "harness/run/shrink_text.h"
#include "harness/wire/http_text.h"

/// Internal to minimise(): the search that its parts share.
namespace harness::run {

/// The best text so far, and which of others is better: the one that takes less effort to read, then the
/// shorter one, then the first by its bytes. As each step is a step down in this order, every search ends.
class MinimiseSearch {
 public:
  MinimiseSearch(std::string input, const std::function<bool(const std::string&)>& still,
                 const MinimiseLimits& limits, const Examples& examples);

  /// Takes the candidate if it is better, no larger than the input, and still shows the same. Each is tried
  /// once.
  bool accept(std::string candidate);
  bool accept(const wire::HttpText& candidate);
  bool accept_body(std::string body);

  /// Shrinks one part; `put` makes the whole of a shorter part, and says whether it was taken. True if one
  /// was.
  bool shrink(const std::string& text, Escapes escapes, char filler,
              const std::function<bool(const std::string&)>& put) const;

  bool exhausted() const;

  const std::string& best() const { return best_; }
  /// Reads best(): false if it is no HTTP text. accept() does so, too.
  bool read();
  /// best(), read.
  const wire::HttpText& text() const { return text_; }

  /// Values that the examples have for a member, as JSON.
  using Values = std::set<std::string, std::less<>>;
  const Values* expected(std::string_view member) const;
  bool expects(std::string_view member, const JsonTree& value) const;
  bool is_operation(std::string_view name) const { return expected_.contains(name); }

 private:
  using Rank = std::tuple<std::size_t, std::size_t, std::string_view>;
  Rank rank(std::string_view text) const;
  std::size_t effort_of(const wire::HttpText& text) const;
  using ByMember = std::map<std::string, Values, std::less<>>;
  static std::size_t effort_of(const JsonTree& tree, std::string_view key, std::size_t depth,
                               const ByMember& values);
  static bool expects(const ByMember& values, std::string_view member, const JsonTree& value);
  const ByMember& values_for(const wire::HttpText& text) const;

  const std::function<bool(const std::string&)>& still_;
  const std::size_t most_tries_;
  const std::chrono::steady_clock::time_point deadline_;
  const std::size_t largest_;
  std::map<std::string, ByMember, std::less<>> expected_;  // by operation
  ByMember any_;                                           // of all operations
  std::set<std::string> tried_;
  std::size_t tries_ = 0;
  std::string best_;
  Rank best_rank_;
  wire::HttpText text_;
};

/// Makes what stands before the body simpler: comments, start line, headers; of raw text, everything.
bool minimise_head(MinimiseSearch& search);

/// Makes the body simpler, as JSON if it is nearly that.
bool minimise_body(MinimiseSearch& search);

/// What is preferred to a string of which no example is known.
inline constexpr std::string_view kPlainWord = "Example";

}  // namespace harness::run
