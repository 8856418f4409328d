#include "harness/run/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace harness::run {
namespace {

using wire::Json;
using wire::member;
using wire::text_member;

constexpr std::array<std::pair<std::string_view, Fixture::Form>, 7> kForms = {{
    {"created", Fixture::Form::created},
    {"announced", Fixture::Form::announced},
    {"absent", Fixture::Form::absent},
    {"given", Fixture::Form::given},
    {"token", Fixture::Form::token},
    {"altered", Fixture::Form::altered},
    {"first_of", Fixture::Form::first_of},
}};

Status read_holds(const Json& json, Fixture& out) {
  const Json* holds = member(json, "holds");
  if (holds == nullptr) return {};
  for (const auto& [part, values] : holds->items()) {
    const Json* count = member(values, "count");
    const std::string first = text_member(values, "first");
    if (count == nullptr || !count->is_number_unsigned() || first.empty())
      return fail(fmt::format("holds: {} needs its first value, and how many", part));
    out.holds[part] = counted_up(first, count->get<std::size_t>());
  }
  return {};
}

Result<Fixture> read_fixture(const Json& json) {
  Fixture out;
  const std::string form = text_member(json, "form");
  const auto known =
      std::find_if(kForms.begin(), kForms.end(), [&](const auto& f) { return f.first == form; });
  if (known == kForms.end()) return fail(fmt::format("\"{}\" is no form of a fixture", form));
  out.form = known->second;
  out.name = text_member(json, "name");
  out.kind = text_member(json, "kind");
  out.purpose = text_member(json, "purpose");
  const Json* may_be_given = member(json, "may_be_given");
  out.may_be_given = may_be_given != nullptr && *may_be_given == true;
  out.found = text_member(json, "found");
  out.beside = text_member(json, "beside");
  out.id = text_member(json, "id");
  out.of = text_member(json, "of");
  out.member = text_member(json, "member");
  out.why_not = text_member(json, "why_not");
  out.others = wire::strings_member(json, "others");
  if (auto held = read_holds(json, out); !held) return tl::unexpected(held.error());
  if (out.form == Fixture::Form::token) {
    auto call = model::read_call(member(json, "call"));
    if (!call) return tl::unexpected(call.error());
    out.call = std::move(*call);
  }
  return out;
}

// What is wrong with a fixture beside those before it, or "".
std::string problem_with(const Fixture& f, const Catalogue& before) {
  using Form = Fixture::Form;
  if (f.name.empty()) return "it has no name";
  if (before.fixture(f.name) != nullptr) return "another one has its name";
  const bool of_another = f.form == Form::token || f.form == Form::altered;
  if (of_another) return before.fixture(f.of) == nullptr ? "what it is of must come before it" : "";
  if (f.form == Form::first_of) return f.others.empty() ? "it names no others" : "";
  const ResourceKind* kind = before.kind(f.kind);
  if (kind == nullptr) return fmt::format("\"{}\" is no kind", f.kind);
  const bool made = f.form == Form::created || f.form == Form::announced;
  if (made && (!kind->create || f.purpose.empty()))
    return "what a run makes has a purpose, and a kind with create";
  for (const auto& [part, values] : f.holds) {
    if (!kind->parts.contains(part)) return fmt::format("its kind has no {}", part);
  }
  return {};
}

}  // namespace

std::string_view to_string(Fixture::Form form) {
  const auto known =
      std::find_if(kForms.begin(), kForms.end(), [&](const auto& f) { return f.second == form; });
  return known->first;
}

Catalogue::Catalogue(model::ResourceKinds kinds, std::vector<Fixture> fixtures)
    : kinds_(std::move(kinds)), fixtures_(std::move(fixtures)) {
  for (const auto& [name, kind] : kinds_) {
    const auto add = [&, kind_name = name](const CallTemplate& call, Effect effect) {
      if (!call.operation.empty())
        uses_.try_emplace(call.operation, Use{kind_name, effect, call.id_member()});
    };
    add(kind.read, Effect::reads);
    if (kind.list) add(kind.list->call, Effect::reads);
    if (kind.create) {
      add(*kind.create, Effect::creates);
      if (kind.generated) uses_[kind.create->operation].id_member.clear();
      add(kind.remove, Effect::removes);
    }
    if (kind.update) add(*kind.update, Effect::changes);
    for (const auto& [part_name, part] : kind.parts) {
      add(part.read, Effect::reads);
      add(part.add, Effect::changes);
      add(part.remove, Effect::changes);
    }
  }
}

const ResourceKind* Catalogue::kind(std::string_view name) const {
  const auto it = kinds_.find(name);
  return it == kinds_.end() ? nullptr : &it->second;
}

const Fixture* Catalogue::fixture(std::string_view name) const {
  const auto it =
      std::find_if(fixtures_.begin(), fixtures_.end(), [&](const Fixture& f) { return f.name == name; });
  return it == fixtures_.end() ? nullptr : &*it;
}

const Catalogue::Use* Catalogue::use(std::string_view operation) const {
  const auto it = uses_.find(operation);
  return it == uses_.end() ? nullptr : &it->second;
}

const ResourcePart* Catalogue::page(std::string_view operation) const {
  for (const auto& [name, kind] : kinds_) {
    for (const auto& [part_name, part] : kind.parts) {
      if (part.read.operation == operation) return &part;
    }
  }
  return nullptr;
}

Result<Catalogue> load_catalogue(std::string_view json) {
  const auto parsed = wire::parse_json(json);
  const Json* kinds = parsed ? member(parsed->value, "kinds") : nullptr;
  const Json* fixtures = parsed ? member(parsed->value, "fixtures") : nullptr;
  if (kinds == nullptr || fixtures == nullptr || !kinds->is_object() || !fixtures->is_array())
    return fail("a catalogue of resources needs its kinds and its fixtures");
  const auto known = model::load_kinds(*kinds);
  if (!known) return tl::unexpected(known.error());
  std::vector<Fixture> all;
  for (const Json& entry : *fixtures) {
    auto fixture = read_fixture(entry);
    const std::string name = text_member(entry, "name");
    if (!fixture) return fail(fmt::format("fixture {}: {}", name, fixture.error().message));
    if (auto problem = problem_with(*fixture, Catalogue(*known, all)); !problem.empty())
      return fail(fmt::format("fixture {}: {}", name, problem));
    all.push_back(std::move(*fixture));
  }
  return Catalogue(*known, std::move(all));
}

std::vector<std::string> counted_up(std::string_view first, std::size_t count) {
  std::uint64_t number = 0;
  std::from_chars(first.data(), first.data() + first.size(), number);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(fmt::format("{:0{}}", number + i, first.size()));
  return out;
}

}  // namespace harness::run
