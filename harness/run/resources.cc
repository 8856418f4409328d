#include "harness/run/resources.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <random>

#include "harness/base/hash.h"
#include "harness/oracle/judge.h"

namespace harness::run {
namespace {

using wire::Json;

constexpr int kMaxPages = 256;
// Of a run's prefix: the letters and digits that the seed decides.
constexpr std::size_t kLettersOfSeed = 10;

tl::unexpected<Error> answered_with(std::string_view operation, const Reply& reply) {
  return fail(fmt::format("{} answered {}", operation, reply.text()));
}

// Of a page's answer; "" behind the last one.
std::string next_token(const ResourcePart& part, const Json& answer) {
  return part.token.empty() ? std::string() : wire::text_member(answer, part.token);
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

std::string run_prefix(std::uint64_t seed, std::string_view beginning) {
  return fmt::format("{}{}-", beginning, letters_for(fmt::format("names {}", seed), kLettersOfSeed));
}

bool is_name_of_a_run(std::string_view text, std::string_view beginning) {
  if (beginning.empty() || !text.starts_with(beginning)) return false;
  text.remove_prefix(beginning.size());
  if (text.size() <= kLettersOfSeed || text[kLettersOfSeed] != '-') return false;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto rest = text.substr(kLettersOfSeed + 1);
  const auto numbered =
      std::adjacent_find(rest.begin(), rest.end(), [&](char a, char b) { return a == '-' && is_digit(b); });
  return numbered != rest.end() && std::all_of(text.begin(), text.begin() + kLettersOfSeed,
                                               [&](char c) { return (c >= 'a' && c <= 'z') || is_digit(c); });
}

std::string ResourceRegistry::new_name(std::string_view purpose) {
  const std::lock_guard lock(mutex_);
  return fmt::format("{}{}-{}", prefix_, purpose, ++next_);
}

std::string made_id(const ResourceKind& kind, std::string asked, const wire::Json& answer) {
  return kind.generated ? wire::text_at(answer, kind.id_pointer) : asked;
}

std::string made_up_id(const ResourceKind& kind, const std::string& name) {
  if (kind.id_form.empty()) return name;
  return model::id_of_form(
      kind.id_form, name, [&, part = 0]() mutable { return number_for(fmt::format("{} {}", name, ++part)); });
}

void ResourceRegistry::created(std::string_view kind, const std::string& id) {
  const std::lock_guard lock(mutex_);
  resources_.insert({std::string(kind), id});
}

void ResourceRegistry::removed(std::string_view kind, const std::string& id) {
  const std::lock_guard lock(mutex_);
  resources_.erase({std::string(kind), id});
}

std::vector<ResourceId> ResourceRegistry::remaining() const {
  const std::lock_guard lock(mutex_);
  return {resources_.begin(), resources_.end()};
}

std::vector<std::string> ResourceRegistry::remaining_ids() const {
  std::vector<std::string> out;
  for (auto& resource : remaining()) out.push_back(std::move(resource.id));
  return out;
}

void ResourceRegistry::forget_all() {
  const std::lock_guard lock(mutex_);
  resources_.clear();
}

const ResourceKind& Resources::kind(std::string_view name) const {
  return *client_.catalogue().kind(name);
}

Sent Resources::create(std::string_view name, std::string& id, const std::string& parent) {
  const ResourceKind& of = kind(name);
  if (!of.generated) id = made_up_id(of, id);
  auto request = client_.request(of.create->operation, of.create->filled(id, Json::array(), parent));
  // Registered first: an answer that gets lost may still have created it.
  if (of.is_removed_alone()) registry_.created(name, id);
  const Reply reply = client_.send(request);
  // Sent twice, because its connection was lost: the first may have been carried out.
  const bool found_itself = reply.exchange.resent && reply.code == of.already_exists;
  if (!reply.ok() && !found_itself) {
    if (reply.exchange.transport == wire::Transport::answered) registry_.removed(name, id);
    return answered_with(of.create->operation, reply);
  }
  if (of.generated) {
    registry_.removed(name, id);
    id = made_id(of, std::move(id), reply.body);
    if (id.empty()) return fail(fmt::format("{} answered without {}", of.create->operation, of.id_pointer));
    if (of.is_removed_alone()) registry_.created(name, id);
  }
  return std::vector{std::move(request)};
}

Sent Resources::call_in_parts(const ResourcePart& part, const CallTemplate& call, const std::string& id,
                              const std::vector<std::string>& values, const Json& more) {
  std::vector<wire::HttpText> sent;
  for (std::size_t at = 0; at < values.size(); at += part.max_values) {
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(at);
    const auto last =
        values.begin() + static_cast<std::ptrdiff_t>(std::min(at + part.max_values, values.size()));
    const std::vector<std::string> some(first, last);
    Json input = call.filled(id, &call == &part.add ? part.elements_of(some) : Json(some));
    if (more.is_object()) input.update(more);
    sent.push_back(client_.request(call.operation, input));
    if (const Reply reply = client_.send(sent.back()); !reply.ok())
      return answered_with(call.operation, reply);
  }
  return sent;
}

Sent Resources::add(std::string_view name, const std::string& id, std::string_view part,
                    const std::vector<std::string>& values, const Json& more) {
  const ResourcePart& of = kind(name).parts.find(part)->second;
  return call_in_parts(of, of.add, id, values, more);
}

Sent Resources::take(std::string_view name, const std::string& id, std::string_view part,
                     const std::vector<std::string>& values) {
  const ResourcePart& of = kind(name).parts.find(part)->second;
  return call_in_parts(of, of.remove, id, values, {});
}

std::optional<std::set<std::string>> Resources::read(
    std::string_view name, const std::string& id, std::string_view part_name,
    const std::function<void(const std::string&)>& on_token) {
  const ResourcePart& part = kind(name).parts.find(part_name)->second;
  std::set<std::string> out;
  Json input = part.read.filled(id);
  for (int page = 0; page < kMaxPages; ++page) {
    const Reply reply = client_.call(part.read.operation, input);
    if (!reply.ok() || !reply.body.is_object()) return std::nullopt;
    for (auto& value : part.texts_of(reply.body)) out.insert(std::move(value));
    const std::string token = next_token(part, reply.body);
    if (token.empty()) return out;
    if (on_token) on_token(token);
    input[part.token] = token;
  }
  return std::nullopt;
}

Result<std::vector<Json>> Resources::list(std::string_view name) {
  const model::ResourceList& of = *kind(name).list;
  std::vector<Json> out;
  Json input = of.call.input;
  for (int page = 0; page < kMaxPages; ++page) {
    const Reply reply = client_.call(of.call.operation, input);
    if (oracle::means_not_implemented(reply.exchange, {})) return out;
    if (!reply.ok()) return answered_with(of.call.operation, reply);
    if (const Json* items = wire::member(reply.body, of.items); items != nullptr && items->is_array())
      out.insert(out.end(), items->begin(), items->end());
    const std::string token = of.token.empty() ? "" : wire::text_member(reply.body, of.token);
    if (token.empty()) return out;
    input[of.token] = token;
  }
  return fail(fmt::format("{} has more than {} pages", of.call.operation, kMaxPages));
}

Status Resources::remove(std::string_view name, const std::string& id, const std::string& parent) {
  const ResourceKind& of = kind(name);
  const Reply reply = client_.call(of.remove.operation, of.remove.filled(id, Json::array(), parent));
  // What is not there any more need not be removed.
  if (!reply.ok() && reply.code != of.does_not_exist) return answered_with(of.remove.operation, reply);
  registry_.removed(name, id);
  return {};
}

void Resources::empty(std::string_view name, const std::string& id, const std::string& part_name) {
  const ResourcePart& part = kind(name).parts.find(part_name)->second;
  std::string token;
  std::vector<std::string> taken;
  for (int page = 0; page < kMaxPages; ++page) {
    Json input = part.read.filled(id);
    if (!token.empty()) input[part.token] = token;
    const Reply reply = client_.call(part.read.operation, input);
    if (!reply.ok()) return;
    token = next_token(part, reply.body);
    auto values = part.texts_of(reply.body);
    // A page may be empty, and others follow. Once something is taken, the first page is another one.
    if (values.empty() && token.empty()) return;
    if (values.empty()) continue;
    // What was taken is still there: it can't be taken.
    if (values == taken || !take(name, id, part_name, values)) return;
    taken = std::move(values);
    token.clear();
  }
}

Status Resources::empty_and_remove(std::string_view name, const std::string& id, const std::string& parent) {
  // A plain removal first: most hold nothing.
  if (auto removed = remove(name, id, parent); removed || kind(name).parts.empty()) return removed;
  for (const auto& [part, of] : kind(name).parts) empty(name, id, part);
  return remove(name, id, parent);
}

}  // namespace harness::run
