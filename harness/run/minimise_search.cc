#include "harness/run/minimise_search.h"

#include <utility>

namespace harness::run {
namespace {

using Clock = std::chrono::steady_clock;
using Kind = JsonTree::Kind;

// What readers of a text stumble over, in the measure of effort().
constexpr std::size_t kPerHeader = 30;
constexpr std::size_t kPerDirective = 60;
constexpr std::size_t kPerKey = 20;
constexpr std::size_t kQuotes = 20;
constexpr std::size_t kExpectedValue = 5;
constexpr std::size_t kExpectedWord = 15;

}  // namespace

MinimiseSearch::MinimiseSearch(std::string input, const std::function<bool(const std::string&)>& still,
                               const MinimiseLimits& limits, const Examples& examples)
    : still_(still),
      most_tries_(limits.tries),
      deadline_(Clock::now() + limits.time),
      largest_(input.size()),
      best_(std::move(input)) {
  for (const auto& [operation, example] : examples) {
    for (const auto* members : {&example.input, &example.optional}) {
      for (const auto& [name, json] : *members) {
        expected_[operation][name].insert(json);
        any_[name].insert(json);
      }
    }
  }
  tried_.insert(best_);
  best_rank_ = rank(best_);
}

MinimiseSearch::Rank MinimiseSearch::rank(std::string_view text) const {
  const auto read = wire::parse_http_text(text);
  return {read ? effort_of(*read) : effort(text), text.size(), text};
}

bool MinimiseSearch::shrink(const std::string& text, Escapes escapes, char filler,
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

bool MinimiseSearch::exhausted() const {
  return tries_ >= most_tries_ || Clock::now() >= deadline_;
}

bool MinimiseSearch::accept(std::string candidate) {
  if (candidate.size() > largest_ || exhausted()) return false;
  if (rank(candidate) >= best_rank_ || !tried_.insert(candidate).second) return false;
  ++tries_;
  if (!still_(candidate)) return false;
  best_ = std::move(candidate);
  best_rank_ = rank(best_);
  return true;
}

bool MinimiseSearch::accept_body(std::string body) {
  wire::HttpText t = text_;
  t.request.body = std::move(body);
  return accept(t);
}

bool MinimiseSearch::accept(const wire::HttpText& candidate) {
  if (!accept(wire::print_http_text(candidate))) return false;
  return read();
}

bool MinimiseSearch::read() {
  auto text = wire::parse_http_text(best_);
  if (!text) return false;
  text_ = *std::move(text);
  return true;
}

std::size_t MinimiseSearch::effort_of(const wire::HttpText& t) const {
  std::size_t sum = 0;
  for (const std::string& c : t.comments) sum += kPerDirective + effort(c);
  if (t.raw) return sum + effort(t.raw_bytes);
  sum += effort(t.request.method) + effort(t.request.target) + effort(t.request.version);
  for (const auto& line : t.request.headers.lines()) {
    sum += kPerHeader + effort(line.name) + effort(line.value);
  }
  const auto body = read_json_tree(t.request.body);
  return sum +
         (body ? effort_of(body->root, {}, 0, values_for(t)) + effort(body->rest) : effort(t.request.body));
}

std::size_t MinimiseSearch::effort_of(const JsonTree& t, std::string_view key, std::size_t depth,
                                      const ByMember& values) {
  std::size_t sum = effort(t.before) + effort(t.after);
  if (depth == 1 && expects(values, key, t)) return sum + kExpectedValue;
  if (t.kind == Kind::word) return sum + effort(t.text);
  if (t.kind == Kind::string) {
    return sum + (t.text == kPlainWord && t.closed ? kExpectedWord : kQuotes + effort(t.text));
  }
  sum += kQuotes + effort(t.inside);
  for (const JsonMember& m : t.members) {
    sum += effort(m.before_key) + effort(m.key) + effort(m.after_key) + kPerKey;
    sum += effort_of(m.value, m.key, depth + 1, values);
  }
  return sum;
}

// Of an operation without an example, any other's values will do.
const MinimiseSearch::ByMember& MinimiseSearch::values_for(const wire::HttpText& text) const {
  const auto target = text.request.headers.find("X-Amz-Target").value_or("");
  const auto of = expected_.find(target.substr(target.find('.') + 1));
  return of == expected_.end() ? any_ : of->second;
}

const MinimiseSearch::Values* MinimiseSearch::expected(std::string_view member) const {
  const ByMember& values = values_for(text_);
  const auto it = values.find(member);
  return it == values.end() ? nullptr : &it->second;
}

bool MinimiseSearch::expects(std::string_view member, const JsonTree& value) const {
  return expects(values_for(text_), member, value);
}

bool MinimiseSearch::expects(const ByMember& values, std::string_view member, const JsonTree& value) {
  const auto it = values.find(member);
  if (it == values.end() || !value.closed) return false;
  JsonTree bare = value;
  bare.before.clear();
  bare.after.clear();
  return it->second.contains(to_text(bare));
}

}  // namespace harness::run
