#include "harness/generate/pattern_tree.h"

#include <utf8cpp/utf8.h>

#include <algorithm>
#include <array>

#include "harness/base/ascii.h"

namespace harness::generate {
namespace {

using NodeKind = PatternNode::Kind;

constexpr std::size_t kDeepestGroup = 20;
constexpr std::size_t kLongestMember = 20'000;
// How long RE2 lets a repetition be, but for the one that harness/model/pattern.cc peels off: see there.
constexpr std::size_t kMaxTimes = 100'000;

std::size_t times(std::size_t a, std::size_t b) {
  if (a == 0 || b == 0) return 0;
  return a > kNoLimit / b ? kNoLimit : a * b;
}
std::size_t plus(std::size_t a, std::size_t b) {
  return a > kNoLimit - b ? kNoLimit : a + b;
}

struct Set {
  CharSet inside, cover;
  Set complement() const { return {cover.complement(), inside.complement()}; }
};

Set exactly(std::initializer_list<CharSet::Range> ranges) {
  Set set;
  for (const auto& r : ranges) set.inside.add(r.first, r.last);
  set.cover = set.inside;
  return set;
}

// What `\p{…}` surely holds, and where all of it lies: the tables of Unicode are RE2's matter.
std::optional<Set> property(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kAscii = {
      {{"Z", " "}, {"S", "$+<=>^`|~"}, {"P", "!\"#%&'()*,-./:;?@[\\]_{}"}}};
  Set set;
  if (name == "L") {
    set = exactly({{'a', 'z'}, {'A', 'Z'}, {0xe9, 0xe9}, {0x4e2d, 0x4e2d}});
  } else if (name == "N") {
    set = exactly({{'0', '9'}, {0x0663, 0x0663}});
  } else if (name == "M") {
    set = exactly({{0x0301, 0x0301}});
  } else {
    for (const auto& [known, characters] : kAscii) {
      if (known != name) continue;
      for (const char c : characters)
        set.inside.add(static_cast<unsigned char>(c), static_cast<unsigned char>(c));
      set.cover = set.inside;
    }
    if (set.inside.empty()) return std::nullopt;
  }
  set.cover.add(0x80, 0x10ffff);
  return set;
}

class PatternReader {
 public:
  explicit PatternReader(std::string_view pattern) : rest_(pattern) {}

  std::optional<PatternNode> read() {
    auto node = alternatives(0, false);
    if (!node || !rest_.empty() || !anchored_at_ends(*node, true, true)) return std::nullopt;
    if (node->shortest > kLongestMember) return std::nullopt;
    return node;
  }

 private:
  bool take(std::string_view what) {
    if (!rest_.starts_with(what)) return false;
    rest_.remove_prefix(what.size());
    return true;
  }

  std::optional<char32_t> character() {
    if (rest_.empty()) return std::nullopt;
    auto it = rest_.begin();
    try {
      const char32_t c = utf8::next(it, rest_.end());
      rest_.remove_prefix(static_cast<std::size_t>(it - rest_.begin()));
      return c;
    } catch (const utf8::exception&) {
      return std::nullopt;
    }
  }

  // Up to the end or a `)`.
  std::optional<PatternNode> alternatives(std::size_t depth, bool folded) {
    if (depth > kDeepestGroup) return std::nullopt;
    PatternNode choice;
    choice.kind = NodeKind::one_of;
    choice.shortest = kNoLimit;
    do {
      // In RE2 a flag holds up to the end of the group, over the bars too.
      auto branch = sequence(depth, folded);
      if (!branch) return std::nullopt;
      choice.shortest = std::min(choice.shortest, branch->shortest);
      choice.longest = std::max(choice.longest, branch->longest);
      choice.children.push_back(*std::move(branch));
    } while (take("|"));
    return choice.children.size() == 1 ? std::move(choice.children[0]) : std::move(choice);
  }

  std::optional<PatternNode> sequence(std::size_t depth, bool& folded) {
    PatternNode all;
    while (!rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
      if (take("(?i)")) {
        folded = true;
        continue;
      }
      auto piece = atom(depth, folded);
      if (!piece) return std::nullopt;
      piece = repeated(*std::move(piece));
      if (!piece) return std::nullopt;
      all.shortest = plus(all.shortest, piece->shortest);
      all.longest = plus(all.longest, piece->longest);
      all.children.push_back(*std::move(piece));
    }
    return all;
  }

  std::optional<PatternNode> atom(std::size_t depth, bool folded) {
    PatternNode node;
    if (take("^") || take("$")) {
      node.kind = *(rest_.data() - 1) == '^' ? NodeKind::begin : NodeKind::end;
      return node;
    }
    if (take("(")) {
      if (rest_.starts_with("?") && !take("?:")) return std::nullopt;
      auto group = alternatives(depth + 1, folded);
      if (!group || !take(")")) return std::nullopt;
      return group;
    }
    auto set = single(folded);
    if (!set || set->inside.empty()) return std::nullopt;
    node.kind = NodeKind::set;
    node.inside = std::move(set->inside);
    node.printable = node.inside.printable();
    node.cover = std::move(set->cover);
    node.shortest = node.longest = 1;
    return node;
  }

  std::optional<Set> single(bool folded) {
    if (take(".")) return exactly({{'\n', '\n'}}).complement();
    if (take("[")) return klass(folded);
    if (rest_.starts_with('\\')) {
      auto set = escape(folded);
      return set ? std::optional(fold(*std::move(set), folded)) : std::nullopt;
    }
    if (rest_.empty() || std::string_view("*+?{}]").find(rest_.front()) != std::string_view::npos)
      return std::nullopt;
    const auto c = character();
    return c ? std::optional(fold(exactly({{*c, *c}}), folded)) : std::nullopt;
  }

  // RE2 folds by Unicode: the Kelvin sign is a k, the long s an s; and beyond ASCII anything may be.
  static Set fold(Set set, bool folded) {
    if (!folded) return set;
    set.inside = set.inside.folded();
    set.cover = set.cover.folded();
    if (set.cover.contains('k')) set.cover.add(0x212a, 0x212a);
    if (set.cover.contains('s')) set.cover.add(0x017f, 0x017f);
    const auto& ranges = set.cover.ranges();
    if (!ranges.empty() && ranges.back().last >= 0x80) {
      set.cover.add(0x80, 0x10ffff);
      set.cover.add('a', 'z');
      set.cover.add('A', 'Z');
    }
    return set;
  }

  // What stands for an opposite (`\W`, `\P{L}`) is what the folded class does not hold.
  std::optional<Set> escape(bool folded) {
    rest_.remove_prefix(1);
    if (rest_.empty()) return std::nullopt;
    const char c = rest_.front();
    rest_.remove_prefix(1);
    switch (c) {
      case 'd':
      case 'D':
        return opposite(exactly({{'0', '9'}}), c == 'D');
      case 'w':
      case 'W':
        return opposite(fold(exactly({{'0', '9'}, {'a', 'z'}, {'A', 'Z'}, {'_', '_'}}), folded), c == 'W');
      case 's':
      case 'S':
        return opposite(exactly({{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}}), c == 'S');
      case 't':
        return exactly({{'\t', '\t'}});
      case 'n':
        return exactly({{'\n', '\n'}});
      case 'r':
        return exactly({{'\r', '\r'}});
      case 'f':
        return exactly({{'\f', '\f'}});
      case 'p':
      case 'P':
        return named(c == 'P', folded);
      default:
        break;
    }
    const auto u = static_cast<unsigned char>(c);
    const bool punctuation = u > 0x20 && u < 0x7f &&
                             std::string_view("<>").find(c) == std::string_view::npos && !base::is_digit(c) &&
                             !base::is_letter(c);
    if (!punctuation) return std::nullopt;
    return exactly({{u, u}});
  }

  std::optional<Set> named(bool negated, bool folded) {
    std::string_view name;
    if (take("{")) {
      const auto end = rest_.find('}');
      if (end == std::string_view::npos) return std::nullopt;
      name = rest_.substr(0, end);
      rest_.remove_prefix(end + 1);
    } else {
      name = rest_.substr(0, 1);
      rest_.remove_prefix(name.size());
    }
    auto set = property(name);
    return set ? std::optional(opposite(fold(*std::move(set), folded), negated)) : std::nullopt;
  }

  static Set opposite(Set set, bool negated) { return negated ? set.complement() : set; }

  std::optional<Set> klass(bool folded) {
    const bool negated = take("^");
    Set set;
    bool first = true;
    while (first || !rest_.starts_with(']')) {
      if (rest_.empty() || rest_.starts_with("[:")) return std::nullopt;
      // RE2 takes a `-` where no range can be meant: at either end, and behind a class or a range.
      const bool dash = !first && rest_.front() == '-' && !rest_.starts_with("-]");
      const bool escaped = rest_.front() == '\\';
      first = false;
      auto part = escaped ? escape(folded) : [&]() -> std::optional<Set> {
        const auto c = character();
        return c ? std::optional(exactly({{*c, *c}})) : std::nullopt;
      }();
      if (!part) return std::nullopt;
      const bool one = part->cover.size() == 1;
      if (dash && !escaped && !after_range_) return std::nullopt;
      after_range_ = !one;
      if (one && rest_.starts_with('-') && !rest_.starts_with("-]")) {
        take("-");
        const bool last_escaped = rest_.starts_with('\\');
        std::optional<Set> last;
        if (last_escaped) {
          last = escape(folded);
        } else if (const auto c = character()) {
          last = exactly({{*c, *c}});
        }
        if (!last || last->cover.size() != 1) return std::nullopt;
        const char32_t from = part->cover.at(0);
        const char32_t to = last->cover.at(0);
        if (from > to) return std::nullopt;
        part = exactly({{from, to}});
        after_range_ = true;
      }
      set.inside.add(part->inside);
      set.cover.add(part->cover);
    }
    after_range_ = false;
    take("]");
    set = fold(std::move(set), folded);
    return opposite(std::move(set), negated);
  }

  std::optional<std::size_t> number() {
    std::size_t n = 0;
    std::size_t digits = 0;
    // As model::Pattern: RE2 takes these for the very characters.
    if (rest_.size() > 1 && rest_[0] == '0' && base::is_digit(rest_[1])) return std::nullopt;
    while (!rest_.empty() && base::is_digit(rest_.front())) {
      n = n * 10 + static_cast<std::size_t>(rest_.front() - '0');
      rest_.remove_prefix(1);
      if (++digits > 6 || n > kMaxTimes) return std::nullopt;
    }
    return digits == 0 ? std::nullopt : std::optional(n);
  }

  std::optional<PatternNode> repeated(PatternNode node) {
    std::size_t least = 0;
    std::size_t most = kNoLimit;
    if (take("*")) {
    } else if (take("+")) {
      least = 1;
    } else if (take("?")) {
      most = 1;
    } else if (take("{")) {
      const auto low = number();
      if (!low) return std::nullopt;
      least = most = *low;
      if (take(",")) {
        most = kNoLimit;
        if (!rest_.starts_with('}')) {
          const auto high = number();
          if (!high || *high < least) return std::nullopt;
          most = *high;
        }
      }
      if (!take("}")) return std::nullopt;
    } else {
      return node;
    }
    take("?");  // as few as possible: no matter to a match of the whole
    if (!rest_.empty() && std::string_view("*+?{").find(rest_.front()) != std::string_view::npos)
      return std::nullopt;
    PatternNode out;
    out.kind = NodeKind::repeat;
    out.least = least;
    out.most = most;
    out.shortest = times(least, node.shortest);
    out.longest = times(most, node.longest);
    if (out.shortest > kLongestMember) return std::nullopt;
    out.children.push_back(std::move(node));
    return out;
  }

  // Anchors say nothing where they stand at the ends, and make a pattern impossible elsewhere.
  static bool anchored_at_ends(const PatternNode& node, bool at_begin, bool at_end) {
    switch (node.kind) {
      case NodeKind::set:
        return true;
      case NodeKind::begin:
        return at_begin;
      case NodeKind::end:
        return at_end;
      case NodeKind::repeat:
        return anchored_at_ends(node.children[0], false, false);
      case NodeKind::one_of:
        return std::all_of(node.children.begin(), node.children.end(),
                           [&](const PatternNode& c) { return anchored_at_ends(c, at_begin, at_end); });
      case NodeKind::all:
        break;
    }
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const auto silent = [](const PatternNode& c) { return c.longest == 0; };
      const auto here = node.children.begin() + static_cast<std::ptrdiff_t>(i);
      const bool first = at_begin && std::all_of(node.children.begin(), here, silent);
      const bool last = at_end && std::all_of(here + 1, node.children.end(), silent);
      if (!anchored_at_ends(*here, first, last)) return false;
    }
    return true;
  }

  std::string_view rest_;
  bool after_range_ = false;  // in a class: a `-` here is a plain one
};

}  // namespace

std::optional<PatternNode> read_pattern(std::string_view pattern) {
  // The only look-ahead that published models use for strings of requests, in words that need none.
  if (pattern == R"(^(?!\s*$).+$)") pattern = R"(^.*\S.*$)";
  return PatternReader(pattern).read();
}

}  // namespace harness::generate
