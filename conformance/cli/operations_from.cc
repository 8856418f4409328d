#include "conformance/cli/operations_from.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <vector>

#include "harness/base/ascii.h"
#include "harness/run/select.h"
#include "harness/wire/json.h"

namespace conformance {
namespace {

using harness::fail;
using harness::Result;
using harness::wire::Json;

constexpr std::size_t kMaxDepth = 64;  // of JSON that is searched
constexpr std::string_view kTerraformType = "aws_ssm_";

std::string text_of(const Json& object, const char* member) {
  const auto it = object.find(member);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

class Reader {
 public:
  Reader(const harness::model::Model& model, std::string_view terraform_types)
      : model_(model), types_(Json::parse(terraform_types, nullptr, false)) {}

  Result<CalledOperations> read(std::string_view text) {
    if (Json whole = Json::parse(text, nullptr, false); !whole.is_discarded()) {
      search(whole, 0);
      for (const Json& word : whole) {
        if (word.is_string() && whole.is_array()) add(word.get<std::string>());
      }
    } else {
      each_line(text, [&](std::string_view line) {
        if (Json one = Json::parse(line, nullptr, false); one.is_structured()) search(one, 0);
      });
    }
    calls(text);
    terraform(text);
    if (out_.words.empty() && out_.unknown.empty()) {
      if (auto listed = list(text); !listed) return tl::unexpected(listed.error());
    }
    return std::move(out_);
  }

 private:
  template <class Use>
  static void each_line(std::string_view text, const Use& use) {
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      use(text.substr(begin, end - begin));
      begin = end + 1;
    }
  }

  bool known(std::string_view word) const {
    const auto& all = model_.operations();
    return std::any_of(all.begin(), all.end(),
                       [&](const auto& o) { return harness::run::glob_match(word, o.name); });
  }

  void add(std::string word) {
    if (word.empty()) return;
    (known(word) ? out_.words : out_.unknown).insert(std::move(word));
  }

  // Records of CloudTrail, and resources of Terraform.
  void search(const Json& value, std::size_t depth) {
    if (depth > kMaxDepth || !value.is_structured()) return;
    if (value.is_object()) {
      const std::string source = model_.identity().signing_name + ".amazonaws.com";
      if (text_of(value, "eventSource") == source) add(text_of(value, "eventName"));
      if (text_of(value, "EventSource") == source) add(text_of(value, "EventName"));
      add_type(text_of(value, "type"), text_of(value, "mode") == "data");
    }
    for (const Json& member : value) search(member, depth + 1);
  }

  void calls(std::string_view text) {
    const auto& service = model_.identity();
    const RE2 call(fmt::format(R"(\b(?:{}|{})[.:]([A-Z][A-Za-z]*\*?|\*))",
                               RE2::QuoteMeta(service.target_prefix), RE2::QuoteMeta(service.signing_name)));
    std::string word;
    for (re2::StringPiece rest(text.data(), text.size()); RE2::FindAndConsume(&rest, call, &word);) add(word);
  }

  void terraform(std::string_view text) {
    static const RE2 block(R"re(\b(resource|data)\s+"(aws_ssm_\w+)")re");
    std::string sort, type;
    for (re2::StringPiece rest(text.data(), text.size()); RE2::FindAndConsume(&rest, block, &sort, &type);)
      add_type(type, sort == "data");
  }

  void add_type(const std::string& type, bool data) {
    if (!type.starts_with(kTerraformType)) return;
    const auto& of = types_[data ? "data" : "resources"];
    const auto it = of.find(type);
    if (it == of.end()) {
      out_.unknown.insert(type);
      return;
    }
    for (const Json& operation : *it) add(operation.get<std::string>());
  }

  harness::Status list(std::string_view text) {
    static const RE2 name(R"([A-Za-z*?]+)");
    std::size_t number = 0;
    std::string wrong;
    each_line(text, [&](std::string_view line) {
      ++number;
      const std::string word(harness::base::trimmed(line.substr(0, line.find('#')), " \t\r"));
      if (word.empty() || !wrong.empty()) return;
      if (!RE2::FullMatch(word, name)) {
        wrong = fmt::format("line {}: \"{}\" is no operation", number, word.substr(0, 60));
      } else if (!known(word)) {
        std::vector<std::string> names;
        for (const auto& o : model_.operations()) names.push_back(o.name);
        wrong = fmt::format("line {}: there is no operation {}; the nearest is {}", number,
                            word.substr(0, 60), harness::run::nearest_glob(word, names));
      } else {
        out_.words.insert(word);
      }
    });
    if (!wrong.empty()) {
      return fail(wrong +
                  " (a list of operations, CloudTrail records, a botocore debug log, an IAM policy or "
                  "Terraform is expected)");
    }
    if (out_.words.empty()) return fail("names no operation");
    return {};
  }

  const harness::model::Model& model_;
  const Json types_;
  CalledOperations out_;
};

}  // namespace

Result<CalledOperations> called_operations(std::string_view text, const harness::model::Model& model,
                                           std::string_view terraform_types) {
  return Reader(model, terraform_types).read(text);
}

}  // namespace conformance
