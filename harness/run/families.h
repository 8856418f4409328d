#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/result.h"

namespace harness::run {

/// Operations that people think of together: what can be selected as one, and has a line of its own in
/// reports.
struct Family {
  std::string key;                      ///< "queues": short, as options and files name it
  std::string title;                    ///< "Message queues"
  std::vector<std::string> operations;  ///< globs on names
};

/// The families of a service. Every operation is in exactly one: the first that has it, or the last, `other`.
class Families {
 public:
  /// Only `other`.
  Families() : Families(std::vector<Family>()) {}
  explicit Families(std::vector<Family> families);

  const Family& of(std::string_view operation) const;
  /// In the order in which people read them; `other` is the last.
  const std::vector<Family>& all() const { return families_; }

 private:
  std::vector<Family> families_;
};

/// The key of the family of operations that no other family has.
inline constexpr std::string_view kOtherFamily = "other";

/// `families.json`: {"queues": {"title": "Message queues", "operations": ["*Queue*"]}, …} (form:
/// conformance/schemas/families.schema.json). Errors name the family that is wrong.
Result<Families> load_families(std::string_view json);

}  // namespace harness::run
