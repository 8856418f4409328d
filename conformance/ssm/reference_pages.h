#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/reference/answer.h"
#include "harness/reference/pages.h"
#include "harness/wire/json.h"

/// Lists on the reference endpoint, as SSM pages them: by the members NextToken and MaxResults.
namespace conformance::ssm {

struct Listing {
  std::uint64_t list;       ///< as harness::reference::Pages::page() has it
  std::string_view member;  ///< of the answer, that holds the items
  std::size_t usual;        ///< how many a page holds where the request does not say
};

/// The answer with the page that `input` asks for: what `item` makes of each key on it. The keys are sorted.
/// Refused with InvalidNextToken: its token was not issued for this list.
harness::reference::Outcome answer_page(
    const harness::reference::Pages& pages, const Listing& listing, const std::vector<std::string>& keys,
    const harness::wire::Json& input, const std::function<harness::wire::Json(const std::string& key)>& item);

/// A number as a key: such keys sort as their numbers do. At least 0.
std::string sortable(std::int64_t number);

}  // namespace conformance::ssm
