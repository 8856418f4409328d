#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/generate/random.h"

/// A step about documents, as text and in parts.
namespace conformance::ssm::documents {

struct Step {
  enum class Verb { create, share, unshare, describe, page, remove, status } verb = Verb::status;
  char document = 'a';      ///< 'a' to 'd'
  int first = 0, last = 0;  ///< accounts, counted from 1; or of a page at most `first`, 0 for not said
};

std::optional<Step> parse_step(std::string_view line);
std::string print_step(const Step& step);
/// Gives it other numbers.
void renumber(Step& step, harness::generate::Random& random);
Step any_step(harness::generate::Random& random);

}  // namespace conformance::ssm::documents
