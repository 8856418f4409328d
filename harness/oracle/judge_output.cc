#include "harness/oracle/judge_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "harness/model/validate.h"
#include "harness/oracle/recorded_values.h"

namespace harness::oracle {
namespace {

using wire::Json;

// An account id as it is compared: a public document may say "all" in any case (pattern (?i)all|[0-9]{12}).
std::string account(const Json& id) {
  std::string text = id.get<std::string>();
  if (text.size() == 3 && (text[0] | 32) == 'a' && (text[1] | 32) == 'l' && (text[2] | 32) == 'l')
    return "all";
  return text;
}

constexpr std::size_t kMostOfARule = 10;

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
    if (request_.operation->name == "GetConnectionStatus") connection_status(body->value);
    if (request_.operation->name == "DescribeDocumentPermission") permission(body->value);
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
      if (++seen[v.rule] > kMostOfARule) continue;
      switch (v.rule) {
        case R::type:
        case R::integer_size:
          defect("shape/type", fmt::format("{}: {}", v.path, v.constraint));
          break;
        case R::enumeration:
          if (find_recorded(request_.operation->name, v.path) != nullptr) break;  // see recorded()
          defect("shape/enum", fmt::format("{} is '{}'; the documented values are{}", v.path, v.value,
                                           v.constraint.substr(v.constraint.find(':') + 1)));
          break;
        default:
          // Output constraints are advisory (Smithy): services have broken their own.
          advice("shape/constraint", fmt::format("{}: {}", v.path, v.constraint));
      }
    }
    if (readable) recorded(body.value);
    std::size_t notes = 0;
    for (const auto& note : body.notes) {
      if (notes >= kMostOfARule) break;
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

  // What AWS was recorded to answer counts, whatever the model says.
  void recorded(const Json& body) {
    for (const RecordedValues& row : recorded_values()) {
      if (row.operation != request_.operation->name || !body.is_object()) continue;
      const auto value = body.find(row.member);
      if (value == body.end() || !value->is_string()) continue;
      const auto& text = value->get_ref<const std::string&>();
      if (std::find(row.values.begin(), row.values.end(), text) != row.values.end()) continue;
      defect("shape/enum", fmt::format("{} is '{}'; the documented values are [{}]", row.member, text,
                                       fmt::join(row.values, ", ")));
    }
  }

  const Json* member(const Json& body, std::string_view name) {
    const auto it = body.find(name);
    if (it != body.end() && !it->is_null()) return &*it;
    defect("shape/missing", fmt::format("the answer has no {}", name));
    return nullptr;
  }

  void connection_status(const Json& body) {
    const Json* status = member(body, "Status");
    const Json* target = member(body, "Target");
    const auto asked = request_.input.find("Target");
    if (asked == request_.input.end() || !asked->is_string()) return;
    if (target != nullptr && *target != *asked) {
      defect("relation/echo", "Target in the answer is not the node that was asked for");
    }
    if (status == nullptr) return;
    const auto node = known_.nodes.find(asked->get_ref<const std::string&>());
    if (node == known_.nodes.end()) return;
    const std::string_view expected = node->second ? "connected" : "notconnected";
    const std::string& actual = status->get_ref<const std::string&>();
    if (actual == expected || (actual != "connected" && actual != "notconnected")) return;
    if (node->second) {
      defect("relation/status", fmt::format("the node is connected, but the answer says {}", actual));
    } else {
      // What AWS answers for a node that does not exist is not recorded.
      advice("relation/status", fmt::format("no such node is known, but the answer says {}", actual));
    }
  }

  void permission(const Json& body) {
    const Json* ids = member(body, "AccountIds");
    const Json* infos = member(body, "AccountSharingInfoList");
    if (ids == nullptr || infos == nullptr) return;
    std::multiset<std::string> accounts;
    std::multiset<std::string> shared;
    for (const Json& id : *ids) {
      if (id.is_string()) accounts.insert(account(id));
    }
    for (const Json& info : *infos) {
      if (!info.is_object()) continue;
      const auto id = info.find("AccountId");
      if (id != info.end() && id->is_string()) shared.insert(account(*id));
    }
    if (accounts != shared) {
      defect("relation/lists-agree", "AccountIds and AccountSharingInfoList do not name the same accounts");
    }
    if (std::set<std::string>(accounts.begin(), accounts.end()).size() != accounts.size()) {
      defect("relation/accounts", "an account stands twice on one page");
    }
    page_size(ids->size());
    known_accounts(body, accounts);
    if (const auto token = body.find("NextToken");
        token != body.end() && token->is_string() && token->get_ref<const std::string&>().empty()) {
      advice("relation/token", "an empty NextToken: clients that follow it until it is absent never end");
    }
  }

  void page_size(std::size_t size) {
    const auto most = request_.input.find("MaxResults");
    if (most == request_.input.end() || !most->is_number_integer()) return;
    if (std::cmp_greater(size, most->get<std::int64_t>())) {
      defect("relation/page-size",
             fmt::format("{} accounts on a page of at most {}", size, most->get<std::int64_t>()));
    }
  }

  void known_accounts(const Json& body, const std::multiset<std::string>& accounts) {
    const auto name = request_.input.find("Name");
    if (name == request_.input.end() || !name->is_string()) return;
    const auto document = known_.documents.find(name->get_ref<const std::string&>());
    if (document == known_.documents.end() || !document->second.shared_with) return;
    const auto& expected = *document->second.shared_with;
    for (const auto& account : accounts) {
      if (!expected.contains(account)) {
        defect("relation/accounts", fmt::format("the document is not shared with {}", account));
        return;
      }
    }
    // The only page there is must hold every account.
    const auto token_sent = request_.input.find("NextToken");
    const bool first = token_sent == request_.input.end() || token_sent->is_null();
    const auto token = body.find("NextToken");
    const bool last = token == body.end() || token->is_null();
    if (first && last && accounts.size() < expected.size()) {
      defect("relation/accounts",
             fmt::format("the document is shared with {} accounts, but the only page names {}",
                         expected.size(), accounts.size()));
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
