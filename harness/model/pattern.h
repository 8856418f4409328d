#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace harness::model {

/// A constraint pattern, run by RE2, which compiles it when it is first needed. Thread-safe.
///
/// **The anchoring rule.** Smithy says that a pattern matches any part of the string unless anchored; AWS's
/// own validation matches the whole string; and published models glue `^` and `$` onto patterns that were
/// meant for the whole string, so that
/// `^(?i)all|[0-9]{12}$` reads as "starts with all, or ends in twelve digits". Where the readings agree the
/// answer is certain; where they differ it is unknown, and nothing may be judged by it.
class Pattern {
 public:
  enum class Match {
    matches,
    differs,      ///< certainly violated
    ambiguous,    ///< the readings of the pattern differ on this string
    unsupported,  ///< no engine here can run the pattern (look-around, back-references)
  };

  /// Never fails: a pattern that RE2 refuses is `unsupported` on every string, with `why_unsupported()`.
  explicit Pattern(std::string text);
  ~Pattern();

  Match match(std::string_view utf8) const;
  const std::string& text() const;             ///< as the model has it
  const std::string& why_unsupported() const;  ///< "" if it can run

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace harness::model
