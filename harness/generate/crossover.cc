#include "harness/generate/crossover.h"

#include <algorithm>

#include "harness/generate/head_changes.h"
#include "harness/generate/json_strings.h"
#include "harness/generate/json_tree.h"

namespace harness::generate {
namespace {

using Kind = JsonNode::Kind;

constexpr std::size_t kMaxMembers = 200;

// The beginning of one content and the end of the other, whole characters of both.
std::string splice_content(std::string_view a, std::string_view b, Random& random) {
  const auto front = string_parts(a);
  const auto back = string_parts(b);
  std::string out;
  const std::size_t end = random.below(front.size() + 1);
  for (std::size_t i = 0; i < end; ++i) out += front[i];
  for (std::size_t i = random.below(back.size() + 1); i < back.size(); ++i) out += back[i];
  return out;
}

JsonNode cross_values(const JsonNode& a, const JsonNode& b, Random& random) {
  if (a.kind == Kind::string && b.kind == Kind::string && random.percent(30))
    return JsonNode::string(splice_content(a.text, b.text, random));
  if (a.kind == Kind::array && b.kind == Kind::array && random.percent(60)) {
    JsonNode out = a;
    out.items.resize(random.below(a.items.size() + 1));
    for (std::size_t i = random.below(b.items.size() + 1); i < b.items.size() && i < kMaxMembers; ++i)
      out.items.push_back(b.items[i]);
    return out;
  }
  return random.percent(50) ? a : b;
}

// The members of the first with values of either, and some that only the second has.
JsonNode cross_objects(const JsonNode& a, const JsonNode& b, Random& random) {
  JsonNode out{Kind::object, {}, {}, {}};
  for (std::size_t i = 0; i < a.items.size() && i < kMaxMembers; ++i) {
    const auto other = std::find(b.names.begin(), b.names.end(), a.names[i]);
    if (other != b.names.end()) {
      out.add(a.names[i],
              cross_values(a.items[i], b.items[static_cast<std::size_t>(other - b.names.begin())], random));
    } else if (random.percent(80)) {
      out.add(a.names[i], a.items[i]);
    }
  }
  for (std::size_t i = 0; i < b.items.size() && i < kMaxMembers; ++i) {
    const bool both = std::find(a.names.begin(), a.names.end(), b.names[i]) != a.names.end();
    if (!both && random.percent(50)) out.add(b.names[i], b.items[i]);
  }
  return out;
}

std::string cross_bodies(const std::string& a, const std::string& b, Random& random) {
  const auto first = read_json_tree(a);
  const auto second = read_json_tree(b);
  if (first && second && first->kind == Kind::object && second->kind == Kind::object && random.percent(90))
    return to_text(cross_objects(*first, *second, random));
  return random.percent(60) ? b : splice_bytes(a, b, random);
}

wire::Headers cross_headers(const wire::Headers& a, const wire::Headers& b, Random& random) {
  wire::Headers out;
  for (const auto& line : a.lines()) {
    const auto other = b.find(line.name);
    out.add(line.name, other && random.percent(30) ? std::string(*other) : line.value);
  }
  for (const auto& line : b.lines()) {
    if (!a.contains(line.name) && out.lines().size() < kMaxHeaderLines && random.percent(40))
      out.add(line.name, line.value);
  }
  return out;
}

}  // namespace

wire::HttpText cross_requests(const wire::HttpText& a, const wire::HttpText& b, Random& random) {
  wire::HttpText out = a;
  const std::size_t kind = random.below(10);
  if (kind < 6) {
    out.request.body = cross_bodies(a.request.body, b.request.body, random);
  } else if (kind < 7) {  // the head of one, the body of the other
    out.request.body = b.request.body;
  } else {
    out.request.headers = cross_headers(a.request.headers, b.request.headers, random);
    if (random.percent(20)) out.request.method = b.request.method;
    if (random.percent(20)) out.request.target = b.request.target;
    if (random.percent(50)) out.request.body = cross_bodies(a.request.body, b.request.body, random);
  }
  return out;
}

std::string splice_bytes(std::string_view a, std::string_view b, Random& random) {
  std::string out(a.substr(0, random.below(a.size() + 1)));
  out += b.substr(random.below(b.size() + 1));
  return out;
}

}  // namespace harness::generate
