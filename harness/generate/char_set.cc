#include "harness/generate/char_set.h"

#include <algorithm>
#include <iterator>

namespace harness::generate {
namespace {

constexpr char32_t kLast = 0x10ffff;
constexpr char32_t kFirstSurrogate = 0xd800, kLastSurrogate = 0xdfff;

}  // namespace

void CharSet::add(char32_t first, char32_t last) {
  if (first > last) return;
  // The ranges that it touches become one with it.
  auto begin =
      std::find_if(ranges_.begin(), ranges_.end(), [&](const Range& r) { return r.last + 1 >= first; });
  auto end = begin;
  while (end != ranges_.end() && end->first <= last + 1) ++end;
  if (begin == end) {
    ranges_.insert(begin, Range{first, last});
    return;
  }
  *begin = {std::min(first, begin->first), std::max(last, std::prev(end)->last)};
  ranges_.erase(begin + 1, end);
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
  for (const Range& r : ranges_) {
    const auto shifted = [&](char32_t from, char32_t to, int by) {
      const char32_t first = std::max(r.first, from);
      const char32_t last = std::min(r.last, to);
      if (first <= last) out.add(first + by, last + by);
    };
    shifted('a', 'z', -32);
    shifted('A', 'Z', 32);
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
