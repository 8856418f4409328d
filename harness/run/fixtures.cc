#include "harness/run/fixtures.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <thread>

namespace harness::run {
namespace {

constexpr std::size_t kManyAccounts = 45;

// A token with one character in its middle changed to another of the same kind (letter, digit, other). The
// ends are left alone: in base64 the last character may hold bits that mean nothing.
std::string changed(std::string token) {
  if (token.empty()) return "x";
  char& c = token[token.size() / 2];
  if (c >= '0' && c <= '9') {
    c = c == '9' ? '0' : static_cast<char>(c + 1);
  } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') {
    c = (c | 0x20) == 'z' ? static_cast<char>(c - 25) : static_cast<char>(c + 1);
  } else {
    c = 'A';
  }
  return token;
}

class FixtureMaker {
 public:
  FixtureMaker(endpoint::Endpoint& endpoint, Situation& situation, DocumentRegistry& registry,
               const Given& given)
      : s_(situation),
        registry_(registry),
        given_(given),
        client_(endpoint, situation),
        documents_(client_, registry) {}

  Trouble make(const std::set<std::string>& wanted) {
    const auto wants = [&](std::initializer_list<const char*> names) {
      return std::any_of(names.begin(), names.end(), [&](const char* n) { return wanted.contains(n); });
    };
    node();
    if (wants({"document"})) document();
    if (wants({"other-document"})) created("other-document", "other");
    if (wants({"scratch-document"})) created("scratch-document", "scratch");
    if (wants({"new-document"})) announced();
    if (wants({"shared-document", "token", "changed-token"})) shared("shared-document", "shared", "token");
    if (wants({"other-token", "other-shared-document"}))
      shared("other-shared-document", "othershared", "other-token");
    if (const auto token = s_.bindings.value("token"); !token.empty()) {
      s_.bindings.set("changed-token", changed(token));
    } else if (wants({"changed-token"})) {
      s_.bindings.cannot("changed-token", "there is no token to change: " + why_no_token_);
    }
    return client_.trouble();
  }

 private:
  void node() {
    if (given_.connected_node) {
      s_.bindings.set("connected-node", *given_.connected_node);
      // Of a node that exists more is documented than of one that does not.
      s_.bindings.set("example-node", *given_.connected_node);
      s_.knowledge.of(kNode)[*given_.connected_node].exists = true;
    } else {
      s_.bindings.cannot("connected-node", "no connected node is known: name one with --connected-node");
    }
  }

  bool create(const std::string& placeholder, const std::string& name) {
    auto sent = documents_.create(name);
    if (!sent) {
      s_.bindings.cannot(placeholder, fmt::format("no document can be created ({}); name one with --document",
                                                  sent.error().message));
      return false;
    }
    s_.bindings.set(placeholder, name);
    s_.knowledge.of(kDocument)[name] = {.exists = true, .ours = true, .holds = {{kAccounts, {}}}};
    s_.set_ups.push_back({name, std::move(*sent)});
    return true;
  }

  void created(const std::string& placeholder, const std::string& purpose) {
    create(placeholder, registry_.new_name(purpose));
  }

  // A document that the case itself may create. Nobody made it yet, and it is removed all the same.
  void announced() {
    const std::string name = registry_.new_name("new");
    registry_.created(name);
    s_.bindings.set("new-document", name);
  }

  // Given, else created, else found under the name that the documentation uses in its example.
  void document() {
    if (given_.document) return known("document", *given_.document);
    if (create("document", registry_.new_name("document"))) return;
    if (client_.call("DescribeDocumentPermission", {{"Name", "Example"}, {"PermissionType", "Share"}}).ok()) {
      known("document", "Example");
    }
  }

  void known(const std::string& placeholder, const std::string& name) {
    s_.bindings.set(placeholder, name);
    s_.knowledge.of(kDocument)[name] = {.exists = true, .ours = false, .holds = {}};
  }

  void shared(const std::string& placeholder, const std::string& purpose, const std::string& token) {
    const std::string name = registry_.new_name(purpose);
    if (!create(placeholder, name)) {
      why_no_token_ = "no document can be created";
      return s_.bindings.cannot(token, why_no_token_);
    }
    const auto accounts = account_ids(kManyAccounts);
    auto sent = documents_.share(name, accounts);
    if (!sent) {
      s_.knowledge.of(kDocument)[name].holds.erase(kAccounts);
      why_no_token_ = fmt::format("no document can be shared ({})", sent.error().message);
      s_.bindings.cannot(placeholder, why_no_token_);
      return s_.bindings.cannot(token, why_no_token_);
    }
    auto& set_up = s_.set_ups.back().requests;
    set_up.insert(set_up.end(), sent->begin(), sent->end());
    s_.knowledge.of(kDocument)[name].holds[kAccounts] =
        std::set<std::string>(accounts.begin(), accounts.end());
    const Reply page = client_.call("DescribeDocumentPermission",
                                    {{"Name", name}, {"PermissionType", "Share"}, {"MaxResults", 1}});
    const auto next = page.body.is_object() ? page.body.find("NextToken") : page.body.end();
    if (page.ok() && page.body.is_object() && next != page.body.end() && next->is_string()) {
      s_.bindings.set(token, next->get<std::string>());
      s_.knowledge.tokens[next->get<std::string>()] = name;
    } else {
      why_no_token_ =
          fmt::format("the endpoint gave no NextToken for a document shared with {} accounts at MaxResults 1",
                      kManyAccounts);
      s_.bindings.cannot(token, why_no_token_);
    }
  }

  Situation& s_;
  DocumentRegistry& registry_;
  const Given& given_;
  Client client_;
  Documents documents_;
  std::string why_no_token_;
};

}  // namespace

Trouble make_fixtures(endpoint::Endpoint& endpoint, Situation& situation, DocumentRegistry& registry,
                      const Given& given, const std::set<std::string>& wanted) {
  return FixtureMaker(endpoint, situation, registry, given).make(wanted);
}

std::vector<std::string> remove_fixtures(endpoint::Endpoint& endpoint, const Situation& situation,
                                         DocumentRegistry& registry, const Removal& how) {
  const auto deadline = std::chrono::steady_clock::now() + how.patience;
  const std::vector<std::string> names = registry.remaining();
  std::atomic<std::size_t> next{0};
  const auto remove_some = [&] {
    Client client(endpoint, situation);
    Documents documents(client, registry);
    for (std::size_t i = next++; i < names.size(); i = next++) {
      if (std::chrono::steady_clock::now() >= deadline) return;
      // Shared ones must be unshared first; a plain delete is tried first because most are not.
      if (!documents.remove(names[i])) (void)documents.unshare_and_remove(names[i]);
    }
  };
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < std::min(how.connections, names.size()); ++i) others.emplace_back(remove_some);
  if (!names.empty()) remove_some();
  for (std::thread& other : others) other.join();
  return registry.remaining();
}

}  // namespace harness::run
