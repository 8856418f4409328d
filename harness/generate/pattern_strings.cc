#include "harness/generate/pattern_strings.h"

#include <algorithm>
#include <array>
#include <vector>

#include "harness/generate/pattern_tree.h"
#include "harness/generate/string_values.h"

namespace harness::generate {

using Kind = PatternNode::Kind;

struct PatternStrings::Impl {
  PatternNode tree;
  CharSet outside;  // what no part of the pattern takes
  CharSet outside_printable;
  const PatternNode* plain = nullptr;
};

namespace {

void collect(const PatternNode& node, CharSet& cover) {
  if (node.kind == Kind::set) cover.add(node.cover);
  for (const PatternNode& child : node.children) collect(child, cover);
}

// The class that the whole pattern is a repetition of, or nullptr.
const PatternNode* only_class(const PatternNode& node) {
  if (node.kind == Kind::repeat) return node.children[0].kind == Kind::set ? &node.children[0] : nullptr;
  if (node.kind != Kind::all) return nullptr;
  const PatternNode* only = nullptr;
  for (const PatternNode& child : node.children) {
    if (child.longest == 0) continue;
    if (only != nullptr) return nullptr;
    only = &child;
  }
  return only != nullptr ? only_class(*only) : nullptr;
}

char32_t character_of(const CharSet& set, const CharSet& printable, Random& random) {
  // Readable ones mostly, so that what is found can be read.
  const CharSet& chosen = !printable.empty() && random.percent(85) ? printable : set;
  return chosen.at(static_cast<std::uint32_t>(random.below(chosen.size())));
}

// Appends characters; `budget` is what may be added beyond the least.
class Maker {
 public:
  Maker(Random& random, std::size_t budget) : random_(random), budget_(budget) {}

  void make(const PatternNode& node, std::vector<char32_t>& out) {
    switch (node.kind) {
      case Kind::begin:
      case Kind::end:
        return;
      case Kind::set:
        out.push_back(character_of(node.inside, node.printable, random_));
        return;
      case Kind::all:
        for (const PatternNode& child : node.children) make(child, out);
        return;
      case Kind::one_of:
        return make(branch(node), out);
      case Kind::repeat: {
        const std::size_t n = count(node);
        for (std::size_t i = 0; i < n; ++i) make(node.children[0], out);
        return;
      }
    }
  }

 private:
  const PatternNode& branch(const PatternNode& node) {
    const PatternNode* chosen = &random_.pick(node.children);
    // One that is far longer than the shortest must be paid for too.
    const std::size_t extra = chosen->shortest - node.shortest;
    if (extra > budget_) {
      return *std::min_element(node.children.begin(), node.children.end(),
                               [](const auto& a, const auto& b) { return a.shortest < b.shortest; });
    }
    budget_ -= extra;
    return *chosen;
  }

  std::size_t count(const PatternNode& node) {
    const std::size_t each = std::max<std::size_t>(node.children[0].shortest, 1);
    std::size_t most = std::min(node.most, plus(node.least, budget_ / each));
    // Without an end: short ones mostly, so that other parts of the pattern get their turn.
    if (node.most == kNoLimit && random_.percent(60)) most = std::min(most, node.least + 8);
    const std::size_t n = random_.between(node.least, most);
    budget_ -= std::min(budget_, (n - node.least) * each);
    return n;
  }
  static std::size_t plus(std::size_t a, std::size_t b) { return a > kNoLimit - b ? kNoLimit : a + b; }

  Random& random_;
  std::size_t budget_;
};

std::string utf8_of_all(const std::vector<char32_t>& characters) {
  std::string out;
  out.reserve(characters.size());
  for (const char32_t c : characters) {
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else {
      out += utf8_of(c);
    }
  }
  return out;
}

}  // namespace

std::optional<PatternStrings> PatternStrings::of(std::string_view pattern) {
  auto tree = read_pattern(pattern);
  if (!tree) return std::nullopt;
  auto impl = std::make_shared<Impl>();
  CharSet cover;
  collect(*tree, cover);
  impl->outside = cover.complement();
  impl->outside_printable = impl->outside.printable();
  impl->tree = *std::move(tree);
  impl->plain = only_class(impl->tree);
  return PatternStrings(std::move(impl));
}

std::string PatternStrings::member(Random& random, std::size_t longest) const {
  std::vector<char32_t> out;
  const std::size_t shortest = impl_->tree.shortest;
  Maker(random, longest > shortest ? longest - shortest : 0).make(impl_->tree, out);
  return utf8_of_all(out);
}

std::string PatternStrings::member_of_length(Random& random, std::size_t length) const {
  std::vector<char32_t> out;
  for (std::size_t i = 0; i < length && impl_->plain != nullptr; ++i)
    out.push_back(character_of(impl_->plain->inside, impl_->plain->printable, random));
  return utf8_of_all(out);
}

std::optional<std::string> PatternStrings::non_member(Random& random, std::size_t longest) const {
  const PatternNode& tree = impl_->tree;
  const bool foreign = !impl_->outside.empty();
  const bool too_long = tree.longest <= 20'000;
  const bool too_short = tree.shortest > 0;
  if (!foreign && !too_long && !too_short) return std::nullopt;

  std::vector<char32_t> out;
  Maker(random, longest > tree.shortest ? longest - tree.shortest : 0).make(tree, out);
  const std::size_t kind = random.below(10);
  if (foreign && (kind < 6 || (!too_long && !too_short))) {
    char32_t c = character_of(impl_->outside, impl_->outside_printable, random);
    // What readers let through or take away: blanks, ends of lines, NUL.
    constexpr std::array<char32_t, 6> kSlips = {'\n', '\n', ' ', '\t', '\r', '\0'};
    const char32_t slip = random.pick(kSlips);
    if (random.percent(20) && impl_->outside.contains(slip)) c = slip;
    std::size_t at = random.below(out.size() + 1);
    if (random.percent(20)) at = out.size();  // where `$` goes wrong
    if (at < out.size() && random.percent(50)) {
      out[at] = c;
    } else {
      out.insert(out.begin() + static_cast<std::ptrdiff_t>(at), c);
    }
  } else if (too_long && (kind < 9 || !too_short)) {
    const char32_t fill = out.empty() ? U'a' : out.back();
    const std::size_t beyond = random.percent(70) ? 1 : random.between(1, 200);
    out.resize(tree.longest + beyond, fill);
  } else if (too_short) {
    out.resize(random.percent(60) ? tree.shortest - 1 : random.below(tree.shortest));
  } else {
    return std::nullopt;
  }
  return utf8_of_all(out);
}

std::size_t PatternStrings::shortest() const {
  return impl_->tree.shortest;
}
std::size_t PatternStrings::longest() const {
  return impl_->tree.longest;
}
bool PatternStrings::is_plain() const {
  return impl_->plain != nullptr;
}

}  // namespace harness::generate
