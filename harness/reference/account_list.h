#pragma once

#include <set>
#include <string>
#include <tl/expected.hpp>

#include "harness/model/model.h"
#include "harness/reference/answer.h"
#include "harness/wire/json.h"

namespace harness::reference {

/// One of ModifyDocumentPermission's lists of account ids.
class AccountList {
 public:
  AccountList(const model::Model& model, std::string member);

  /// The accounts of the list, each in its one canonical spelling; an absent list has none. Refuses ids that
  /// the model's pattern leaves open ("allx" begins with `all`): AWS matches the whole text.
  tl::expected<std::set<std::string>, Failure> read(const wire::Json& input) const;

 private:
  std::string member_;
  std::string pattern_;
};

}  // namespace harness::reference
