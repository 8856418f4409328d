#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/model/data.h"

namespace harness::model {
namespace {

using wire::Json;

enum class Kind { text, number, flag, object, texts, objects, map_of_objects };

// A member and what it must be if it is there.
struct ExpectedMember {
  std::string_view name;
  Kind kind;
  bool required = false;
};

bool all_of(const Json& value, bool (Json::*is)() const) {
  return std::all_of(value.begin(), value.end(), [&](const Json& item) { return (item.*is)(); });
}

bool fits(const Json& value, Kind kind) {
  switch (kind) {
    case Kind::text:
      return value.is_string();
    case Kind::number:
      return value.is_number();
    case Kind::flag:
      return value.is_boolean();
    case Kind::object:
      return value.is_object();
    case Kind::texts:
      return value.is_array() && all_of(value, &Json::is_string);
    case Kind::objects:
      return value.is_array() && all_of(value, &Json::is_object);
    case Kind::map_of_objects:
      return value.is_object() && all_of(value, &Json::is_object);
  }
  return false;
}

std::string_view words(Kind kind) {
  switch (kind) {
    case Kind::text:
      return "a string";
    case Kind::number:
      return "a number";
    case Kind::flag:
      return "true or false";
    case Kind::object:
      return "an object";
    case Kind::texts:
      return "a list of strings";
    case Kind::objects:
      return "a list of objects";
    case Kind::map_of_objects:
      return "an object of objects";
  }
  return "?";
}

/// Looks at one value after another; the first thing that does not fit is kept.
class Checker {
 public:
  template <std::size_t N>
  void members(const std::string& where, const Json& object, const std::array<ExpectedMember, N>& expected) {
    for (const ExpectedMember& m : expected) {
      const Json* value = find(object, m.name);
      if (value == nullptr && m.required) note(where, m.name, "is missing");
      if (value == nullptr || fits(*value, m.kind)) continue;
      if (m.kind == Kind::map_of_objects && value->is_object()) {
        for (const auto& [key, item] : value->items()) {
          if (!item.is_object()) note(where, fmt::format("{}/{}", m.name, key), "must be an object");
        }
      } else {
        note(where, m.name, fmt::format("must be {}", words(m.kind)));
      }
    }
  }

  /// The same for each object in a list or a map.
  template <std::size_t N>
  void each(const std::string& where, const Json& owner, std::string_view name,
            const std::array<ExpectedMember, N>& expected) {
    const Json* list = find(owner, name);
    if (list == nullptr || !list->is_structured()) return;
    for (const auto& [key, item] : list->items())
      members(fmt::format("{}{}/{}/", where, name, key), item, expected);
  }

  template <std::size_t N>
  void part(const std::string& where, const Json& owner, std::string_view name,
            const std::array<ExpectedMember, N>& expected) {
    if (const Json* value = find(owner, name)) members(fmt::format("{}{}/", where, name), *value, expected);
  }

  bool good() const { return problem_.empty(); }
  Status status() const {
    if (good()) return {};
    return fail(problem_);
  }

 private:
  void note(const std::string& where, std::string_view name, std::string_view what) {
    if (good()) problem_ = fmt::format("{}{} {}", where, name, what);
  }

  std::string problem_;
};

constexpr std::array kLimits = {ExpectedMember{"min", Kind::number}, ExpectedMember{"max", Kind::number}};

namespace smithy {

// What is missing on top is said by the loader, which knows why it is needed.
constexpr std::array kModel = {ExpectedMember{"shapes", Kind::map_of_objects}};
constexpr std::array kShape = {
    ExpectedMember{"type", Kind::text, true}, ExpectedMember{"traits", Kind::object},
    ExpectedMember{"members", Kind::map_of_objects}, ExpectedMember{"errors", Kind::objects},
    ExpectedMember{"version", Kind::text}};
constexpr std::array kReference = {ExpectedMember{"target", Kind::text, true},
                                   ExpectedMember{"traits", Kind::object}};
constexpr std::array kTraits = {
    ExpectedMember{"smithy.api#length", Kind::object},
    ExpectedMember{"smithy.api#range", Kind::object},
    ExpectedMember{"smithy.api#pattern", Kind::text},
    ExpectedMember{"smithy.api#documentation", Kind::text},
    ExpectedMember{"smithy.api#enum", Kind::objects},
    ExpectedMember{"aws.api#service", Kind::object},
    ExpectedMember{"aws.auth#sigv4", Kind::object},
    ExpectedMember{"smithy.api#httpError", Kind::number},
    ExpectedMember{"smithy.api#paginated", Kind::object},
};
constexpr std::array kServiceTrait = {ExpectedMember{"sdkId", Kind::text},
                                      ExpectedMember{"arnNamespace", Kind::text}};
constexpr std::array kSigv4Trait = {ExpectedMember{"name", Kind::text}};
constexpr std::array kPaginatedTrait = {
    ExpectedMember{"inputToken", Kind::text}, ExpectedMember{"outputToken", Kind::text},
    ExpectedMember{"pageSize", Kind::text}, ExpectedMember{"items", Kind::text}};
constexpr std::array kParts = {"member", "key", "value", "input", "output"};

void traits(Checker& check, const std::string& where, const Json& owner) {
  const Json* traits = find(owner, "traits");
  if (traits == nullptr) return;
  check.members(where + "traits/", *traits, kTraits);
  check.part(where + "traits/", *traits, "smithy.api#length", kLimits);
  check.part(where + "traits/", *traits, "smithy.api#range", kLimits);
  check.part(where + "traits/", *traits, "aws.api#service", kServiceTrait);
  check.part(where + "traits/", *traits, "aws.auth#sigv4", kSigv4Trait);
  check.part(where + "traits/", *traits, "smithy.api#paginated", kPaginatedTrait);
}

void shape(Checker& check, const std::string& where, const Json& shape) {
  check.members(where, shape, kShape);
  traits(check, where, shape);
  check.each(where, shape, "errors", kReference);
  const Json* members = find(shape, "members");
  if (members != nullptr && members->is_object()) {
    check.each(where, shape, "members", kReference);
    for (const auto& [name, member] : members->items()) {
      traits(check, fmt::format("{}members/{}/", where, name), member);
    }
  }
  for (const std::string_view name : kParts) {
    const std::array one = {ExpectedMember{name, Kind::object}};
    check.members(where, shape, one);
    check.part(where, shape, name, kReference);
    if (const Json* part = find(shape, name)) traits(check, fmt::format("{}{}/", where, name), *part);
  }
}

}  // namespace smithy

namespace botocore {

constexpr std::array kModel = {ExpectedMember{"metadata", Kind::object},
                               ExpectedMember{"shapes", Kind::map_of_objects},
                               ExpectedMember{"operations", Kind::map_of_objects}};
constexpr std::array kMetadata = {
    ExpectedMember{"targetPrefix", Kind::text}, ExpectedMember{"serviceId", Kind::text},
    ExpectedMember{"signingName", Kind::text},  ExpectedMember{"endpointPrefix", Kind::text},
    ExpectedMember{"jsonVersion", Kind::text},  ExpectedMember{"apiVersion", Kind::text},
    ExpectedMember{"protocol", Kind::text},     ExpectedMember{"protocols", Kind::texts}};
constexpr std::array kShape = {
    ExpectedMember{"type", Kind::text, true},    ExpectedMember{"members", Kind::map_of_objects},
    ExpectedMember{"required", Kind::texts},     ExpectedMember{"enum", Kind::texts},
    ExpectedMember{"min", Kind::number},         ExpectedMember{"max", Kind::number},
    ExpectedMember{"pattern", Kind::text},       ExpectedMember{"sensitive", Kind::flag},
    ExpectedMember{"union", Kind::flag},         ExpectedMember{"eventstream", Kind::flag},
    ExpectedMember{"documentation", Kind::text}, ExpectedMember{"error", Kind::object},
    ExpectedMember{"member", Kind::object},      ExpectedMember{"key", Kind::object},
    ExpectedMember{"value", Kind::object}};
constexpr std::array kReference = {ExpectedMember{"shape", Kind::text, true}};
constexpr std::array kOperation = {ExpectedMember{"input", Kind::object},
                                   ExpectedMember{"output", Kind::object},
                                   ExpectedMember{"errors", Kind::objects}};

}  // namespace botocore

}  // namespace

Status check_smithy_types(const Json& ast) {
  Checker check;
  check.members("", ast, smithy::kModel);
  const Json* shapes = find(ast, "shapes");
  if (!check.good() || shapes == nullptr) return check.status();
  for (const auto& [id, shape] : shapes->items()) smithy::shape(check, fmt::format("shapes/{}/", id), shape);
  return check.status();
}

Status check_botocore_types(const Json& service) {
  if (find(service, "metadata") == nullptr) return {};  // the loader says that it is none
  Checker check;
  check.members("", service, botocore::kModel);
  if (!check.good()) return check.status();
  check.part("", service, "metadata", botocore::kMetadata);
  if (const Json* shapes = find(service, "shapes")) {
    for (const auto& [name, shape] : shapes->items()) {
      const std::string where = fmt::format("shapes/{}/", name);
      check.members(where, shape, botocore::kShape);
      check.each(where, shape, "members", botocore::kReference);
      for (const char* part : {"member", "key", "value"})
        check.part(where, shape, part, botocore::kReference);
    }
  }
  if (const Json* operations = find(service, "operations")) {
    for (const auto& [name, operation] : operations->items()) {
      const std::string where = fmt::format("operations/{}/", name);
      check.members(where, operation, botocore::kOperation);
      for (const char* part : {"input", "output"}) check.part(where, operation, part, botocore::kReference);
      check.each(where, operation, "errors", botocore::kReference);
    }
  }
  return check.status();
}

}  // namespace harness::model
