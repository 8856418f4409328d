// How a request is classified. The bytes are read as any server would read them, and each layer adds what it
// finds: framing, then HTTP (method, path), the target, the body as JSON, the signature, the members by the
// model, the state by the operation's rules. A layer that cannot be read ends what rests on it: without JSON
// there are no members, without an operation no state. Nothing here decides what follows from a violation;
// admissible() does.
//
// What servers read differently (a member that stands twice, bytes that are not UTF-8, odd framing) is a
// violation of an `uncertain…` rule, so that it is never held against an endpoint. At the end, violations are
// sorted by the order in which AWS was seen to check.
#include "harness/oracle/classify.h"

#include <fmt/format.h>
#include <utf8cpp/utf8.h>

#include <algorithm>

#include "harness/base/ascii.h"
#include "harness/model/validate.h"
#include "harness/oracle/framing.h"
#include "harness/oracle/page_token.h"

namespace harness::oracle {
namespace {

using model::Operation;
using wire::Json;

constexpr std::size_t kLargeHead = 8 * 1024;
constexpr std::size_t kLargeBody = 128 * 1024;
// JSON readers limit the depth of nesting, some of them to 64 levels; the model needs far fewer.
constexpr std::size_t kUsualDepth = 50;

// JSON was once allowed in UTF-16 and UTF-32 too, and some readers still detect them.
bool may_be_utf16(std::string_view body) {
  return body.starts_with("\xFE\xFF") || body.starts_with("\xFF\xFE") ||
         (body.size() >= 2 && (body[0] == '\0') != (body[1] == '\0'));
}

// A media type in lower case, without its parameters.
std::string essence(std::string_view content_type) {
  return base::lower(base::trimmed(content_type.substr(0, content_type.find(';'))));
}

// Controls, private use, non-characters, and characters that only direct or join others: where
// implementations differ and nothing says who is right.
bool unusual(std::string_view utf8) {
  if (utf8::find_invalid(utf8.begin(), utf8.end()) != utf8.end()) return true;
  for (auto it = utf8.begin(); it != utf8.end();) {
    const char32_t c = static_cast<char32_t>(utf8::unchecked::next(it));
    if (c < 0x20 || (c >= 0x7f && c < 0xa0)) return true;
    if ((c >= 0xe000 && c <= 0xf8ff) || c >= 0xf0000) return true;
    if ((c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef) || c == 0xfffd || c == 0xfeff) return true;
    if ((c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f))
      return true;
  }
  return false;
}

std::string_view string_member(const Json& input, std::string_view name) {
  if (!input.is_object()) return {};
  const auto it = input.find(name);
  return it != input.end() && it->is_string() ? std::string_view(it->get_ref<const std::string&>())
                                              : std::string_view();
}

// Whether this Authorization is by this key, for this region and service: what an endpoint may route by, or
// take for whose it is, even if it verifies no signatures.
bool looks_signed(const wire::Request& r, const Knowledge::Authentication& as) {
  const auto headers = r.headers.all("authorization");
  if (headers.size() != 1) return false;
  const std::string_view value = base::trimmed(headers[0]);
  const auto has = [&](std::string_view part) { return value.find(part) != std::string_view::npos; };
  return value.starts_with("AWS4-HMAC-SHA256 ") && has("Credential=" + as.credentials.access_key_id + "/") &&
         has("/" + as.scope.region + "/" + as.scope.service + "/aws4_request,") && has("SignedHeaders=") &&
         has("Signature=");
}

class Classifier {
 public:
  Classifier(const model::Model& model, const ServiceRules& rules, const Knowledge& knowledge,
             std::chrono::system_clock::time_point now, Classification& out)
      : model_(model), rules_(rules), known_(knowledge), now_(now), out_(out) {
    out_.media_type = model.identity().content_type;
  }

  void run(std::string_view bytes) {
    const auto request = wire::parse_request(bytes);
    if (!request) {
      const std::string& why = request.error().message;
      const Rule rule = broken_framing(bytes, why);
      return add(rule, rule == Rule::request_line ? "not an HTTP/1.1 request line" : why);
    }
    if (refusable_head(bytes)) return add(Rule::framing, "a head that RFC 9112 lets a server refuse");
    http(*request, bytes.size() - request->body.size());
    target(*request);
    const bool usable = body(*request);
    authentication(*request);
    if (usable && out_.operation != nullptr) {
      members();
      state();
      page_token();
    }
    std::stable_sort(out_.violations.begin(), out_.violations.end(),
                     [](const auto& a, const auto& b) { return phase(a.rule) < phase(b.rule); });
  }

 private:
  // Position in the check order of AWS.
  static int phase(Rule rule) {
    if (rule <= Rule::removable_header) return 0;
    if (rule <= Rule::uncertain_json) return 1;
    if (rule <= Rule::unmodelled_target) return 2;
    if (rule <= Rule::foreign_authorization) return 3;
    if (rule <= Rule::integer_size) return 4;
    if (rule <= Rule::unusual_text) return 5;
    return 6;
  }

  void add(Rule rule, std::string detail, std::string member = {}) {
    out_.violations.push_back({rule, std::move(member), std::move(detail), {}});
  }

  bool is_own_path(std::string_view target) const {
    return target.starts_with(known_.base_path) && target.substr(known_.base_path.size()) == "/";
  }

  void http(const wire::Request& r, std::size_t head) {
    if (r.method != "POST") add(Rule::method, fmt::format("the method is {}", r.method));
    // Whoever takes it for HEAD sends the head of an answer alone, for whose body we wait.
    if (r.method != "HEAD" && base::lower(r.method) == "head")
      add(Rule::incomplete, "a method that some read as HEAD");
    // Absolute, authority and asterisk forms are for proxies and OPTIONS (RFC 9112 §3.2): how a server
    // refuses them is its own.
    if (!r.target.starts_with('/')) add(Rule::request_line, "the request target is not in origin form");
    if (!is_own_path(r.target)) {
      // The AWS Query protocol names the operation there: it may be taken for that one.
      const bool action =
          r.target.find("?Action=") != std::string::npos || r.target.find("&Action=") != std::string::npos;
      add(Rule::path, fmt::format("the path is {}", r.target.substr(0, 100)), action ? "Action" : "");
    }
    if (r.version != "HTTP/1.1" || r.headers.all("host").size() != 1) {
      add(Rule::framing, "HTTP/1.1 asks for exactly one Host header");
    }
    // RFC 9110 §7.8: who asks for another protocol may get it.
    if (r.headers.contains("upgrade")) add(Rule::framing, "a request to switch protocols");
    if (asks_for_transfer_coding(r.headers))
      add(Rule::framing, "TE asks for a transfer coding of the answer");
    if (const auto name = removable_header(r.headers); !name.empty())
      add(Rule::removable_header, fmt::format("Connection names {}", name.substr(0, 100)));
    out_.permissions = permissions_of(r.headers);
    if (r.headers.contains("transfer-encoding")) add(Rule::transfer_coding, "a transfer-coded request");
    const auto types = r.headers.all("content-type");
    if (types.size() != 1 || essence(types[0]) != out_.media_type) {
      add(Rule::content_type,
          fmt::format("the content type is {}", types.empty() ? "absent" : types[0].substr(0, 100)));
    }
    if (r.headers.contains("content-encoding")) add(Rule::content_type, "a content coding");
    if (head > kLargeHead) add(Rule::large_head, fmt::format("{} bytes of headers", head));
    if (r.body.size() > kLargeBody) add(Rule::large_body, fmt::format("a body of {} bytes", r.body.size()));
  }

  void target(const wire::Request& r) {
    const auto targets = r.headers.all("x-amz-target");
    if (targets.empty() || base::trimmed(targets[0]).empty()) return add(Rule::no_target, "no X-Amz-Target");
    if (targets.size() > 1) add(Rule::repeated_target, "X-Amz-Target stands twice");
    const std::string_view t = base::trimmed(targets[0]);
    const auto first_dot = t.find('.');
    const bool prefixed =
        first_dot != std::string_view::npos && t.substr(0, first_dot) == model_.target_prefix();
    const auto dot = prefixed ? first_dot : t.rfind('.');  // a namespace has dots of its own
    if (prefixed) {
      out_.target = t.substr(dot + 1);
      out_.operation = model_.find_operation(out_.target);
      if (out_.operation != nullptr) out_.rules = rules_.find(out_.target);
    } else {
      out_.target = t;
    }
    if (!prefixed && dot != std::string_view::npos && names_this_service(t.substr(0, dot)) &&
        model_.find_operation(t.substr(dot + 1)) != nullptr) {
      add(Rule::target_form,
          fmt::format("the prefix is {}, not {}", t.substr(0, std::min<std::size_t>(dot, 100)),
                      model_.target_prefix()));
    } else if (out_.operation == nullptr && prefixed && known_.other_operations.contains(out_.target)) {
      add(Rule::unmodelled_target, fmt::format("{} is not in the model in use", out_.target));
    } else if (out_.operation == nullptr) {
      add(Rule::unknown_target, fmt::format("there is no operation {}", out_.target.substr(0, 100)));
    }
  }

  // True for the service's own prefix in another case, behind a namespace, or with the version of the API:
  // of "AmazonX": "amazonx", "com.amazonaws.x#AmazonX", "AmazonX_20141106". Another service's prefix is none.
  bool names_this_service(std::string_view prefix) const {
    prefix.remove_prefix(prefix.rfind('#') + 1);  // npos + 1 is 0
    const auto version = prefix.rfind('_');
    if (version != std::string_view::npos &&
        std::all_of(prefix.begin() + static_cast<std::ptrdiff_t>(version) + 1, prefix.end(),
                    base::is_digit)) {
      prefix = prefix.substr(0, version);
    }
    return wire::same_name(prefix, model_.target_prefix());
  }

  // True if the body is a JSON object that can be checked further.
  bool body(const wire::Request& r) {
    auto parsed = wire::parse_json(r.body, kUsualDepth);
    if (!parsed) {
      using Kind = wire::JsonSyntaxError::Kind;
      switch (parsed.error().kind) {
        case Kind::empty:
          add(Rule::empty_body, "the body is empty");
          if (r.body.starts_with("\xef\xbb\xbf")) add(Rule::uncertain_json, "a byte order mark");
          // What a missing required member gives is admissible too.
          if (out_.operation != nullptr) {
            text_.value = Json::object();
            members();
          }
          break;
        case Kind::syntax:
          if (may_be_utf16(r.body)) {
            add(Rule::uncertain_json, "the body may be UTF-16 or UTF-32");
            break;
          }
          add(Rule::not_json, fmt::format("the body is not JSON: {} at byte {}", parsed.error().reason,
                                          parsed.error().offset));
          break;
        case Kind::too_deep:
          add(Rule::uncertain_json, "nested very deep");
          break;
      }
      return false;
    }
    text_ = std::move(*parsed);
    using Note = wire::JsonNote::Kind;
    if (text_.has(Note::byte_order_mark)) add(Rule::uncertain_json, "a byte order mark");
    if (text_.has(Note::duplicate_key)) add(Rule::uncertain_json, "a member stands twice");
    if (odd_where_nothing_looks())
      add(Rule::uncertain_json, "text or a number that not every JSON reader takes");
    if (!text_.value.is_object()) {
      add(Rule::not_an_object, "the body is not a JSON object");
      return false;
    }
    return true;
  }

  // A note's path does not tell the second element of "Name" from a member that is called "Name[1]".
  bool in_oddly_named_member(std::string_view path) const {
    if (!text_.value.is_object()) return false;
    return std::any_of(text_.value.items().begin(), text_.value.items().end(), [&](const auto& member) {
      const std::string_view name = member.key();
      return name.find_first_of(".[") != std::string_view::npos &&
             (path.starts_with(name) || name.starts_with(path));  // a path is cut where it gets long
    });
  }

  // Members of the model are checked one by one; elsewhere, a reader may refuse what it cannot represent, or
  // ignore it.
  bool odd_where_nothing_looks() const {
    using Note = wire::JsonNote::Kind;
    return std::any_of(text_.notes.begin(), text_.notes.end(), [&](const wire::JsonNote& note) {
      if (note.kind != Note::invalid_utf8 && note.kind != Note::lone_surrogate &&
          note.kind != Note::unrepresentable && note.kind != Note::beyond_int64) {
        return false;
      }
      const std::string_view member = std::string_view(note.path).substr(0, note.path.find_first_of(".["));
      if (out_.operation == nullptr || in_oddly_named_member(note.path)) return true;
      const auto& members = out_.operation->input->members;
      return std::none_of(members.begin(), members.end(), [&](const auto& m) { return m.name == member; });
    });
  }

  void authentication(const wire::Request& r) {
    if (!known_.authentication) {
      if (known_.signs && !looks_signed(r, *known_.signs))
        add(Rule::foreign_authorization, "the Authorization header is not that of this run's other requests");
      return;
    }
    const auto& a = *known_.authentication;
    wire::VerifierContext context;
    context.lookup = [&](std::string_view id) {
      return id == a.credentials.access_key_id ? std::optional(a.credentials) : std::nullopt;
    };
    context.scope = a.scope;
    context.now = now_;
    const auto problem = wire::verify(r, context);
    if (problem == wire::SignatureProblem::wrong_scope) {
      context.scope.region.clear();
      // An endpoint may serve several regions.
      if (wire::verify(r, context) == wire::SignatureProblem::none)
        return add(Rule::foreign_authorization, "rightly signed, for another region");
    }
    if (const auto rule = rule_of(problem))
      add(*rule, fmt::format("signature: {}", wire::to_string(problem)));
    const auto header = r.headers.find("authorization");
    // A key without a name may count as an unknown one.
    if (problem == wire::SignatureProblem::incomplete && header &&
        header->find("Credential=/") != std::string_view::npos) {
      add(Rule::unknown_key, "no access key is named");
    }
    // A header of another scheme may count as none.
    if (problem == wire::SignatureProblem::incomplete && header &&
        !header->starts_with("AWS4-HMAC-SHA256 ")) {
      add(Rule::not_signed, "no signature of AWS's version 4");
    }
  }

  void members() {
    const auto result = model::validate(*out_.operation->input, text_);
    for (const auto& v : result.violations) {
      const bool no_value = v.rule == model::Violation::Rule::required || v.sensitive;
      std::string detail = no_value ? fmt::format("{}: {}", v.path, v.constraint)
                                    : fmt::format("{}: {}, and is '{}'", v.path, v.constraint, v.value);
      add(rule_of(v.rule), std::move(detail), v.member);
    }
    for (const auto& u : result.uncertainties) {
      add(Rule::uncertain_value, u.path.empty() ? u.reason : fmt::format("{}: {}", u.path, u.reason),
          u.path.substr(0, u.path.find_first_of(".[")));
    }
    if (!text_.value.is_object()) return;
    out_.input = Json::object();
    for (const auto& m : out_.operation->input->members) {
      if (const auto it = text_.value.find(m.name); it != text_.value.end()) out_.input[m.name] = *it;
      if (m.constraints.pattern || !m.constraints.enum_values.empty()) continue;
      if (const auto text = string_member(text_.value, m.name); !text.empty() && unusual(text)) {
        add(Rule::unusual_text, fmt::format("{} holds unusual characters", m.name), m.name);
      }
    }
  }

  void state() {
    if (out_.rules == nullptr || out_.rules->check_state == nullptr) return;
    StateCheck check(text_.value, known_, out_.violations);
    out_.rules->check_state(check);
  }

  // What an empty token means is left open; and one that several issued may be refused or not.
  void page_token() {
    if (!known_.knows_all_tokens || (out_.rules != nullptr && out_.rules->judges_tokens)) return;
    const auto rule = rule_of_token(*out_.operation);
    if (!rule) return;
    const std::string& member = out_.operation->paginator->input_token;
    const StateCheck check(text_.value, known_, out_.violations);
    const std::string_view token = check.text(member);
    if (token.empty() || check.is_wrong(member)) return;
    const auto issued = known_.tokens.find(token);
    if (issued == known_.tokens.end()) {
      add(*rule, fmt::format("the {} was never issued", member), member);
    } else if (issued->second != out_.operation->name && model_.find_operation(issued->second) != nullptr) {
      add(*rule, fmt::format("the {} was issued by {}", member, issued->second), member);
    } else if (!issued->second.empty()) {
      return;
    }
    out_.token_errors = token_errors(model_, *out_.operation);
  }

  const model::Model& model_;
  const ServiceRules& rules_;
  const Knowledge& known_;
  const std::chrono::system_clock::time_point now_;
  Classification& out_;
  wire::JsonText text_;
};

}  // namespace

bool Classification::breaks(Rule rule) const {
  return std::any_of(violations.begin(), violations.end(), [&](const auto& v) { return v.rule == rule; });
}

bool Classification::breaks_state(std::string_view name) const {
  return std::any_of(violations.begin(), violations.end(), [&](const auto& v) { return v.state == name; });
}

std::string Classification::kind() const {
  std::vector<std::string> parts;
  for (const auto& v : violations) {
    std::string part(v.name());
    if (!v.member.empty()) part += ":" + v.member;
    if (std::find(parts.begin(), parts.end(), part) == parts.end()) parts.push_back(std::move(part));
  }
  return parts.empty() ? "valid" : fmt::format("{}", fmt::join(parts, "+"));
}

Classification classify(const model::Model& model, const ServiceRules& rules, std::string_view request_bytes,
                        const Knowledge& knowledge, std::chrono::system_clock::time_point now) {
  Classification out;
  Classifier(model, rules, knowledge, now, out).run(request_bytes);
  return out;
}

}  // namespace harness::oracle
