// How a request is made small. The search holds the best text so far and offers candidates: without a header,
// without a member, with a shorter string, a smaller number, a plain word. A candidate is taken if it ranks
// lower (less effort to read, then shorter, then first by its bytes) and still shows the same. Head and body
// are gone through in turn until neither gets better. Every step goes down in one order, so the search ends;
// tries and time are limited besides. Text that is no HTTP text is only shortened.
#include "harness/run/minimise.h"

#include <utility>

#include "harness/run/minimise_search.h"

namespace harness::run {
namespace {

// What is no HTTP text.
bool minimise_text(MinimiseSearch& search) {
  const std::string text = search.best();
  return search.shrink(text, Escapes::none, 'a',
                       [&](const std::string& shorter) { return search.accept(shorter); });
}

}  // namespace

std::string minimise(std::string http_text, const std::function<bool(const std::string&)>& still,
                     const MinimiseLimits& limits, const Examples& examples) {
  MinimiseSearch search(std::move(http_text), still, limits, examples);
  bool better = true;
  while (better && !search.exhausted()) {
    if (search.read()) {
      better = minimise_head(search);
      better = minimise_body(search) || better;
    } else {
      better = minimise_text(search);
    }
  }
  return search.best();
}

}  // namespace harness::run
