#include "harness/generate/json_strings.h"

#include <fmt/format.h>
#include <utf8cpp/utf8.h>

#include <algorithm>
#include <array>

#include "harness/base/ascii.h"
#include "harness/generate/string_values.h"

namespace harness::generate {
namespace {

// Characters that readers mistake, fold, count or cut wrongly: two, three and four bytes; letters, digits and
// blanks that are not ASCII's; what is invisible; the ends of the planes.
constexpr std::array<char32_t, 34> kBeyondAsciiCharacters = {
    0x80,   0x85,   0xa0,   0xb2,   0xdf,   0xe9,   0xff,    0x130,   0x131,   0x17f,   0x301,  0x3b1,
    0x430,  0x663,  0x7ff,  0x800,  0x967,  0x2010, 0x200b,  0x200d,  0x2028,  0x202e,  0x212a, 0x2167,
    0x4e2d, 0xd7ff, 0xe000, 0xfeff, 0xff11, 0xfffd, 0x10000, 0x1f600, 0x20000, 0x10ffff};
constexpr std::string_view kPunctuation = "-_./:;,+*%&?#@!$~^|=<>()[]{}'`";

std::string as_written(char32_t c) {
  if (c == '"' || c == '\\') return std::string("\\") + static_cast<char>(c);
  if (c < 0x20) return fmt::format("\\u{:04x}", static_cast<unsigned>(c));
  if (c < 0x80) return std::string(1, static_cast<char>(c));
  return utf8_of(c);
}

std::string escaped(std::string_view part, bool capital) {
  if (part.size() == 1) {
    return fmt::format(fmt::runtime(capital ? "\\u{:04X}" : "\\u{:04x}"),
                       static_cast<unsigned>(static_cast<unsigned char>(part[0])));
  }
  if (part.starts_with('\\') || part.starts_with('{')) return std::string(part);
  if (utf8::find_invalid(part.begin(), part.end()) != part.end()) return std::string(part);
  const auto c = static_cast<std::uint32_t>(utf8::unchecked::peek_next(part.begin()));
  if (c < 0x10000) return fmt::format("\\u{:04x}", c);
  return fmt::format("\\u{:04x}\\u{:04x}", 0xd7c0 + (c >> 10), 0xdc00 + (c & 0x3ff));
}

std::string joined(const std::vector<std::string_view>& parts, std::size_t begin, std::size_t end) {
  std::string out;
  for (std::size_t i = begin; i < end; ++i) out += parts[i];
  return out;
}

// With the n-th part replaced.
std::string replaced(const std::vector<std::string_view>& parts, std::size_t n, std::string_view by) {
  std::string out = joined(parts, 0, n);
  out += by;
  return out + joined(parts, std::min(n + 1, parts.size()), parts.size());
}

std::string recased(const std::vector<std::string_view>& parts, Random& random) {
  const std::size_t way = random.below(4);  // upper, lower, swapped, one
  const std::size_t chosen = random.below(parts.size());
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].size() != 1 || (way == 3 && i != chosen)) {
      out += parts[i];
      continue;
    }
    const char c = parts[i][0];
    const bool lower = base::is_lower(c);
    const bool upper = base::is_upper(c);
    const bool swap = (lower && way != 1) || (upper && way != 0);
    out += swap ? static_cast<char>(c ^ 0x20) : c;
  }
  return out;
}

}  // namespace

bool is_placeholder(std::string_view part) {
  return part.size() > 2 && part.starts_with("{{");
}

std::vector<std::string_view> string_parts(std::string_view content) {
  std::vector<std::string_view> parts;
  parts.reserve(content.size());
  while (!content.empty()) {
    std::size_t n = 1;
    const auto lead = static_cast<unsigned char>(content[0]);
    if (lead == '\\' && content.size() > 1) {
      n = content[1] == 'u' ? 6 : 2;
    } else if (content.starts_with("{{") && content.size() > 2 && base::is_lower(content[2])) {
      const auto end = content.find("}}");
      if (end != std::string_view::npos) n = end + 2;
    } else if (lead >= 0xc0) {
      const std::size_t wanted = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
      while (n < wanted && n < content.size() && (static_cast<unsigned char>(content[n]) & 0xc0) == 0x80) ++n;
    }
    n = std::min(n, content.size());
    parts.push_back(content.substr(0, n));
    content.remove_prefix(n);
  }
  return parts;
}

std::size_t telling_length(const MemberPlan* member, Random& random, std::size_t most) {
  const std::size_t kind = random.below(100);
  std::size_t n = 0;
  const bool limited = member != nullptr && member->longest != SIZE_MAX;
  if (kind < 35) {
    n = random.between(0, 130);
  } else if (kind < 55 && limited) {
    n = member->longest + random.below(5);
    n -= std::min<std::size_t>(n, 2);
  } else if (kind < 65 && limited) {
    n = random.between(0, member->longest + 16);
  } else if (kind < 70 && member != nullptr) {
    n = member->shortest + random.below(3);
    n -= std::min<std::size_t>(n, 1);
  } else if (kind < 90) {
    const std::size_t power = std::size_t{1} << random.below(14);
    n = power + random.below(3) - 1;
  } else {
    n = random.between(0, 1100);
  }
  return std::min(n, most);
}

std::string content_of_length(const MemberPlan* member, std::size_t length, Random& random) {
  if (length == 0) return {};
  // A class repeated can be had at any length; of other patterns the members come as they are, and are
  // filled up with their last character.
  if (member != nullptr && member->strings && random.percent(85)) {
    const std::string some = member->strings->member(random, std::min<std::size_t>(length, 1024));
    const auto parts = string_parts(some);
    if (!parts.empty()) {
      std::string out = joined(parts, 0, std::min(parts.size(), length));
      if (parts.size() < length) {
        const std::string_view fill = random.percent(50) ? parts.back() : random.pick(parts);
        for (std::size_t i = parts.size(); i < length; ++i) out += fill;
      }
      return json_escaped(out);
    }
  }
  constexpr std::string_view kPlain = "aA0z9-_.";
  std::string out(length, random.pick(kPlain));
  if (random.percent(30)) {
    for (char& c : out) c = random.pick(kPlain);
  }
  return out;
}

std::string content_counted_differently(const MemberPlan* member, Random& random, std::size_t most) {
  const char32_t wide = random.pick(std::array<char32_t, 4>{0xe9, 0x4e2d, 0x1f600, 0x20000});
  const std::string written = utf8_of(wide);
  const std::size_t units = random.percent(50) && wide > 0xffff ? 2 : random.percent(50) ? 1 : written.size();
  std::size_t limit = telling_length(member, random, most);
  if (member != nullptr && member->longest != SIZE_MAX && random.percent(70))
    limit = member->longest + random.below(3) - std::min<std::size_t>(member->longest, 1);
  limit = std::min(limit, most / 2);
  // How many wide ones, and plain ones so that one way of counting comes out at the limit.
  std::size_t wides = random.percent(50) ? random.between(1, 3) : random.between(1, limit + 1);
  wides = std::min(wides, limit / units + 1);
  const std::size_t plain = limit > wides * units ? limit - wides * units : 0;
  const std::size_t before = random.percent(40) ? 0 : random.percent(50) ? plain : random.below(plain + 1);
  std::string out(before, 'a');
  const bool as_escape = random.percent(25);
  const std::string part = as_escape ? escaped(written, false) : written;
  for (std::size_t i = 0; i < wides && out.size() < most / 2; ++i) out += part;
  out.append(plain - before, 'a');
  return out;
}

std::string telling_character(const MemberPlan* member, Random& random) {
  const std::size_t kind = random.below(100);
  if (kind < 45) return as_written(static_cast<char32_t>(random.between(0x20, 0x7e)));
  if (kind < 60 && member != nullptr && member->strings) {
    const std::string some = member->strings->member(random, 8);
    const auto parts = string_parts(some);
    if (!parts.empty()) return json_escaped(random.pick(parts));
  }
  if (kind < 70) return std::string(1, random.pick(kPunctuation));
  if (kind < 80) return as_written(static_cast<char32_t>(random.below(0x20)));
  if (kind < 82) return "\\u007f";
  if (kind < 97) return as_written(random.pick(kBeyondAsciiCharacters));
  return random.pick(std::array<std::string, 6>{"\\n", "\\t", "\\r\\n", "\\/", "\\b", "\\ud800"});
}

// What means something to a language that text may end up in: formats, paths, queries, shells, markup.
constexpr std::array<std::string_view, 14> kFragments = {
    "%s", "%n", "%d", "%x", "%00", "../", "${a}", "$(a)", "';--", "&amp;", "<a/>", "\\\\", "\\u002e", "#{a}"};

void change_content(std::string& content, const MemberPlan* member, Random& random, std::size_t most) {
  const auto parts = string_parts(content);
  if (parts.empty()) {
    content = random.percent(50) ? telling_character(member, random)
                                 : content_of_length(member, telling_length(member, random, most), random);
    return;
  }
  // The ends and the middle are where readers look; anywhere is where they don't.
  const std::size_t at = random.percent(15)   ? 0
                         : random.percent(20) ? parts.size() - 1
                         : random.percent(20) ? parts.size() / 2
                                              : random.below(parts.size());
  switch (random.below(16)) {
    case 0:
    case 1:
    case 2:
    case 3:
      if (!is_placeholder(parts[at])) {
        content = replaced(parts, at, telling_character(member, random));
        return;
      }
      [[fallthrough]];
    case 4:
    case 5:
    case 6: {
      const std::size_t place = random.below(parts.size() + 1);
      const std::string added =
          random.percent(15) ? std::string(random.pick(kFragments)) : telling_character(member, random);
      content = joined(parts, 0, place) + added + joined(parts, place, parts.size());
      return;
    }
    case 7:
      content = replaced(parts, at, {});
      return;
    case 8: {
      const std::size_t other = random.below(parts.size());
      const std::size_t low = std::min(at, other);
      const std::size_t high = std::max(at, other);
      if (low == high) return;
      content = joined(parts, 0, low) + std::string(parts[high]) + joined(parts, low + 1, high) +
                std::string(parts[low]) + joined(parts, high + 1, parts.size());
      return;
    }
    case 9: {  // a range again, behind itself
      const std::size_t end = random.between(at + 1, std::min(parts.size(), at + 16));
      content = joined(parts, 0, end) + joined(parts, at, parts.size());
      return;
    }
    case 10:
      content = recased(parts, random);
      return;
    case 11: {
      const auto blank =
          random.pick(std::array<std::string_view, 6>{" ", " ", "\\t", "\\n", "\\r\\n", "\\u0000"});
      content = random.percent(50) ? std::string(blank) + content : content + std::string(blank);
      return;
    }
    case 12:
      if (random.percent(20)) {
        std::string all;
        for (const auto part : parts) all += escaped(part, false);
        content = std::move(all);
      } else {
        content = replaced(parts, at, escaped(parts[at], random.percent(50)));
      }
      return;
    case 13:
      content = joined(parts, 0, random.percent(50) ? parts.size() - 1 : at);
      return;
    default: {  // the same beginning at another length
      const std::size_t length = telling_length(member, random, most);
      std::string out = joined(parts, 0, std::min(parts.size(), length));
      const std::string_view last = parts.back();
      const std::string fill = last.size() == 1 ? std::string(last) : std::string("a");
      for (std::size_t i = parts.size(); i < length && out.size() < most; ++i) out += fill;
      content = std::move(out);
      return;
    }
  }
}

}  // namespace harness::generate
