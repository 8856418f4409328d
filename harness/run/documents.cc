#include "harness/run/documents.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "harness/base/hash.h"

namespace harness::run {
namespace {

using wire::Json;

constexpr std::size_t kAccountsPerCall = 20;  // ModifyDocumentPermission: at most 20 ids in a list

// Valid by "Data elements and parameters" of the user guide: schema 2.2 needs a step, and a step an action, a
// name and the action's inputs.
constexpr std::string_view kContent =
    R"({"schemaVersion":"2.2","description":"made by ssm-conformance","mainSteps":[{"action":"aws:runShellScript",)"
    R"("name":"nothing","inputs":{"runCommand":["true"]}}]})";

tl::unexpected<Error> refused(std::string_view operation, const Reply& reply) {
  return fail(fmt::format("{} answered {}", operation, reply.text()));
}

}  // namespace

std::uint64_t random_seed() {
  return std::random_device()();
}

std::uint64_t number_for(std::string_view text) {
  // FNV-1a, and the mixing of splitmix64: texts that differ in one digit give unlike numbers.
  std::uint64_t h = base::fnv1a(text);
  h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9ULL;
  h = (h ^ (h >> 27)) * 0x94d049bb133111ebULL;
  return h ^ (h >> 31);
}

std::string letters_for(std::string_view text, std::size_t length) {
  static constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::mt19937_64 random(number_for(text));
  std::string out;
  for (std::size_t i = 0; i < length; ++i) out += kLetters[random() % kLetters.size()];
  return out;
}

std::string document_prefix(std::uint64_t seed, std::string_view beginning) {
  return fmt::format("{}{}-", beginning, letters_for(fmt::format("documents {}", seed), 10));
}

std::string DocumentRegistry::new_name(std::string_view purpose) {
  const std::lock_guard lock(mutex_);
  return fmt::format("{}{}-{}", prefix_, purpose, ++next_);
}

void DocumentRegistry::created(const std::string& name) {
  const std::lock_guard lock(mutex_);
  names_.insert(name);
}

void DocumentRegistry::removed(const std::string& name) {
  const std::lock_guard lock(mutex_);
  names_.erase(name);
}

std::vector<std::string> DocumentRegistry::remaining() const {
  const std::lock_guard lock(mutex_);
  return {names_.begin(), names_.end()};
}

Json new_document(const std::string& name) {
  // DocumentType is optional, but some endpoints refuse to do without.
  return {{"Name", name}, {"Content", kContent}, {"DocumentType", "Command"}, {"DocumentFormat", "JSON"}};
}

Result<std::vector<wire::HttpText>> Documents::create(const std::string& name) {
  auto request = client_.request("CreateDocument", new_document(name));
  // Registered first: an answer that gets lost may still have created it.
  registry_.created(name);
  const Reply reply = client_.send(request);
  // Sent twice, because its connection was lost: the first may have been carried out.
  const bool found_itself = reply.exchange.resent && reply.code == "DocumentAlreadyExists";
  if (!reply.ok() && !found_itself) {
    if (reply.exchange.transport == wire::Transport::answered) registry_.removed(name);
    return refused("CreateDocument", reply);
  }
  return std::vector{std::move(request)};
}

Result<std::vector<wire::HttpText>> Documents::modify(const std::string& name,
                                                      const std::vector<std::string>& accounts,
                                                      const char* list, const std::string& version) {
  std::vector<wire::HttpText> sent;
  for (std::size_t at = 0; at < accounts.size(); at += kAccountsPerCall) {
    const auto end =
        accounts.begin() + static_cast<std::ptrdiff_t>(std::min(at + kAccountsPerCall, accounts.size()));
    Json input = {{"Name", name}, {"PermissionType", "Share"}};
    input[list] = std::vector<std::string>(accounts.begin() + static_cast<std::ptrdiff_t>(at), end);
    if (!version.empty()) input["SharedDocumentVersion"] = version;
    sent.push_back(client_.request("ModifyDocumentPermission", input));
    if (const Reply reply = client_.send(sent.back()); !reply.ok())
      return refused("ModifyDocumentPermission", reply);
  }
  return sent;
}

Result<std::vector<wire::HttpText>> Documents::share(const std::string& name,
                                                     const std::vector<std::string>& accounts,
                                                     const std::string& version) {
  return modify(name, accounts, "AccountIdsToAdd", version);
}

Result<std::vector<wire::HttpText>> Documents::unshare(const std::string& name,
                                                       const std::vector<std::string>& accounts) {
  return modify(name, accounts, "AccountIdsToRemove", "");
}

Status Documents::remove(const std::string& name) {
  const Reply reply = client_.call("DeleteDocument", {{"Name", name}});
  // What is not there any more need not be removed.
  if (!reply.ok() && reply.code != "InvalidDocument") return refused("DeleteDocument", reply);
  registry_.removed(name);
  return {};
}

Status Documents::unshare_and_remove(const std::string& name) {
  constexpr int kMostPages = 256;
  Json token;
  for (int page = 0; page < kMostPages; ++page) {
    Json input = {{"Name", name}, {"PermissionType", "Share"}};
    if (!token.is_null()) input["NextToken"] = token;
    const Reply reply = client_.call("DescribeDocumentPermission", input);
    if (!reply.ok() || !reply.body.is_object()) break;
    token = reply.body.value("NextToken", Json());
    std::vector<std::string> accounts;
    if (const auto ids = reply.body.find("AccountIds"); ids != reply.body.end() && ids->is_array()) {
      for (const Json& id : *ids) {
        if (id.is_string()) accounts.push_back(id.get<std::string>());
      }
    }
    // A page may be empty, and others follow. Once accounts are gone, the first page is another one.
    if (accounts.empty() && (!token.is_string() || token == "")) break;
    if (accounts.empty()) continue;
    if (!unshare(name, accounts)) break;
    token = Json();
  }
  return remove(name);
}

std::vector<std::string> account_ids(std::size_t count, std::uint64_t first) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(fmt::format("{:012}", first + i));
  return out;
}

}  // namespace harness::run
