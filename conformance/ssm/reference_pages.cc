#include "conformance/ssm/reference_pages.h"

#include <fmt/format.h>

namespace conformance::ssm {

namespace reference = harness::reference;
using harness::wire::Json;

reference::Outcome answer_page(const reference::Pages& pages, const Listing& listing,
                               const std::vector<std::string>& keys, const Json& input,
                               const std::function<Json(const std::string& key)>& item) {
  const auto page = pages.page(listing.list, keys, reference::token_in(input, "NextToken"),
                               reference::page_size_in(input, "MaxResults", listing.usual));
  if (!page) return reference::refuse("InvalidNextToken", "NextToken was not issued for this call.");
  const std::string member(listing.member);
  Json out = {{member, Json::array()}};
  for (std::size_t i = page->first; i < page->first + page->count; ++i) out[member].push_back(item(keys[i]));
  if (!page->next_token.empty()) out["NextToken"] = page->next_token;
  return out;
}

std::string sortable(std::int64_t number) {
  return fmt::format("{:012}", number);
}

}  // namespace conformance::ssm
