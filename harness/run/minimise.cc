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
