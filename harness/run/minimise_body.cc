#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>
#include <vector>

#include "harness/run/minimise_search.h"

namespace harness::run {
namespace {

using Kind = JsonTree::Kind;

constexpr std::size_t kLongWord = 3;
constexpr std::size_t kOuter = 2;  // levels
constexpr std::size_t kEverywhere = static_cast<std::size_t>(-1);
constexpr std::int64_t kLargest = 1'000'000'000'000'000'000;

class Body {
 public:
  explicit Body(MinimiseSearch& search) : s_(search) {}

  bool minimise() {
    if (s_.text().raw || s_.text().request.body.empty()) return false;
    bool better = s_.accept_body("");
    better = s_.accept_body("{}") || better;
    tree_ = read_json_tree(s_.text().request.body);
    if (!tree_) {
      const auto put = [this](const std::string& shorter) { return s_.accept_body(shorter); };
      return s_.shrink(s_.text().request.body, Escapes::none, 'a', put) || better;
    }
    better = white_space() || better;
    better = fewer_members(kOuter) || better;
    better = flatter() || better;
    // Deep nesting can be read only so. If it is what matters, this is no tree any more.
    if (s_.accept_body(to_text(text_runs(s_.text().request.body, Escapes::none)))) return true;
    better = fewer_members(kEverywhere) || better;
    better = plainer_values() || better;
    better = shorter_rest() || better;
    return shorter_texts() || better;
  }

 private:
  bool accept_tree(JsonBody candidate) {
    if (!s_.accept_body(to_text(candidate))) return false;
    // As it reads now: what was a bracket that is missing may have become another text.
    auto again = read_json_tree(s_.text().request.body);
    tree_ = again ? *std::move(again) : std::move(candidate);
    return true;
  }

  bool white_space() {
    JsonBody t = *tree_;
    for (const JsonPlace& p : places(t.root)) {
      for (auto* space : {&p.node->before, &p.node->after, &p.node->inside}) space->clear();
      if (p.member != nullptr) p.member->before_key.clear();
      if (p.member != nullptr) p.member->after_key.clear();
    }
    t.rest = t.rest.substr(std::min(t.rest.find_first_not_of(" \t\r\n"), t.rest.size()));
    if (accept_tree(t)) return true;
    bool better = false;
    for (const auto part : {&JsonTree::before, &JsonTree::after}) {
      t.root.*part = tree_->root.*part;
      if (accept_tree(t)) {
        better = true;
        break;
      }
      if ((tree_->root.*part).empty()) continue;
      const auto put = [&](const std::string& space) {
        JsonBody candidate = *tree_;
        candidate.root.*part = space;
        return accept_tree(candidate);
      };
      better = s_.shrink(tree_->root.*part, Escapes::none, ' ', put) || better;
    }
    return better;
  }

  bool fewer_members(std::size_t deepest) {
    bool better = false;
    for (std::size_t i = 0; i < places(tree_->root).size() && !s_.exhausted(); ++i) {
      if (places(tree_->root)[i].depth > deepest) continue;
      const auto count = [&] { return places(tree_->root)[i].node->members.size(); };
      for (std::size_t size = count(); size > 0; size /= 2) {
        for (std::size_t at = 0; i < places(tree_->root).size() && at < count();) {
          JsonBody t = *tree_;
          auto& members = places(t.root)[i].node->members;
          const auto first = members.begin() + static_cast<std::ptrdiff_t>(at);
          members.erase(first, first + static_cast<std::ptrdiff_t>(std::min(size, members.size() - at)));
          if (accept_tree(std::move(t))) {
            better = true;
          } else {
            at += size;
          }
        }
        if (i >= places(tree_->root).size()) break;
      }
    }
    return better;
  }

  // What may stand in the place of a value, the best first. `accept` passes over what is no better.
  std::vector<JsonTree> instead_of(const JsonPlace& place) const {
    std::vector<JsonTree> out;
    const auto add = [&](std::string_view json) {
      if (auto read = read_json_tree(json); read && read->rest.empty()) out.push_back(std::move(read->root));
    };
    if (place.depth == 1 && place.member != nullptr) {
      if (const auto* values = s_.expected(place.member->key)) {
        for (const std::string& json : *values) add(json);
      }
    }
    if (place.depth == 0) return out;
    switch (place.node->kind) {
      case Kind::word:
        for (const char* word : {"0", "1"}) add(word);
        break;
      case Kind::string:
        add("\"Example\"");
        break;
      case Kind::object:
      case Kind::array:
        for (const char* simple : {"0", "\"\"", "\"Example\"", "[]", "{}"}) add(simple);
        break;
    }
    return out;
  }

  // What is nested, without some of what it is nested in.
  bool flatter() {
    bool better = false;
    for (std::size_t i = 1; i < places(tree_->root).size() && !s_.exhausted(); ++i) {
      // In the middle of a row of brackets, it would be the same again.
      const JsonPlace place = places(tree_->root)[i];
      if (place.depth == 1 || place.siblings > 0) better = flatter(i) || better;
    }
    return better;
  }

  bool flatter(std::size_t place) {
    bool better = false;
    for (std::size_t levels = levels_below(*places(tree_->root)[place].node); levels > 0;) {
      JsonBody t = *tree_;
      JsonTree& node = *places(t.root)[place].node;
      const JsonTree* inner = &node;
      for (std::size_t i = 0; i < levels; ++i) inner = &inner->members.front().value;
      node = JsonTree(*inner);
      if (accept_tree(std::move(t))) {
        better = true;
        levels = std::min(levels, levels_below(*places(tree_->root)[place].node));
      } else {
        levels /= 2;
      }
    }
    return better;
  }

  static std::size_t levels_below(const JsonTree& node) {
    std::size_t levels = 0;
    for (const JsonTree* n = &node; !n->members.empty(); n = &n->members.front().value) ++levels;
    return levels;
  }

  bool plainer_values() {
    bool better = false;
    for (std::size_t i = 0; i < places(tree_->root).size() && !s_.exhausted(); ++i) {
      for (JsonTree& value : instead_of(places(tree_->root)[i])) {
        JsonBody t = *tree_;
        *places(t.root)[i].node = std::move(value);
        if (!accept_tree(std::move(t))) continue;
        better = true;
        break;
      }
      if (i >= places(tree_->root).size()) break;
      better = smaller_number(i) || better;
    }
    return better;
  }

  // A whole number nearest to zero, by halving.
  bool smaller_number(std::size_t place) {
    const std::string word = places(tree_->root)[place].node->text;
    if (places(tree_->root)[place].node->kind != Kind::word) return false;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc() || end != word.data() + word.size()) return false;
    if (number > kLargest || number < -kLargest) return false;
    std::int64_t lost = 0;
    bool better = false;
    while ((number - lost > 1 || lost - number > 1) && !s_.exhausted()) {
      const std::int64_t middle = lost + (number - lost) / 2;
      JsonBody t = *tree_;
      places(t.root)[place].node->text = std::to_string(middle);
      if (accept_tree(std::move(t))) {
        number = middle;
        better = true;
      } else {
        lost = middle;
      }
    }
    return better;
  }

  bool shorter_rest() {
    return s_.shrink(tree_->rest, Escapes::none, 'a', [this](const std::string& rest) {
      JsonBody t = *tree_;
      t.rest = rest;
      return accept_tree(std::move(t));
    });
  }

  // Strings, keys that are no member's, and words that are no small number.
  bool shorter_texts() {
    bool better = false;
    for (std::size_t i = 0; i < places(tree_->root).size() && !s_.exhausted(); ++i) {
      better = shorter_value(i) || better;
      if (i < places(tree_->root).size()) better = shorter_key(i) || better;
    }
    return better;
  }

  bool shorter_value(std::size_t place) {
    const JsonPlace here = places(tree_->root)[place];
    const bool is_word = here.node->kind == Kind::word;
    if (!is_word && here.node->kind != Kind::string) return false;
    if (is_word && here.node->text.size() <= kLongWord) return false;
    if (here.depth == 1 && here.member != nullptr && s_.expects(here.member->key, *here.node)) return false;
    const std::string text = here.node->text;
    return s_.shrink(text, Escapes::json, is_word ? '0' : 'a', [&](const std::string& shorter) {
      JsonBody t = *tree_;
      const auto all = places(t.root);
      if (place >= all.size()) return false;
      all[place].node->text = shorter;
      return accept_tree(std::move(t));
    });
  }

  bool shorter_key(std::size_t place) {
    const JsonPlace here = places(tree_->root)[place];
    if (here.member == nullptr || here.member->key.empty() || s_.expected(here.member->key) != nullptr) {
      return false;
    }
    const std::string key = here.member->key;
    return s_.shrink(key, Escapes::json, 'a', [&](const std::string& shorter) {
      JsonBody t = *tree_;
      const auto all = places(t.root);
      if (place >= all.size() || all[place].member == nullptr) return false;
      all[place].member->key = shorter;
      return accept_tree(std::move(t));
    });
  }

  MinimiseSearch& s_;
  std::optional<JsonBody> tree_;  // of the best text's body
};

}  // namespace

bool minimise_body(MinimiseSearch& search) {
  return Body(search).minimise();
}

}  // namespace harness::run
