#include "harness/run/fixtures.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <thread>

namespace harness::run {
namespace {

using Form = Fixture::Form;

// "shared-thing" -> "shared thing"
std::string in_words(std::string name) {
  std::replace(name.begin(), name.end(), '-', ' ');
  return name;
}

// The names of `wanted`, and of what they rest on.
std::set<std::string> with_grounds(const Catalogue& catalogue, std::set<std::string> wanted) {
  const auto& all = catalogue.fixtures();
  // Each comes after what it rests on.
  for (auto f = all.rbegin(); f != all.rend(); ++f) {
    if (wanted.contains(f->name) && !f->of.empty()) wanted.insert(f->of);
  }
  return wanted;
}

// What a user can do about it, where there is an option for it.
std::string name_one(std::string_view separator, const ResourceKind& kind) {
  return kind.option.empty() ? std::string() : fmt::format("{}name one with {}", separator, kind.option);
}

void bind_first_of(Bindings& bindings, const Fixture& f) {
  const auto there =
      std::find_if(f.others.begin(), f.others.end(), [&](const auto& other) { return bindings.has(other); });
  if (there != f.others.end()) bindings.set(f.name, bindings.value(*there));
}

void bind_given(Situation& s, const Fixture& f, const Given& given) {
  if (const auto it = given.find(f.kind); it != given.end()) {
    s.bindings.set(f.name, it->second);
    s.knowledge.of(f.kind)[it->second].exists = true;
    return;
  }
  s.bindings.cannot(f.name, fmt::format("no {} is known{}", in_words(f.name),
                                        name_one(": ", *s.pack.catalogue->kind(f.kind))));
}

class FixtureMaker {
 public:
  FixtureMaker(endpoint::Endpoint& endpoint, Situation& situation, ResourceRegistry& registry,
               const Given& given)
      : s_(situation),
        registry_(registry),
        given_(given),
        client_(endpoint, situation),
        resources_(client_, registry) {}

  Trouble make(const std::set<std::string>& wanted) {
    for (const Fixture& f : s_.pack.catalogue->fixtures()) {
      switch (f.form) {
        case Form::given:
          bind_given(s_, f, given_);
          break;
        case Form::first_of:
          bind_first_of(s_.bindings, f);
          break;
        case Form::absent:
          break;  // bound before anything was sent
        default:
          if (wanted.contains(f.name)) make(f);
      }
    }
    return client_.trouble();
  }

 private:
  void make(const Fixture& f) {
    switch (f.form) {
      case Form::created:
        return created(f);
      case Form::announced: {
        // The case itself may create it. Nobody made it yet, and it is removed all the same.
        const std::string id = registry_.new_name(f.purpose);
        registry_.created(f.kind, id);
        return s_.bindings.set(f.name, id);
      }
      case Form::token:
        return token(f);
      case Form::altered:
        if (const auto text = s_.bindings.value(f.of); !text.empty())
          return s_.bindings.set(f.name, altered(text));
        return cannot(f.name, fmt::format("there is no {} to change: {}", in_words(f.of), why_not_[f.of]));
      default:
        return;
    }
  }

  void cannot(const std::string& fixture, std::string why) {
    why_not_[fixture] = why;
    s_.bindings.cannot(fixture, std::move(why));
  }

  // Given, else created, else found under the name that the documentation uses in its example.
  void created(const Fixture& f) {
    const auto given = given_.find(f.kind);
    if (f.may_be_given && given != given_.end()) return somebody_elses(f, given->second);
    const ResourceKind& kind = *s_.pack.catalogue->kind(f.kind);
    const std::string name = registry_.new_name(f.purpose);
    std::string id = name;
    auto sent = resources_.create(f.kind, id);
    if (!sent) {
      s_.bindings.cannot(f.name, fmt::format("no {} can be created ({}){}", in_words(f.kind),
                                             sent.error().message, name_one("; ", kind)));
      why_not_[f.name] = fmt::format("no {} can be created", in_words(f.kind));
      // It does not exist then, which tells enough where a call is judged by its form.
      if (kind.has_life()) s_.bindings.set(f.name, made_up_id(kind, name));
      if (!f.found.empty() && client_.call(kind.read.operation, kind.read.filled(f.found)).ok())
        somebody_elses(f, f.found);
      return;
    }
    s_.bindings.set(f.name, id);
    s_.knowledge.of(f.kind)[id] = new_resource(kind);
    s_.set_ups.push_back({id, std::move(*sent), kind.made_in()});
    for (const auto& [part, values] : f.holds) hold(f, id, part, values);
  }

  void somebody_elses(const Fixture& f, const std::string& id) {
    s_.bindings.set(f.name, id);
    s_.knowledge.of(f.kind)[id] = {.exists = true, .ours = false, .holds = {}};
  }

  void hold(const Fixture& f, const std::string& id, const std::string& part,
            const std::vector<std::string>& values) {
    auto& holds = s_.knowledge.of(f.kind)[id].holds;
    auto sent = resources_.add(f.kind, id, part, values);
    if (!sent) {
      holds.erase(part);
      return cannot(f.name, fmt::format("no {} can be made to hold {} ({})", in_words(f.kind), part,
                                        sent.error().message));
    }
    auto& set_up = s_.set_ups.back().requests;
    set_up.insert(set_up.end(), sent->begin(), sent->end());
    holds[part] = {values.begin(), values.end()};
  }

  void token(const Fixture& f) {
    if (const auto why = why_not_.find(f.of); why != why_not_.end()) return cannot(f.name, why->second);
    const std::string id = s_.bindings.value(f.of);
    const Reply page = client_.call(f.call.operation, f.call.filled(id));
    const std::string token = wire::text_member(page.body, f.member);
    if (!page.ok() || token.empty()) return cannot(f.name, f.why_not);
    s_.bindings.set(f.name, token);
    s_.knowledge.tokens[token] = id;
  }

  Situation& s_;
  ResourceRegistry& registry_;
  const Given& given_;
  Client client_;
  Resources resources_;
  std::map<std::string, std::string> why_not_;  // by fixture
};

}  // namespace

oracle::Resource new_resource(const ResourceKind& kind) {
  oracle::Resource out{.exists = true, .ours = true, .holds = {}};
  for (const auto& [part, of] : kind.parts) out.holds[part] = {};
  return out;
}

void bind_without_endpoint(Situation& s, const std::string& prefix) {
  s.knowledge.absent_prefix = prefix;
  s.knowledge.knows_all_tokens = true;
  s.bindings.set("prefix", prefix);
  for (const Fixture& f : s.pack.catalogue->fixtures()) {
    if (f.form == Form::first_of) bind_first_of(s.bindings, f);
    if (f.form != Form::absent) continue;
    Bindings own;
    own.set("prefix", prefix);
    own.set("digits", fmt::format("{:016x}", number_for(f.kind + " " + prefix)));
    const std::string id = own.expand(f.id).value_or(f.id);
    s.bindings.set(f.name, id);
    s.knowledge.of(f.kind)[id].exists = false;
  }
  const auto& signing = s.composer.signing();
  if (signing) s.knowledge.signs = {signing->credentials, signing->scope};
  s.bindings.set("region", signing ? signing->scope.region : "us-east-1");
  s.bindings.set("service", s.pack.model->identity().signing_name);
  s.bindings.set("access-key", signing ? signing->credentials.access_key_id : "test");
}

Trouble make_fixtures(endpoint::Endpoint& endpoint, Situation& situation, ResourceRegistry& registry,
                      const Given& given, const std::set<std::string>& wanted) {
  return FixtureMaker(endpoint, situation, registry, given)
      .make(with_grounds(*situation.pack.catalogue, wanted));
}

void bind_samples(Situation& s, ResourceRegistry& registry, const Given& given) {
  for (const Fixture& f : s.pack.catalogue->fixtures()) {
    switch (f.form) {
      case Form::created: {
        const ResourceKind& kind = *s.pack.catalogue->kind(f.kind);
        const std::string id = made_up_id(kind, registry.new_name(f.purpose));
        auto resource = new_resource(kind);
        for (const auto& [part, values] : f.holds) resource.holds[part] = {values.begin(), values.end()};
        s.bindings.set(f.name, id);
        s.knowledge.of(f.kind)[id] = std::move(resource);
        break;
      }
      case Form::announced:
        s.bindings.set(f.name, registry.new_name(f.purpose));
        break;
      case Form::given:
        bind_given(s, f, given);
        break;
      case Form::token: {
        const std::string token = letters_for(f.name, 20);
        s.bindings.set(f.name, token);
        s.knowledge.tokens[token] = s.bindings.value(f.of);
        break;
      }
      case Form::altered:
        s.bindings.set(f.name, altered(s.bindings.value(f.of)));
        break;
      case Form::first_of:
        bind_first_of(s.bindings, f);
        break;
      case Form::absent:
        break;
    }
  }
}

std::string altered(std::string token) {
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

void forget_resources(Situation& s, ResourceRegistry& registry) {
  registry.forget_all();
  s.set_ups.clear();
  for (const auto& [name, kind] : s.pack.catalogue->kinds()) {
    if (kind.create) s.knowledge.of(name).clear();
  }
  s.knowledge.tokens.clear();
}

bool needs_resources(const Catalogue& catalogue, const std::set<std::string>& placeholders) {
  const auto& all = catalogue.fixtures();
  const auto wanted = with_grounds(catalogue, placeholders);
  return std::any_of(all.begin(), all.end(),
                     [&](const Fixture& f) { return f.form == Form::created && wanted.contains(f.name); });
}

std::vector<std::string> remove_fixtures(endpoint::Endpoint& endpoint, const Situation& situation,
                                         ResourceRegistry& registry, const Removal& how) {
  const auto deadline = std::chrono::steady_clock::now() + how.patience;
  const auto remaining = registry.remaining();
  std::atomic<std::size_t> next{0};
  const auto remove_some = [&] {
    Client client(endpoint, situation);
    Resources resources(client, registry);
    for (std::size_t i = next++; i < remaining.size(); i = next++) {
      if (std::chrono::steady_clock::now() >= deadline) return;
      (void)resources.empty_and_remove(remaining[i].kind, remaining[i].id);
    }
  };
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < std::min(how.connections, remaining.size()); ++i)
    others.emplace_back(remove_some);
  if (!remaining.empty()) remove_some();
  for (std::thread& other : others) other.join();
  return registry.remaining_ids();
}

}  // namespace harness::run
