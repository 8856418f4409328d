#include "harness/run/leftovers.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "harness/oracle/judge.h"

namespace harness::run {
namespace {

using wire::Json;

// The first text in it, at any depth, that will do; "" if there is none.
std::string text_in(const Json& json, const std::function<bool(std::string_view)>& will_do) {
  if (json.is_string()) return will_do(json.get_ref<const std::string&>()) ? json.get<std::string>() : "";
  if (!json.is_structured()) return {};
  for (const auto& part : json) {
    if (auto text = text_in(part, will_do); !text.empty()) return text;
  }
  return {};
}

// What stands before the name in ids of the kind.
std::string_view before_the_name(const ResourceKind& kind) {
  const std::string_view form = kind.id_form;
  const auto at = form.find("{{name}}");
  return at == std::string_view::npos ? std::string_view() : form.substr(0, at);
}

bool needs_parent(const CallTemplate& call) {
  return !call.member_of("{{parent}}").empty();
}

class Finder {
 public:
  Finder(Client& client, std::string_view beginning)
      : client_(client),
        registry_(std::string(beginning)),
        resources_(client, registry_),
        beginning_(beginning) {}

  Leftovers find() && {
    const auto& kinds = client_.catalogue().kinds();
    // Parents first, for what is a part of them is known by their ids.
    for (const bool parts : {false, true}) {
      for (const auto& [name, kind] : kinds) {
        if (kind.create && kind.list && !needs_parent(kind.list->call) && kind.parent.empty() != parts)
          find_of(name, kind);
      }
    }
    // What is a part of another is removed before it.
    std::stable_partition(out_.found.begin(), out_.found.end(),
                          [&](const Leftover& l) { return !kinds.find(l.kind)->second.parent.empty(); });
    return std::move(out_);
  }

 private:
  void find_of(const std::string& name, const ResourceKind& kind) {
    const auto items = resources_.list(name);
    if (!items) {
      if (!is_there(kind)) return;
      out_.problems.push_back(fmt::format("the kind {} cannot be listed: {}", name, items.error().message));
      return;
    }
    const std::string_view before = before_the_name(kind);
    for (const Json& item : *items) {
      Leftover l{name, wire::text_member(item, kind.list->id), {}, {}};
      l.name = text_in(item, [&](std::string_view text) {
        if (text.starts_with('/')) text.remove_prefix(1);  // of what stands in a hierarchy
        if (text.starts_with(before)) text.remove_prefix(before.size());
        return is_name_of_a_run(text, beginning_);
      });
      if (!kind.is_removed_alone())
        l.parent = text_in(item, [&](std::string_view text) { return is_found(kind.parent, text); });
      if (l.id.empty() || l.name.empty() || (!kind.is_removed_alone() && l.parent.empty())) continue;
      out_.found.push_back(std::move(l));
    }
  }

  // Whether the endpoint has anything of the kind, where its list failed: some fail alike for what they do
  // not have. To remove what does not exist changes nothing.
  bool is_there(const ResourceKind& kind) {
    const std::string nobodys = made_up_id(kind, run_prefix(0, beginning_) + "nobodys-1");
    const Reply removal =
        client_.call(kind.remove.operation, kind.remove.filled(nobodys, Json::array(), nobodys));
    return !oracle::means_not_implemented(removal.exchange, unknown_.exchange);
  }

  bool is_found(const std::string& kind, std::string_view id) const {
    return std::any_of(out_.found.begin(), out_.found.end(),
                       [&](const Leftover& l) { return l.kind == kind && l.id == id; });
  }

  Client& client_;
  ResourceRegistry registry_;
  Resources resources_;
  std::string_view beginning_;
  const Reply unknown_ = client_.call("NoSuchOperation", Json::object());
  Leftovers out_;
};

}  // namespace

Leftovers find_leftovers(Client& client, std::string_view beginning) {
  return Finder(client, beginning).find();
}

Status remove_leftover(Client& client, const Leftover& l) {
  ResourceRegistry registry{std::string(kFirstOfNames)};
  Resources resources(client, registry);
  return resources.empty_and_remove(l.kind, l.id, l.parent);
}

}  // namespace harness::run
