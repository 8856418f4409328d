#include "harness/oracle/judge_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/model/validate.h"
#include "harness/oracle/operation_rules.h"

namespace harness::oracle {
namespace {

using wire::Json;

constexpr std::size_t kMaxOfARule = 10;

class OutputJudge {
 public:
  OutputJudge(const Classification& request, const Knowledge& knowledge, std::vector<Finding>& findings)
      : request_(request), known_(knowledge), findings_(findings) {}

  void run(const wire::Response& response) {
    const auto body = wire::parse_json(response.body);
    if (!body) {
      return defect("shape/not-json", fmt::format("the answer is not JSON: {} at byte {}",
                                                  body.error().reason, body.error().offset));
    }
    if (!body->value.is_object()) return defect("shape/not-an-object", "the answer is not a JSON object");
    if (!shape(*body)) return;
    if (request_.rules == nullptr || request_.rules->check_answer == nullptr) return;
    AnswerCheck check(request_.input, body->value, known_, findings_);
    request_.rules->check_answer(check);
  }

 private:
  void defect(std::string rule, std::string message) {
    findings_.push_back({std::move(rule), Severity::defect, std::move(message), {}});
  }
  void advice(std::string rule, std::string message) {
    findings_.push_back({std::move(rule), Severity::advice, std::move(message), {}});
  }

  // False if a member has a wrong type, so that nothing more can be said of it.
  bool shape(const wire::JsonText& body) {
    const auto result = model::validate(*request_.operation->output, body);
    bool readable = true;
    // Of a long list, each element may be wrong: the first ones say enough.
    std::map<model::Violation::Rule, std::size_t> seen;
    for (const auto& v : result.violations) {
      using R = model::Violation::Rule;
      if (v.rule == R::type || v.rule == R::integer_size) readable = false;
      if (++seen[v.rule] > kMaxOfARule) continue;
      switch (v.rule) {
        case R::type:
        case R::integer_size:
          defect("shape/type", fmt::format("{}: {}", v.path, v.constraint));
          break;
        case R::enumeration:
          if (is_recorded(v.path)) break;  // see recorded()
          defect("shape/enum", fmt::format("{} is '{}'; the documented values are{}", v.path, v.value,
                                           v.constraint.substr(v.constraint.find(':') + 1)));
          break;
        default:
          // Output constraints are advisory (Smithy): services have broken their own. Empty lists and texts
          // AWS was recorded to send whatever their minimum.
          if (v.rule == R::length && (v.value == "[]" || v.value.empty())) break;
          advice("shape/constraint", fmt::format("{}: {}", v.path, v.constraint));
      }
    }
    if (readable) recorded(body.value);
    if (readable) unknown_members(body.value);
    std::size_t notes = 0;
    for (const auto& note : body.notes) {
      if (notes >= kMaxOfARule) break;
      if (note.kind == wire::JsonNote::Kind::invalid_utf8) {
        ++notes;
        defect("shape/not-json", fmt::format("{}: the answer's JSON is not UTF-8", note.path));
        readable = false;
      } else if (note.kind == wire::JsonNote::Kind::duplicate_key) {
        ++notes;
        defect("shape/type", fmt::format("{} stands twice in the answer", note.path));
        readable = false;  // it was not checked, and may be of any type
      }
    }
    return readable;
  }

  // What a service keeps for itself leaks so. Of a list, an element says it for all.
  void unknown_members(const Json& body) {
    std::set<std::string> found;
    collect_unknown(*request_.operation->output, body, "", found);
    for (const std::string& path : found)
      advice("shape/unknown-member", fmt::format("{} is no member that the model knows", path));
  }

  static void collect_unknown(const model::Shape& shape, const Json& value, const std::string& path,
                              std::set<std::string>& found) {
    using Type = model::ShapeType;
    if (shape.type == Type::list && value.is_array()) {
      for (const Json& element : value)
        collect_unknown(*shape.members.front().target, element, path + "[]", found);
    } else if (shape.type == Type::map && value.is_object()) {
      for (const Json& entry : value)
        collect_unknown(*shape.members.back().target, entry, path + "{}", found);
    } else if ((shape.type == Type::structure || shape.type == Type::union_) && value.is_object()) {
      for (const auto& [name, inner] : value.items()) {
        if (found.size() >= kMaxOfARule) return;
        if (name == "__type") continue;  // clients ignore it in any structure
        const std::string here = path.empty() ? name : path + "." + name;
        const auto* member = shape.find_member(name);
        if (member == nullptr) {
          found.insert(here);
        } else {
          collect_unknown(*member->target, inner, here, found);
        }
      }
    }
  }

  bool is_recorded(std::string_view member) const {
    return request_.rules != nullptr &&
           std::any_of(request_.rules->recorded.begin(), request_.rules->recorded.end(),
                       [&](const RecordedValues& row) { return row.member == member; });
  }

  // What AWS was recorded to answer counts, whatever the model says.
  void recorded(const Json& body) {
    if (request_.rules == nullptr || !body.is_object()) return;
    for (const RecordedValues& row : request_.rules->recorded) {
      const auto value = body.find(row.member);
      if (value == body.end() || !value->is_string()) continue;
      const auto& text = value->get_ref<const std::string&>();
      if (std::find(row.values.begin(), row.values.end(), text) != row.values.end()) continue;
      defect("shape/enum", fmt::format("{} is '{}'; the documented values are [{}]", row.member, text,
                                       fmt::join(row.values, ", ")));
    }
  }

  const Classification& request_;
  const Knowledge& known_;
  std::vector<Finding>& findings_;
};

std::string safe_key(const std::string& key) {
  const bool plain =
      !key.empty() && key.size() <= 40 &&
      std::all_of(key.begin(), key.end(), [](unsigned char c) { return c < 0x80 && std::isalpha(c); });
  return plain ? key : "?";
}

void paths(const Json& value, const std::string& path, int depth, std::set<std::string>& out) {
  if (depth > 4 || out.size() > 50) return;
  if (value.is_object()) {
    if (value.empty()) out.insert(path + ":{}");
    for (const auto& [key, v] : value.items())
      paths(v, path.empty() ? safe_key(key) : path + "." + safe_key(key), depth + 1, out);
  } else if (value.is_array()) {
    if (value.empty()) out.insert(path + ":[]");
    for (const auto& v : value) paths(v, path + "[]", depth + 1, out);
  } else {
    out.insert(path + ":" + (value.is_number() ? "number" : value.type_name()));
  }
}

}  // namespace

std::string output_kind(const Json& body) {
  std::set<std::string> all;
  paths(body, "", 0, all);
  return fmt::format("{{{}}}", fmt::join(all, ","));
}

void judge_output(const Classification& request, const wire::Response& response, const Knowledge& knowledge,
                  std::vector<Finding>& findings) {
  OutputJudge(request, knowledge, findings).run(response);
}

}  // namespace harness::oracle
