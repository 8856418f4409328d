#include "harness/generate/valid_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "harness/base/hash.h"
#include "harness/generate/pattern_strings.h"
#include "harness/generate/random.h"

namespace harness::generate {
namespace {

using model::Constraints;
using model::Member;
using model::Shape;
using model::ShapeType;
using wire::Json;

constexpr int kMaxNesting = 32;            // beyond it, a shape requires itself
constexpr std::size_t kMaxEntries = 2000;  // of a list that must be longer, none is made
constexpr std::size_t kTries = 400;        // strings of one pattern, until one has the right length
constexpr std::string_view kReadable[] = {"example", "Example", "EXAMPLE", "example-1", "1", "a"};

std::size_t least_length(const Constraints& c) {
  return static_cast<std::size_t>(std::max<std::int64_t>(c.min_length.value_or(0), 0));
}

bool fits(std::size_t length, const Constraints& c) {
  const auto n = static_cast<std::int64_t>(length);
  return n >= c.min_length.value_or(0) && (!c.max_length || n <= *c.max_length);
}

// How often a list or a map holds an entry.
std::size_t entries(const Constraints& c) {
  const auto least = least_length(c);
  return c.max_length && *c.max_length < 1 ? least : std::max<std::size_t>(least, 1);
}

class InputMaker {
 public:
  explicit InputMaker(std::string_view prefix) : prefix_(prefix) {}

  Result<Json> structure(const Shape& shape, const std::string& path, std::string_view optional,
                         int nesting) {
    Json out = Json::object();
    for (const Member& m : shape.members) {
      if (!m.constraints.required && m.name != optional) continue;
      auto value = of(*m.target, m.constraints, path.empty() ? m.name : path + "." + m.name, nesting + 1);
      if (!value) return value;
      out[m.name] = *std::move(value);
    }
    return out;
  }

  Result<Json> of(const Member& m, const std::string& path, int nesting) {
    return of(*m.target, m.constraints, path, nesting);
  }

  /// A list or a map of so many entries, whatever its limits.
  Result<Json> entries_of(const Member& m, std::size_t n, const std::string& path) {
    if (n > kMaxEntries) return cannot(path, "it would be very large");
    Constraints exactly;
    exactly.min_length = exactly.max_length = static_cast<std::int64_t>(n);
    return m.target->type == ShapeType::map ? map(*m.target, exactly, path, 0)
                                            : list(*m.target, exactly, path, 0);
  }

 private:
  static tl::unexpected<Error> cannot(const std::string& path, std::string_view why) {
    return fail(fmt::format("{}: {}", path, why));
  }

  Result<Json> of(const Shape& shape, const Constraints& c, const std::string& path, int nesting) {
    if (nesting > kMaxNesting) return cannot(path, "it requires itself");
    switch (shape.type) {
      case ShapeType::boolean:
        return Json(true);
      case ShapeType::byte_:
      case ShapeType::short_:
      case ShapeType::integer:
      case ShapeType::long_:
      case ShapeType::big_integer:
      case ShapeType::float_:
      case ShapeType::double_:
      case ShapeType::big_decimal:
        // As a reader of JSON has it: a signed zero is minus zero.
        return number(c) < 0 ? Json(number(c)) : Json(static_cast<std::uint64_t>(number(c)));
      case ShapeType::timestamp:
        return Json(1700000000);  // seconds since 1970 (AWS JSON 1.1)
      case ShapeType::blob:
        return blob(c, path);
      case ShapeType::string:
      case ShapeType::enumeration:
        return text(c, path);
      case ShapeType::document:
        return Json::object();
      case ShapeType::list:
        return list(shape, c, path, nesting);
      case ShapeType::map:
        return map(shape, c, path, nesting);
      case ShapeType::structure:
        return structure(shape, path, {}, nesting);
      case ShapeType::union_:
        return one_of(shape, path, nesting);
    }
    return cannot(path, "its type is not known");
  }

  static std::int64_t number(const Constraints& c) {
    std::int64_t value = 1;
    if (c.min_value) value = std::max(value, *c.min_value);
    if (c.max_value) value = std::min(value, *c.max_value);
    return value;
  }

  // Exactly one member of a union is set; the first of which a value can be made.
  Result<Json> one_of(const Shape& shape, const std::string& path, int nesting) {
    Result<Json> last = cannot(path, "it has no member");
    for (const Member& m : shape.members) {
      last = of(*m.target, m.constraints, path + "." + m.name, nesting + 1);
      if (!last) continue;
      Json out = Json::object();
      out[m.name] = *std::move(last);
      return out;
    }
    return last;
  }

  Result<Json> list(const Shape& shape, const Constraints& c, const std::string& path, int nesting) {
    const Member* element = shape.find_member("member");
    if (element == nullptr) return cannot(path, "the model does not say what it lists");
    if (entries(c) > kMaxEntries) return cannot(path, "it must be very long");
    Json out = Json::array();
    for (std::size_t i = 0; i < entries(c); ++i) {
      auto value = of(*element->target, element->constraints, fmt::format("{}[{}]", path, i), nesting + 1);
      if (!value) return value;
      out.push_back(*std::move(value));
    }
    return out;
  }

  Result<Json> map(const Shape& shape, const Constraints& c, const std::string& path, int nesting) {
    const Member* key = shape.find_member("key");
    const Member* element = shape.find_member("value");
    if (key == nullptr || element == nullptr) return cannot(path, "the model does not say what it maps");
    if (entries(c) > kMaxEntries) return cannot(path, "it must be very large");
    Json out = Json::object();
    for (std::size_t i = 0; i < entries(c); ++i) {
      const std::string at = fmt::format("{}[{}]", path, i);
      auto name = of(*key->target, key->constraints, at, nesting + 1);
      if (!name) return name;
      if (!name->is_string()) return cannot(at, "the key of a map is no string");
      auto value = of(*element->target, element->constraints, at, nesting + 1);
      if (!value) return value;
      out[name->get<std::string>()] = *std::move(value);
    }
    if (out.size() < entries(c)) return cannot(path, "its keys are not as many as they must be");
    return out;
  }

  // Base64 of the least number of zero bytes, but of three where that is allowed.
  static Result<Json> blob(const Constraints& c, const std::string& path) {
    const std::size_t least = least_length(c);
    if (least > kMaxEntries) return cannot(path, "it must be very long");
    const std::size_t bytes = fits(3, c) ? 3 : least;
    const std::size_t last = bytes % 3;
    return Json(std::string(bytes / 3 * 4, 'A') + (last == 0 ? "" : last == 1 ? "AA==" : "AAA="));
  }

  Result<Json> text(const Constraints& c, const std::string& path) {
    if (!c.enum_values.empty()) return Json(c.enum_values.front());
    const std::size_t number = ++number_;
    // The number keeps the keys of a map apart.
    const std::string_view word = prefix_.empty() ? "example" : prefix_;
    const std::string plain = number == 1 ? std::string(word) : fmt::format("{}{}", word, number);
    if (!c.pattern) {
      if (fits(plain.size(), c)) return Json(plain);
      const auto least = least_length(c);
      if (plain.size() < least) return Json(plain + std::string(least - plain.size(), 'x'));
      // A prefix that is cut would be nobody's.
      return Json(std::string("example").substr(0, static_cast<std::size_t>(*c.max_length)));
    }
    const auto is_member = [&](const std::string& candidate) {
      return fits(wire::scalar_count(candidate), c) &&
             c.pattern->match(candidate) == model::Pattern::Match::matches;
    };
    if (!prefix_.empty() && is_member(plain)) return Json(plain);
    for (const std::string_view readable : kReadable) {
      if (std::string candidate(readable); is_member(candidate)) return Json(std::move(candidate));
    }
    return member_of(*c.pattern, c, path, is_member);
  }

  template <class IsMember>
  Result<Json> member_of(const model::Pattern& pattern, const Constraints& c, const std::string& path,
                         const IsMember& is_member) {
    const auto strings = PatternStrings::of(pattern.text());
    if (!strings) return cannot(path, "its pattern cannot be read here: " + pattern.text());
    Random random(base::fnv1a(path));
    const auto least = least_length(c);
    const auto most = c.max_length ? static_cast<std::size_t>(*c.max_length) : least + 200;
    if (strings->is_plain()) {
      const std::size_t length = std::max({least, strings->shortest(), std::size_t{1}});
      if (std::string candidate = strings->member_of_length(random, length); is_member(candidate))
        return Json(std::move(candidate));
    }
    for (std::size_t i = 0; i < kTries; ++i) {
      // Short ones first: they are what people read.
      const std::size_t longest = std::min(most, least + 4 + i);
      if (std::string candidate = strings->member(random, longest); is_member(candidate))
        return Json(std::move(candidate));
    }
    return cannot(path, "no string of its pattern and length was found: " + pattern.text());
  }

  const std::string_view prefix_;
  std::size_t number_ = 0;
};

}  // namespace

Result<wire::Json> valid_input(const model::Operation& operation, std::string_view optional,
                               std::string_view prefix) {
  if (operation.input == nullptr) return Json::object();
  if (!optional.empty() && operation.input->find_member(optional) == nullptr)
    return fail(fmt::format("{}: the model has no member {}", operation.name, optional));
  return InputMaker(prefix).structure(*operation.input, "", optional, 0);
}

Result<wire::Json> valid_value(const model::Member& member, const std::string& path,
                               std::string_view prefix) {
  return InputMaker(prefix).of(member, path, 0);
}

Result<wire::Json> valid_entries(const model::Member& member, std::size_t entries, const std::string& path,
                                 std::string_view prefix) {
  return InputMaker(prefix).entries_of(member, entries, path);
}

}  // namespace harness::generate
