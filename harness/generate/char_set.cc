#include "harness/generate/char_set.h"

#include <algorithm>

namespace harness::generate {
namespace {

constexpr char32_t kLast = 0x10ffff;
constexpr char32_t kFirstSurrogate = 0xd800, kLastSurrogate = 0xdfff;

}  // namespace

void CharSet::add(char32_t first, char32_t last) {
  if (first > last) return;
  Range wide{first, last};
  std::vector<Range> out;
  for (const Range& r : ranges_) {
    const bool apart = r.last + 1 < wide.first || wide.last + 1 < r.first;
    if (apart) {
      out.push_back(r);
    } else {
      wide = {std::min(wide.first, r.first), std::max(wide.last, r.last)};
    }
  }
  out.push_back(wide);
  std::sort(out.begin(), out.end(), [](const Range& a, const Range& b) { return a.first < b.first; });
  ranges_ = std::move(out);
}

void CharSet::add(const CharSet& other) {
  for (const Range& r : other.ranges_) add(r.first, r.last);
}

CharSet CharSet::complement() const {
  CharSet out;
  char32_t next = 0;
  const auto gap = [&](char32_t first, char32_t last) {  // without the surrogates
    if (first > last) return;
    if (first < kFirstSurrogate) out.add(first, std::min(last, char32_t{kFirstSurrogate - 1}));
    if (last > kLastSurrogate) out.add(std::max(first, char32_t{kLastSurrogate + 1}), last);
  };
  for (const Range& r : ranges_) {
    if (r.first > next) gap(next, r.first - 1);
    next = r.last + 1;
  }
  if (next <= kLast) gap(next, kLast);
  return out;
}

CharSet CharSet::folded() const {
  CharSet out = *this;
  for (char32_t c = 'a'; c <= 'z'; ++c) {
    if (contains(c)) out.add(c - 32, c - 32);
    if (contains(c - 32)) out.add(c, c);
  }
  return out;
}

bool CharSet::contains(char32_t c) const {
  return std::any_of(ranges_.begin(), ranges_.end(),
                     [&](const Range& r) { return r.first <= c && c <= r.last; });
}

std::uint32_t CharSet::size() const {
  std::uint32_t n = 0;
  for (const Range& r : ranges_) n += static_cast<std::uint32_t>(r.last - r.first) + 1;
  return n;
}

char32_t CharSet::at(std::uint32_t n) const {
  for (const Range& r : ranges_) {
    const auto here = static_cast<std::uint32_t>(r.last - r.first) + 1;
    if (n < here) return r.first + n;
    n -= here;
  }
  return ranges_.empty() ? U'?' : ranges_.back().last;
}

CharSet CharSet::printable() const {
  CharSet out;
  for (const Range& r : ranges_) out.add(std::max(r.first, char32_t{0x20}), std::min(r.last, char32_t{0x7e}));
  return out;
}

}  // namespace harness::generate
