#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace harness::generate {

/// What is known of an endpoint and worth putting into requests: names of what is there, tokens that it
/// issued. Placeholders of the corpus ("{{name}}", "{{token}}") are values like any other, and keep inputs
/// portable.
struct Vocabulary {
  /// "Name" -> {"{{name}}", …}: the content of strings, not quoted and not escaped.
  std::map<std::string, std::vector<std::string>, std::less<>> by_member;

  /// Operation -> inputs (JSON) whose values belong together: a token, and what it was
  /// issued for.
  std::map<std::string, std::vector<std::string>, std::less<>> examples;

  /// "{{token}}" -> what it stands for now, of placeholders whose inside is worth changing: a token that was
  /// issued and then touched is one that never was.
  std::map<std::string, std::string, std::less<>> stands_for;

  /// Adds a value that an answer held. Each value is kept once, and of those learned the newest of a member:
  /// the oldest go. What stood in `by_member` before the first call stays. Values beyond 4 KiB are passed
  /// over.
  void learn(std::string_view member, std::string value);

  static constexpr std::size_t kMaxLearned = 16;

 private:
  std::map<std::string, std::size_t, std::less<>> given_;  // how many of a member's values were not learned
};

}  // namespace harness::generate
