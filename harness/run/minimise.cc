#include "harness/run/minimise.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "harness/run/json_tree.h"
#include "harness/run/shrink_text.h"
#include "harness/wire/http_text.h"
#include "harness/wire/message.h"

namespace harness::run {
namespace {

using Clock = std::chrono::steady_clock;
using Kind = JsonTree::Kind;

constexpr std::string_view kTarget = "X-Amz-Target";
constexpr std::string_view kContentType = "Content-Type";
constexpr std::string_view kJson = "application/x-amz-json-1.1";
constexpr std::string_view kPlainWord = "Example";
// What readers of a text stumble over, in the measure of effort().
constexpr std::size_t kPerHeader = 30;
constexpr std::size_t kPerDirective = 60;
constexpr std::size_t kPerKey = 20;
constexpr std::size_t kQuotes = 20;
constexpr std::size_t kExpectedValue = 5;
constexpr std::size_t kExpectedWord = 15;

class Minimiser {
 public:
  Minimiser(std::string input, const std::function<bool(const std::string&)>& still,
            const MinimiseLimits& limits, const std::map<std::string, Example, std::less<>>& examples)
      : still_(still),
        limits_(limits),
        deadline_(Clock::now() + limits.time),
        largest_(input.size()),
        best_(std::move(input)) {
    for (const auto& [operation, example] : examples) {
      operations_.insert(operation);
      for (const auto* members : {&example.input, &example.optional}) {
        for (const auto& [name, json] : *members) expected_[name].insert(json);
      }
    }
    tried_.insert(best_);
    best_rank_ = rank(best_);
  }

  std::string minimise() {
    bool better = true;
    while (better && !exhausted()) {
      better = false;
      if (read()) {
        better = head();
        better = body() || better;
      } else {
        better = as_text();
      }
    }
    return std::move(best_);
  }

 private:
  // ---- which text is better, and whether it still shows the same ----
  using Rank = std::tuple<std::size_t, std::size_t, std::string_view>;

  Rank rank(std::string_view text) const {
    const auto read = wire::parse_http_text(text);
    return {read ? effort_of(*read) : effort(text), text.size(), text};
  }

  // Shrinks one part; `put` makes the whole of a shorter part, and says whether it was taken.
  bool shrink(const std::string& text, Escapes escapes, char filler,
              const std::function<bool(const std::string&)>& put) const {
    bool better = false;
    const auto accept_part = [&](const std::string& shorter) {
      const bool taken = put(shorter);
      better = better || taken;
      return taken;
    };
    shrink_text(text, escapes, filler, accept_part, [this] { return exhausted(); });
    return better;
  }

  bool exhausted() const { return tries_ >= limits_.tries || Clock::now() >= deadline_; }

  bool accept(std::string candidate) {
    if (candidate.size() > largest_ || exhausted()) return false;
    if (rank(candidate) >= best_rank_ || !tried_.insert(candidate).second) return false;
    ++tries_;
    if (!still_(candidate)) return false;
    best_ = std::move(candidate);
    best_rank_ = rank(best_);
    return true;
  }

  bool accept(const wire::HttpText& candidate) {
    if (!accept(wire::print_http_text(candidate))) return false;
    return read();
  }

  bool read() {
    auto text = wire::parse_http_text(best_);
    if (!text) return false;
    text_ = *std::move(text);
    return true;
  }

  std::size_t effort_of(const wire::HttpText& t) const {
    std::size_t sum = 0;
    for (const std::string& c : t.comments) sum += kPerDirective + effort(c);
    if (t.raw) return sum + effort(t.raw_bytes);
    sum += effort(t.request.method) + effort(t.request.target) + effort(t.request.version);
    for (const auto& line : t.request.headers.lines()) {
      sum += kPerHeader + effort(line.name) + effort(line.value);
    }
    const auto body = read_json_tree(t.request.body);
    return sum + (body ? effort_of(body->root, {}, 0) + effort(body->rest) : effort(t.request.body));
  }

  std::size_t effort_of(const JsonTree& t, std::string_view key, std::size_t depth) const {
    std::size_t sum = effort(t.before) + effort(t.after);
    if (depth == 1 && expects(key, t)) return sum + kExpectedValue;
    if (t.kind == Kind::word) return sum + effort(t.text);
    if (t.kind == Kind::string) {
      return sum + (t.text == kPlainWord && t.closed ? kExpectedWord : kQuotes + effort(t.text));
    }
    sum += kQuotes + effort(t.inside);
    for (const JsonMember& m : t.members) {
      sum += effort(m.before_key) + effort(m.key) + effort(m.after_key) + kPerKey;
      sum += effort_of(m.value, m.key, depth + 1);
    }
    return sum;
  }

  bool expects(std::string_view key, const JsonTree& value) const {
    const auto it = expected_.find(key);
    if (it == expected_.end() || !value.closed) return false;
    JsonTree bare = value;
    bare.before.clear();
    bare.after.clear();
    return it->second.contains(to_text(bare));
  }

  // ---- the head ----
  bool head() {
    bool better = unwrap();
    if (text_.raw) return as_raw() || better;
    better = accept(plain_head()) || better;
    better = directives() || better;
    better = headers() || better;
    better = start_line() || better;
    return header_values() || better;
  }

  // The same as a request of the usual form, with only what no request lacks.
  wire::HttpText plain_head() const {
    wire::HttpText t;
    t.request.body = text_.request.body;
    for (const std::string_view name : {kTarget, kContentType}) {
      const auto value = text_.request.headers.find(name);
      if (value) t.request.headers.add(std::string(name), std::string(*value));
    }
    return t;
  }

  // Raw bytes that are a request are written as one.
  bool unwrap() {
    if (!text_.raw) return false;
    auto request = wire::parse_request(text_.raw_bytes);
    if (!request) return false;
    wire::HttpText t;
    t.request = *std::move(request);
    for (const char* filled_in : {"Host", "Content-Length", "X-Amz-Date", "Authorization"}) {
      t.request.headers.remove(filled_in);
    }
    return accept(t);
  }

  bool as_raw() {
    const bool better = shrink(text_.raw_bytes, Escapes::none, 'a', [this](const std::string& bytes) {
      wire::HttpText t = text_;
      t.raw_bytes = bytes;
      return accept(t);
    });
    return directives() || better;
  }

  // Comments say nothing to the endpoint, but some of them are directives.
  bool directives() {
    bool better = false;
    for (std::size_t i = text_.comments.size(); i-- > 0;) {
      if (i >= text_.comments.size()) continue;
      wire::HttpText t = text_;
      const auto without = std::exchange(t.without, {});
      const bool is_without = t.comments[i].starts_with("@without");
      t.comments.erase(t.comments.begin() + static_cast<std::ptrdiff_t>(i));
      if (!is_without) t.without = without;
      t.escaped = t.directive("escaped").has_value();
      better = accept(t) || better;
    }
    for (std::size_t i = text_.without.size(); text_.without.size() > 1 && i-- > 0;) {
      wire::HttpText t = text_;
      t.without.erase(t.without.begin() + static_cast<std::ptrdiff_t>(i));
      std::erase_if(t.comments, [](const std::string& c) { return c.starts_with("@without"); });
      better = accept(t) || better;
    }
    return better;
  }

  static wire::HttpText with_headers(const wire::HttpText& text, std::vector<wire::Header> lines) {
    wire::HttpText t = text;
    t.request.headers.clear();
    for (auto& line : lines) t.request.headers.add(std::move(line.name), std::move(line.value));
    return t;
  }

  bool headers() {
    bool better = false;
    for (std::size_t size = text_.request.headers.lines().size(); size > 0; size /= 2) {
      for (std::size_t at = 0; at < text_.request.headers.lines().size();) {
        auto lines = text_.request.headers.lines();
        const auto first = lines.begin() + static_cast<std::ptrdiff_t>(at);
        lines.erase(first, first + static_cast<std::ptrdiff_t>(std::min(size, lines.size() - at)));
        if (accept(with_headers(text_, std::move(lines)))) {
          better = true;
        } else {
          at += size;
        }
      }
    }
    return better;
  }

  bool start_line() {
    wire::HttpText t = text_;
    t.request.method = "POST";
    t.request.target = "/";
    t.request.version = "HTTP/1.1";
    if (accept(t)) return true;
    bool better = false;
    for (const auto part : {&wire::Request::method, &wire::Request::target, &wire::Request::version}) {
      t = text_;
      t.request.*part = wire::Request{}.*part;
      if (text_.request.*part == t.request.*part) continue;
      if (accept(t)) {
        better = true;
        continue;
      }
      const auto put = [&](const std::string& shorter) {
        wire::HttpText s = text_;
        s.request.*part = shorter;
        return accept(s);
      };
      better = shrink(text_.request.*part, Escapes::none, 'a', put) || better;
    }
    return better;
  }

  bool header_values() {
    bool better = false;
    for (std::size_t i = 0; i < text_.request.headers.lines().size(); ++i) {
      const auto with = [&](const std::string& name, const std::string& value) {
        auto lines = text_.request.headers.lines();
        lines[i] = {name, value};
        const bool taken = accept(with_headers(text_, std::move(lines)));
        better = better || taken;
        return taken;
      };
      const wire::Header line = text_.request.headers.lines()[i];
      for (const std::string_view name : {kTarget, kContentType}) {
        if (wire::same_name(line.name, name)) with(std::string(name), line.value);
      }
      const std::string name = text_.request.headers.lines()[i].name;
      if (wire::same_name(name, kContentType)) with(name, std::string(kJson));
      if (is_usual(text_.request.headers.lines()[i])) continue;
      shrink(text_.request.headers.lines()[i].value, Escapes::none, 'a',
             [&](const std::string& value) { return with(name, value); });
    }
    return better;
  }

  // A header as in any valid request: what a finding rests on if not on anything else.
  bool is_usual(const wire::Header& line) const {
    if (wire::same_name(line.name, kContentType)) return line.value == kJson;
    if (!wire::same_name(line.name, kTarget)) return false;
    const std::size_t dot = line.value.find('.');
    return dot != std::string::npos && operations_.contains(line.value.substr(dot + 1));
  }

  // ---- the body ----
  bool accept_body(std::string body) {
    wire::HttpText t = text_;
    t.request.body = std::move(body);
    return accept(t);
  }

  bool body() {
    if (text_.raw || text_.request.body.empty()) return false;
    bool better = accept_body("");
    better = accept_body("{}") || better;
    tree_ = read_json_tree(text_.request.body);
    if (!tree_) {
      const auto put = [this](const std::string& shorter) { return accept_body(shorter); };
      return shrink(text_.request.body, Escapes::none, 'a', put) || better;
    }
    better = white_space() || better;
    better = fewer_members(kOuter) || better;
    better = flatter() || better;
    // Deep nesting can be read only so. If it is what matters, this is no tree any more.
    if (accept_body(to_text(text_runs(text_.request.body, Escapes::none)))) return true;
    better = fewer_members(kEverywhere) || better;
    better = plainer_values() || better;
    better = shorter_rest() || better;
    return shorter_texts() || better;
  }

  bool accept_tree(JsonDocument candidate) {
    if (!accept_body(to_text(candidate))) return false;
    // As it reads now: what was a bracket that is missing may have become another text.
    auto again = read_json_tree(text_.request.body);
    tree_ = again ? *std::move(again) : std::move(candidate);
    return true;
  }

  bool white_space() {
    JsonDocument t = *tree_;
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
        JsonDocument candidate = *tree_;
        candidate.root.*part = space;
        return accept_tree(candidate);
      };
      better = shrink(tree_->root.*part, Escapes::none, ' ', put) || better;
    }
    return better;
  }

  bool fewer_members(std::size_t deepest) {
    bool better = false;
    for (std::size_t i = 0; i < places(tree_->root).size() && !exhausted(); ++i) {
      if (places(tree_->root)[i].depth > deepest) continue;
      const auto count = [&] { return places(tree_->root)[i].node->members.size(); };
      for (std::size_t size = count(); size > 0; size /= 2) {
        for (std::size_t at = 0; i < places(tree_->root).size() && at < count();) {
          JsonDocument t = *tree_;
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
      const auto it = expected_.find(place.member->key);
      if (it != expected_.end()) {
        for (const std::string& json : it->second) add(json);
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
    for (std::size_t i = 1; i < places(tree_->root).size() && !exhausted(); ++i) {
      // In the middle of a row of brackets, it would be the same again.
      const JsonPlace place = places(tree_->root)[i];
      if (place.depth == 1 || place.siblings > 0) better = flatter(i) || better;
    }
    return better;
  }

  bool flatter(std::size_t place) {
    bool better = false;
    for (std::size_t levels = levels_below(*places(tree_->root)[place].node); levels > 0;) {
      JsonDocument t = *tree_;
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
    for (std::size_t i = 0; i < places(tree_->root).size() && !exhausted(); ++i) {
      for (JsonTree& value : instead_of(places(tree_->root)[i])) {
        JsonDocument t = *tree_;
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
    while ((number - lost > 1 || lost - number > 1) && !exhausted()) {
      const std::int64_t middle = lost + (number - lost) / 2;
      JsonDocument t = *tree_;
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
    return shrink(tree_->rest, Escapes::none, 'a', [this](const std::string& rest) {
      JsonDocument t = *tree_;
      t.rest = rest;
      return accept_tree(std::move(t));
    });
  }

  // Strings, keys that are no member's, and words that are no small number.
  bool shorter_texts() {
    bool better = false;
    for (std::size_t i = 0; i < places(tree_->root).size() && !exhausted(); ++i) {
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
    if (here.depth == 1 && here.member != nullptr && expects(here.member->key, *here.node)) return false;
    const std::string text = here.node->text;
    return shrink(text, Escapes::json, is_word ? '0' : 'a', [&](const std::string& shorter) {
      JsonDocument t = *tree_;
      const auto all = places(t.root);
      if (place >= all.size()) return false;
      all[place].node->text = shorter;
      return accept_tree(std::move(t));
    });
  }

  bool shorter_key(std::size_t place) {
    const JsonPlace here = places(tree_->root)[place];
    if (here.member == nullptr || here.member->key.empty() || expected_.contains(here.member->key)) {
      return false;
    }
    const std::string key = here.member->key;
    return shrink(key, Escapes::json, 'a', [&](const std::string& shorter) {
      JsonDocument t = *tree_;
      const auto all = places(t.root);
      if (place >= all.size() || all[place].member == nullptr) return false;
      all[place].member->key = shorter;
      return accept_tree(std::move(t));
    });
  }

  // ---- what is no HTTP text ----
  bool as_text() {
    const std::string text = best_;
    return shrink(text, Escapes::none, 'a', [this](const std::string& shorter) { return accept(shorter); });
  }

  static constexpr std::size_t kLongWord = 3;
  static constexpr std::size_t kOuter = 2;  // levels
  static constexpr std::size_t kEverywhere = static_cast<std::size_t>(-1);
  static constexpr std::int64_t kLargest = 1'000'000'000'000'000'000;

  const std::function<bool(const std::string&)>& still_;
  const MinimiseLimits& limits_;
  const Clock::time_point deadline_;
  const std::size_t largest_;
  std::set<std::string, std::less<>> operations_;
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> expected_;  // JSON by member
  std::set<std::string> tried_;
  std::size_t tries_ = 0;
  std::string best_;
  Rank best_rank_;
  wire::HttpText text_;               // best_, read
  std::optional<JsonDocument> tree_;  // its body, read
};

}  // namespace

std::string minimise(std::string http_text, const std::function<bool(const std::string&)>& still,
                     const MinimiseLimits& limits,
                     const std::map<std::string, Example, std::less<>>& examples) {
  return Minimiser(std::move(http_text), still, limits, examples).minimise();
}

}  // namespace harness::run
