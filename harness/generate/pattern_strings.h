#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "harness/generate/random.h"

/// Strings inside and just outside a constraint pattern, made from the pattern's text alone. Whether they
/// really are is for RE2 to say (harness/model/pattern.h): the fuzz target `pattern` compares the two.
namespace harness::generate {

/// What can be made of one pattern. Supported: characters, escapes (`\d \w \s`, their opposites, `\p{L}` and
/// the like), classes, `.`, groups, alternatives, repetitions, `(?i)` at the beginning of a group, anchors at
/// the ends. Not: look-around, back-references, word boundaries, named classes, anchors elsewhere.
class PatternStrings {
 public:
  /// Nothing if the pattern is not supported, or has no string of at most 20,000 characters.
  static std::optional<PatternStrings> of(std::string_view pattern);

  /// A string that the whole pattern matches. Its length is spread evenly where the pattern lets it be
  /// chosen; repetitions without an end go to about `longest` characters.
  std::string member(Random& random, std::size_t longest = 200) const;
  /// A string that the whole pattern does not match: a member with a character that stands nowhere in the
  /// pattern, one that is too long, or one that is too short. Nothing if all strings may match.
  std::optional<std::string> non_member(Random& random, std::size_t longest = 200) const;

  /// Of exactly this many characters; only if is_plain(), and the length is a member's.
  std::string member_of_length(Random& random, std::size_t length) const;

  std::size_t shortest() const;  ///< characters of the shortest member
  std::size_t longest() const;   ///< of the longest; SIZE_MAX if there is none
  bool is_plain() const;         ///< a repetition of one class: any length between the two is a member's

 private:
  struct Impl;
  explicit PatternStrings(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

}  // namespace harness::generate
