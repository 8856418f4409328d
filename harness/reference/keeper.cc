// An operation may be called for several kinds (tags of one resource and of another): what a call template
// has as plain text tells them apart. So each operation has a list of uses, and the first whose texts are
// those of the input answers.
#include "harness/reference/keeper.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <utility>

#include "harness/reference/pages.h"
#include "harness/reference/service.h"
#include "harness/reference/strange_token.h"

namespace harness::reference {
namespace {

using model::CallTemplate;
using model::ResourceKind;
using model::ResourcePart;
using wire::Json;

// Of one kind: also the bound on what a fuzzer can make a service hold.
constexpr std::size_t kMostResources = 5000;
constexpr std::size_t kUsualPage = 50;

struct Kept {
  Json members;  // what was written
  std::string parent, id;
  std::map<std::string, std::map<std::string, Json>, std::less<>> parts;  // elements, by their texts
};

// The members of a shape that were written, and of the others the least that must be there.
Json shown(const model::Shape& shape, const Json& written) {
  Json out = empty_output(shape);
  for (const model::Member& m : shape.members) {
    const auto found = written.find(m.name);
    if (found == written.end() || found->is_null()) continue;
    const auto type = m.target->type;
    const bool fits = model::is_text(type)                ? found->is_string()
                      : type == model::ShapeType::list    ? found->is_array()
                      : type == model::ShapeType::boolean ? found->is_boolean()
                      : type == model::ShapeType::structure || type == model::ShapeType::map
                          ? found->is_object()
                          : found->is_number();
    if (fits) out[m.name] = *found;
  }
  return out;
}

// An answer that shows what was written at a place in it.
Json answer_with(const model::Shape* output, const std::string& pointer, const Json& written) {
  if (output == nullptr) return Json::object();
  const Json::json_pointer at(pointer);
  if (at.empty()) return shown(*output, written);
  Json out = empty_output(*output);
  if (const model::Shape* there = model::shape_at(output, at)) out[at] = shown(*there, written);
  return out;
}

// True if all that the template has as plain text stands in the input.
bool is_meant(const CallTemplate& call, const Json& input) {
  return std::all_of(call.input.items().begin(), call.input.items().end(), [&](const auto& member) {
    const Json& value = member.value();
    if (!value.is_string() || value.template get_ref<const std::string&>().find("{{") != std::string::npos)
      return true;
    const auto found = input.find(member.key());
    return found != input.end() && *found == value;
  });
}

class Keeper {
 public:
  Keeper(const model::ResourceKinds& kinds, const Setup& setup)
      : model_(setup.model), store_(setup.store), pages_(setup.options.dialect) {
    for (const auto& [name, kind] : kinds) {
      if (kind.has_life()) kinds_.push_back({name, &kind, &setup.store.add<Kept>(name), kinds_.size() + 1});
    }
  }

  static void add_operations(const std::shared_ptr<Keeper>& keeper, Operations& operations) {
    for (const Kind& kind : keeper->kinds_) keeper->add_uses(kind);
    for (const auto& [operation, uses] : keeper->uses_) {
      const auto* model = keeper->model_.find_operation(operation);
      if (model == nullptr) continue;
      operations.add(operation, [keeper, &uses = uses, model](const Json& input) {
        return keeper->answer(*model, uses, input);
      });
    }
  }

 private:
  struct Kind {
    std::string name;
    const ResourceKind* data;
    Table<Kept>* table;
    std::uint64_t number;
  };
  using Does = Outcome (Keeper::*)(const Kind&, const CallTemplate&, const std::string& part,
                                   const Json& input);
  struct Use {
    const Kind* kind;
    const CallTemplate* call;
    std::string part;
    Does does;
  };

  void add_uses(const Kind& kind) {
    const auto add = [&](const CallTemplate& call, Does does, const std::string& part = {}) {
      if (!call.operation.empty()) uses_[call.operation].push_back({&kind, &call, part, does});
    };
    const ResourceKind& data = *kind.data;
    add(*data.create, &Keeper::create);
    if (data.shown_at) add(data.read, &Keeper::read);
    if (data.list) add(data.list->call, &Keeper::list);
    if (data.update && data.update->operation != data.create->operation) add(*data.update, &Keeper::update);
    add(data.remove, &Keeper::remove);
    for (const auto& [name, part] : data.parts) {
      add(part.read, &Keeper::read_part, name);
      add(part.add, &Keeper::add_to_part, name);
      add(part.remove, &Keeper::take_from_part, name);
    }
  }

  Outcome answer(const model::Operation& operation, const std::vector<Use>& uses, const Json& input) {
    const auto lock = store_.lock();
    const bool lists = uses.front().does == &Keeper::list;
    if (auto why = refusal_of_token(operation, input); why && !lists) return tl::unexpected(*std::move(why));
    for (const Use& use : uses) {
      if (uses.size() == 1 || is_meant(*use.call, input))
        return (this->*use.does)(*use.kind, *use.call, use.part, input);
    }
    // For what nothing is known of.
    return nothing_of(operation);
  }

  static Json nothing_of(const model::Operation& operation) {
    return operation.output == nullptr ? Json::object() : empty_output(*operation.output);
  }

  const model::Shape* output_of(const CallTemplate& call) const {
    return model_.find_operation(call.operation)->output;
  }

  static std::string text(const CallTemplate& call, std::string_view placeholder, const Json& input) {
    const std::string name = call.member_of(placeholder);
    return name.empty() ? std::string() : wire::text_member(input, name);
  }
  static std::string key(const std::string& parent, const std::string& id) {
    return parent.empty() ? id : parent + "/" + id;
  }

  // What does not exist, or is asked of what does not exist: refused where the operation has an error for it.
  Outcome absent(const Kind& kind, const CallTemplate& call, const std::string& of_part = {}) const {
    const std::string& code = of_part.empty() ? kind.data->does_not_exist : of_part;
    const auto& operation = *model_.find_operation(call.operation);
    if (operation.declares(code)) return refuse(code, "There is no such " + kind.name + ".");
    return nothing_of(operation);
  }

  const Kind* kind_named(std::string_view name) const {
    const auto found =
        std::find_if(kinds_.begin(), kinds_.end(), [&](const Kind& k) { return k.name == name; });
    return found == kinds_.end() ? nullptr : &*found;
  }

  Outcome create(const Kind& kind, const CallTemplate& call, const std::string&, const Json& input) {
    const std::string parent = text(call, "{{parent}}", input);
    const Kind* of = kind_named(kind.data->parent);
    if (of != nullptr && of->table->find(parent) == nullptr) return absent(*of, call);
    const std::string name = text(call, "{{id}}", input);
    const bool replaces = kind.data->update && kind.data->update->operation == call.operation &&
                          is_update(*kind.data->update, input);
    if (const bool taken = !kind.data->already_exists.empty() && is_taken(kind, key(parent, name));
        taken && replaces) {
      kind.table->find(key(parent, name))->value.members.update(input);
      return answer_with(output_of(call), "", input);
    } else if (taken) {
      return refuse(kind.data->already_exists, "There is one of this name.");
    }
    if (kind.table->size() >= kMostResources) return too_many(call);
    Kept kept{input, parent, kind.data->generated ? new_id(kind.data->id_form, name) : name, {}};
    kept.members["{{name}}"] = name;
    if (kind.data->generated) kept.members[kind.data->made_in()] = kept.id;
    const Json::json_pointer at(kind.data->id_pointer);
    Json out = answer_with(output_of(call), at.empty() ? "" : at.parent_pointer().to_string(), kept.members);
    const std::string stored_as = key(parent, kept.id);
    kind.table->create(stored_as, std::move(kept));
    return out;
  }

  Outcome too_many(const CallTemplate& call) const {
    const auto& errors = model_.find_operation(call.operation)->errors;
    const auto found = std::find_if(errors.begin(), errors.end(), [](const auto* error) {
      return error->name().find("Exceeded") != std::string_view::npos;
    });
    return refuse(found == errors.end() ? "ThrottlingException" : std::string((*found)->name()),
                  "There are too many.");
  }

  // Whether a call that makes and changes is meant to change: by what the template has beside the members of
  // one that makes.
  static bool is_update(const CallTemplate& update, const Json& input) {
    return std::all_of(update.input.items().begin(), update.input.items().end(), [&](const auto& member) {
      const auto found = input.find(member.key());
      return !member.value().is_boolean() || (found != input.end() && *found == member.value());
    });
  }

  // Where the service makes the ids, the name is none of them.
  static bool is_taken(const Kind& kind, const std::string& wanted) {
    if (!kind.data->generated) return kind.table->find(wanted) != nullptr;
    const auto all = kind.table->names();
    return std::any_of(all.begin(), all.end(), [&](const std::string& name) {
      const Kept& kept = kind.table->find(name)->value;
      return key(kept.parent, wire::text_member(kept.members, "{{name}}")) == wanted;
    });
  }

  std::string new_id(const std::string& form, const std::string& name) {
    return model::id_of_form(form, name, [&] { return random_(); });
  }

  // The one that a call is about; nullptr if there is none. A call that does not say what it is a part of
  // means it by its id alone.
  static Stored<Kept>* find(const Kind& kind, const CallTemplate& call, const Json& input) {
    const std::string id = text(call, "{{id}}", input);
    if (kind.data->parent.empty() || !call.member_of("{{parent}}").empty())
      return kind.table->find(key(text(call, "{{parent}}", input), id));
    for (const auto& name : kind.table->names()) {
      if (auto* kept = kind.table->find(name); kept->value.id == id) return kept;
    }
    return nullptr;
  }

  Outcome read(const Kind& kind, const CallTemplate& call, const std::string&, const Json& input) {
    const auto* kept = find(kind, call, input);
    if (kept == nullptr) return absent(kind, call);
    return answer_with(output_of(call), *kind.data->shown_at, kept->value.members);
  }

  Outcome update(const Kind& kind, const CallTemplate& call, const std::string&, const Json& input) {
    auto* kept = find(kind, call, input);
    if (kept == nullptr) return absent(kind, call);
    for (const auto& [name, value] : input.items()) {
      if (value.is_null()) continue;
      const auto into = kind.data->update_into.find(name);
      if (into == kind.data->update_into.end()) {
        kept->value.members[name] = value;
      } else {
        kept->value.members[into->second].update(value);
      }
    }
    const std::string& pointer = kind.data->id_pointer;
    return answer_with(output_of(call), pointer.substr(0, pointer.rfind('/')), kept->value.members);
  }

  Outcome list(const Kind& kind, const CallTemplate& call, const std::string&, const Json& input) {
    const model::ResourceList& data = *kind.data->list;
    const std::string parent = text(call, "{{parent}}", input);
    const Kind* of = kind_named(kind.data->parent);
    std::uint64_t list = kind.number;
    if (of != nullptr && !call.member_of("{{parent}}").empty()) {
      const auto* whole = of->table->find(parent);
      if (whole == nullptr) return absent(*of, call);
      list += whole->serial * (kinds_.size() + 1);  // of each, one of its own
    }
    std::vector<std::string> keys;
    for (auto& name : kind.table->names()) {
      if (parent.empty() || kind.table->find(name)->value.parent == parent) keys.push_back(std::move(name));
    }
    const auto page =
        pages_.page(list, keys, token_in(input, data.token), page_size_in(input, data.page_size, kUsualPage));
    if (!page) return refuse(data.invalid_token, data.token + " was not issued for this list.");
    const auto* output = output_of(call);
    Json out = empty_output(*output);
    const model::Shape* item = output->find_member(data.items)->target->members.front().target;
    for (std::size_t i = page->first; i < page->first + page->count; ++i) {
      const Kept& kept = kind.table->find(keys[i])->value;
      Json one = shown(*item, kept.members);
      one[data.id] = kept.id;
      for (const auto& [name, at] : data.into) {
        if (name == "{{parent}}") one[Json::json_pointer(at)] = kept.parent;
        if (kept.members.contains(name)) one[Json::json_pointer(at)] = kept.members[name];
      }
      out[data.items].push_back(std::move(one));
    }
    if (!page->next_token.empty()) out[data.token] = page->next_token;
    return out;
  }

  Outcome remove(const Kind& kind, const CallTemplate& call, const std::string&, const Json& input) {
    const auto* kept = find(kind, call, input);
    if (kept == nullptr) return absent(kind, call);
    Json out = answer_with(output_of(call), "", input);
    for (const Kind& other : kinds_) {
      if (other.data->parent != kind.name) continue;
      for (const auto& name : other.table->names()) {
        if (other.table->find(name)->value.parent == kept->value.id) other.table->remove(name);
      }
    }
    kind.table->remove(key(kept->value.parent, kept->value.id));
    return out;
  }

  Outcome read_part(const Kind& kind, const CallTemplate& call, const std::string& part, const Json& input) {
    const auto* kept = find(kind, call, input);
    if (kept == nullptr) return absent(kind, call, kind.data->parts.find(part)->second.does_not_exist);
    Json out = empty_output(*output_of(call));
    const auto held = kept->value.parts.find(part);
    if (held == kept->value.parts.end()) return out;
    for (const auto& [text, element] : held->second)
      out[kind.data->parts.find(part)->second.list].push_back(element);
    return out;
  }

  Outcome add_to_part(const Kind& kind, const CallTemplate& call, const std::string& part,
                      const Json& input) {
    auto* kept = find(kind, call, input);
    if (kept == nullptr) return absent(kind, call, kind.data->parts.find(part)->second.does_not_exist);
    const ResourcePart& data = kind.data->parts.find(part)->second;
    for (const Json& element : input.at(call.member_of("{{values}}"))) {
      const std::string text =
          element.is_string() ? element.get<std::string>() : wire::text_member(element, data.value);
      kept->value.parts[part][text] = element;
    }
    return Json::object();
  }

  Outcome take_from_part(const Kind& kind, const CallTemplate& call, const std::string& part,
                         const Json& input) {
    auto* kept = find(kind, call, input);
    if (kept == nullptr) return absent(kind, call, kind.data->parts.find(part)->second.does_not_exist);
    for (const auto& text : wire::strings_member(input, call.member_of("{{values}}")))
      kept->value.parts[part].erase(text);
    return Json::object();
  }

  const model::Model& model_;
  Store& store_;
  const Pages pages_;
  std::vector<Kind> kinds_;
  std::map<std::string, std::vector<Use>> uses_;
  std::mt19937_64 random_{std::random_device()()};
};

}  // namespace

Family keeping(const model::ResourceKinds& kinds) {
  return [&kinds](const Setup& setup) {
    Keeper::add_operations(std::make_shared<Keeper>(kinds, setup), setup.operations);
  };
}

}  // namespace harness::reference
