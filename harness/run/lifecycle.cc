#include "harness/run/lifecycle.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/run/fixtures.h"
#include "harness/run/scenario.h"
#include "harness/run/written.h"

namespace harness::run {
namespace {

using model::ResourceList;
using wire::Json;

// Of a list in which resources are looked for, and of one on the smallest pages. Others may have thousands.
constexpr std::size_t kMaxPages = 400;
constexpr std::size_t kSmallPages = 20;
// Resources that are made to see pages.
constexpr std::size_t kListed = 3;
// For the smallest page, so many and one more are made.
constexpr std::size_t kMostOnAPage = 10;

bool declares(const model::Model& model, std::string_view operation, std::string_view error) {
  const auto* of = model.find_operation(operation);
  return of != nullptr && of->declares(error);
}

// One resource in the hands of a scenario.
class Life {
 public:
  Life(ScenarioContext& context, const std::string& kind_name)
      : c_(context), kind_name_(kind_name), kind_(*context.situation().pack.catalogue->kind(kind_name)) {}

  // Makes one, and what it is a part of. False if that cannot be done: the scenario is blocked then.
  bool begin() {
    const auto* parent_kind = c_.situation().pack.catalogue->kind(kind_.parent);
    const std::string& create = kind_.create->operation;
    if (!c_.has({create, parent_kind == nullptr ? create : parent_kind->create->operation})) return false;
    if (!kind_.parent.empty()) {
      const auto parent = c_.create(kind_.parent, c_.name(kind_.parent));
      if (!parent) return false;
      parent_ = *parent;
    }
    return another(name_, id_);
  }

  bool another(std::string& name, std::string& id) {
    name = c_.name(kind_name_);
    auto made = c_.create(kind_name_, name, parent_);
    if (!made) return false;
    id = *std::move(made);
    if (!kind_.generated) name = id;
    return true;
  }

  const ResourceKind& kind() const { return kind_; }
  bool ended() const { return ended_; }
  const std::string& id() const { return id_; }
  // For people: "thing x-1".
  std::string one() const {
    std::string kind = kind_name_;
    std::replace(kind.begin(), kind.end(), '-', ' ');
    return fmt::format("{} {}", kind, id_);
  }
  Json written() const { return kind_.create->filled(name_, Json::array(), parent_); }
  Json input_of(const CallTemplate& call, const Json& values = Json::array()) const {
    return call.filled(id_, values, parent_);
  }
  Reply call(const CallTemplate& call, const Json& values = Json::array()) {
    return c_.call(call.operation, input_of(call, values));
  }

  // What is shown of it; nothing if that is answered otherwise than with 200, which is a defect.
  std::optional<Json> shown() {
    const Reply reply = call(kind_.read);
    if (!c_.expect(
            reply.ok(), "lifecycle/shown",
            fmt::format("{} answers {} for {}, which was made", kind_.read.operation, reply.text(), one())))
      return std::nullopt;
    return shown_in(kind_, reply.body);
  }

  // Whether all that both the call and the answer have a member for is shown as it was written.
  void expect_shown(const Json& shown, const Json& input, std::string_view rule, std::string_view what) {
    for (const auto& name : not_as_written(*c_.situation().pack.model, kind_, shown, input))
      c_.expect(false, rule,
                fmt::format("{} shows {} of {}, {} {}", kind_.read.operation, member_as_shown(shown, name),
                            one(), what, wire::to_text(input[name])));
  }

  // The token behind the first page of this size; "", and the scenario left unchecked, if there is none.
  std::string token_of_first_page(std::size_t page_size) {
    const ResourceList& list = *kind_.list;
    Json input = input_of(list.call);
    input[list.page_size] = page_size;
    const Reply reply = c_.call(list.call.operation, input);
    std::string token = reply.ok() ? wire::text_member(reply.body, list.token) : std::string();
    if (token.empty())
      c_.unchecked(fmt::format("{} gives no {} at {} {}, with more than that to list", list.call.operation,
                               list.token, list.page_size, page_size));
    return token;
  }

  // How often each of `ids` is named on all pages; nothing, and the scenario left unchecked, if there are too
  // many.
  std::optional<std::map<std::string, std::size_t>> listed(const std::vector<std::string>& ids) {
    auto met = pages(ids, 0, kMaxPages);
    if (met && !ended_) {
      c_.unchecked(fmt::format("{} has more than {} pages", kind_.list->call.operation, kMaxPages));
      return std::nullopt;
    }
    return met;
  }

  // The same on the pages that there are, of this size (0: as many as the endpoint likes), up to `most`.
  // Nothing if one is not answered as it should be, which is a defect.
  std::optional<std::map<std::string, std::size_t>> pages(const std::vector<std::string>& ids,
                                                          std::size_t page_size, std::size_t most) {
    ended_ = false;
    const ResourceList& list = *kind_.list;
    std::map<std::string, std::size_t> met;
    for (const auto& id : ids) met[id] = 0;
    Json input = input_of(list.call);
    if (page_size > 0 && !list.page_size.empty()) input[list.page_size] = page_size;
    std::set<std::string> tokens;
    for (std::size_t page = 0; page < most; ++page) {
      const Reply reply = c_.call(list.call.operation, input);
      if (!c_.expect(reply.ok(), "lifecycle/listed",
                     fmt::format("{} answers page {} with {}", list.call.operation, page + 1, reply.text())))
        return std::nullopt;
      const Json* items = wire::member(reply.body, list.items);
      const std::size_t count = items != nullptr && items->is_array() ? items->size() : 0;
      if (page_size > 0 && !list.page_size.empty())
        c_.expect(count <= page_size, "lifecycle/page-size",
                  fmt::format("{} answers {} {} at {} {}", list.call.operation, count, list.items,
                              list.page_size, page_size));
      for (std::size_t i = 0; i < count; ++i) {
        const auto known = met.find(wire::text_member((*items)[i], list.id));
        if (known != met.end()) ++known->second;
      }
      const std::string token = list.token.empty() ? "" : wire::text_member(reply.body, list.token);
      ended_ = token.empty();
      if (ended_) return met;
      if (!c_.expect(
              tokens.insert(token).second, "lifecycle/pages-end",
              fmt::format("{} gives one {} twice: its pages never end", list.call.operation, list.token)))
        return std::nullopt;
      input[list.token] = token;
    }
    return met;
  }

  // The answer of a call that asks for what was removed.
  void expect_absent(const Reply& reply, const CallTemplate& call) {
    const int status = reply.exchange.response.status;
    const bool refused =
        reply.exchange.transport == wire::Transport::answered && status >= 400 && status < 500;
    if (!c_.expect(
            refused || !reply.ok(), "lifecycle/removed",
            fmt::format("{} answers {} for {}, which was removed", call.operation, reply.text(), one())))
      return;
    c_.advise(!refused || reply.code == kind_.does_not_exist, "lifecycle/absent-code",
              fmt::format("{} answers {} for {}, which was removed, where {} says that it does not exist",
                          call.operation, reply.text(), one(), kind_.does_not_exist));
  }

  // False if it could not be removed, which is a defect.
  bool remove() {
    const Reply reply = call(kind_.remove);
    return c_.expect(
        reply.ok(), "lifecycle/removed",
        fmt::format("{} answers {} for {}, which was made", kind_.remove.operation, reply.text(), one()));
  }

 private:
  ScenarioContext& c_;
  const std::string& kind_name_;
  const ResourceKind& kind_;
  std::string parent_, name_, id_;
  bool ended_ = false;  // the last page of pages() was met
};

void shown(ScenarioContext& c, const std::string& kind) {
  Life life(c, kind);
  if (!life.begin()) return;
  if (const auto shown = life.shown())
    life.expect_shown(*shown, life.written(), "lifecycle/shown", "which was made with");
}

// The least number of resources that a page may be asked to hold; 0 if it cannot be asked, or not for so few.
std::size_t smallest_page(const model::Model& model, const ResourceList& list) {
  const auto* operation = model.find_operation(list.call.operation);
  const auto* size = operation->input->find_member(list.page_size);
  if (size == nullptr) return 0;
  const auto least = static_cast<std::size_t>(size->constraints.min_value.value_or(1));
  return least > kMostOnAPage ? 0 : least;
}

// Resources enough for two pages of `page_size`; nothing if they cannot be made.
std::vector<std::string> make_pages(Life& life, std::size_t page_size) {
  if (!life.begin()) return {};
  std::vector<std::string> ids = {life.id()};
  while (ids.size() < std::max(kListed, page_size + 1)) {
    std::string name, id;
    if (!life.another(name, id)) return {};
    ids.push_back(std::move(id));
  }
  return ids;
}

void listed(ScenarioContext& c, const std::string& kind) {
  Life life(c, kind);
  const ResourceList& list = *life.kind().list;
  const std::size_t least = smallest_page(*c.situation().pack.model, list);
  const auto ids = make_pages(life, least);
  if (ids.empty()) return;
  const auto expect = [&](const std::map<std::string, std::size_t>& met, bool all) {
    for (const auto& [id, times] : met)
      c.expect(all ? times == 1 : times < 2, "lifecycle/listed",
               fmt::format("{} names {} {} times, which was made once", list.call.operation, id, times));
  };
  const auto met = life.listed(ids);
  if (!met) return;
  expect(*met, true);
  if (least == 0) return;
  if (const auto some = life.pages(ids, least, kSmallPages)) expect(*some, life.ended());
}

bool has_tokens(const model::Model& model, const ResourceKind& kind) {
  return kind.has_life() && kind.list && !kind.list->token.empty() && smallest_page(model, *kind.list) > 0;
}

// The token of a kind's first page is sent, changed or not, to a list. How the answer is judged, the oracle
// knows: what was never issued is refused, and what another operation issued.
void send_token(ScenarioContext& c, Life&& life, const ResourceList& to,
                const std::function<std::string(std::string)>& change) {
  const ResourceList& list = *life.kind().list;
  const std::size_t least = smallest_page(*c.situation().pack.model, list);
  if (make_pages(life, least).empty()) return;
  const std::string token = life.token_of_first_page(least);
  if (token.empty()) return;
  Json input = life.input_of(to.call);
  input[to.token] = change(token);
  c.call(to.call.operation, input);
}

void altered_token(ScenarioContext& c, const std::string& kind) {
  Life life(c, kind);
  const ResourceList& list = *life.kind().list;
  send_token(c, std::move(life), list, altered);
}

// The token comes from the next kind, in the catalogue's order, of which the endpoint can make and list some.
void foreign_token(ScenarioContext& c, const std::string& kind) {
  const auto& kinds = c.situation().pack.catalogue->kinds();
  const auto& lacking = c.situation().knowledge.unimplemented;
  const auto own = kinds.find(kind);
  const ResourceList& list = *own->second.list;
  for (auto other = std::next(own); other != own; ++other) {
    if (other == kinds.end()) other = kinds.begin();
    if (other == own) break;
    const ResourceKind& of = other->second;
    if (!has_tokens(*c.situation().pack.model, of) || lacking.contains(of.create->operation) ||
        lacking.contains(of.list->call.operation) || of.list->call.operation == list.call.operation)
      continue;
    return send_token(c, Life(c, other->first), list, [](std::string token) { return token; });
  }
  c.unchecked("the endpoint has no other list that gives tokens");
}

void changed(ScenarioContext& c, const std::string& kind) {
  Life life(c, kind);
  const auto& update = *life.kind().update;
  if (!c.has({life.kind().read.operation}) || !life.begin()) return;
  const Reply reply = life.call(update);
  if (!c.expect(
          reply.ok(), "lifecycle/changed",
          fmt::format("{} answers {} for {}, which was made", update.operation, reply.text(), life.one())))
    return;
  const auto shown = life.shown();
  if (!shown) return;
  Json sent = life.input_of(update);
  for (const auto& [name, into] : life.kind().update_into) sent[into] = sent[name];
  life.expect_shown(*shown, sent, "lifecycle/changed", "which was changed to");
  if (!life.kind().update_keeps) return;
  Json kept = life.written();
  for (const auto& [name, value] : update.input.items()) kept.erase(name);
  life.expect_shown(*shown, kept, "lifecycle/kept", "which was made with");
}

void absent(ScenarioContext& c, const std::string& kind) {
  Life life(c, kind);
  if (!c.has({life.kind().remove.operation}) || !life.begin() || !life.remove()) return;
  life.expect_absent(life.call(*life.kind().update), *life.kind().update);
}

void removed(ScenarioContext& c, const std::string& kind) {
  Life life(c, kind);
  const ResourceKind& of = life.kind();
  if (!life.begin() || !life.remove()) return;
  const auto& lacking = c.situation().knowledge.unimplemented;
  bool looked = false;
  if (declares(*c.situation().pack.model, of.read.operation, of.does_not_exist) &&
      !lacking.contains(of.read.operation)) {
    life.expect_absent(life.call(of.read), of.read);
    looked = true;
  }
  if (of.list && !lacking.contains(of.list->call.operation)) {
    const auto met = life.listed({life.id()});
    if (met)
      c.expect(met->at(life.id()) == 0, "lifecycle/removed",
               fmt::format("{} still names {}, which was removed", of.list->call.operation, life.one()));
    looked = true;
  }
  if (!looked) c.unchecked("no operation tells whether it is there");
}

void removed_twice(ScenarioContext& c, const std::string& kind) {
  Life life(c, kind);
  if (!life.begin() || !life.remove()) return;
  life.expect_absent(life.call(life.kind().remove), life.kind().remove);
}

void taken(ScenarioContext& c, const std::string& kind) {
  Life life(c, kind);
  if (!life.begin()) return;
  const ResourceKind& of = life.kind();
  const Reply reply = c.call(of.create->operation, life.written());
  if (!c.expect(!reply.ok(), "lifecycle/taken",
                fmt::format("{} answers {} for a name that is taken", of.create->operation, reply.text())))
    return;
  c.advise(reply.code == of.already_exists, "lifecycle/taken-code",
           fmt::format("{} answers {} for a name that is taken, where {} says so", of.create->operation,
                       reply.text(), of.already_exists));
}

void part(ScenarioContext& c, const std::string& kind, const std::string& name) {
  Life life(c, kind);
  const ResourcePart& of = life.kind().parts.find(name)->second;
  if (!c.has({of.read.operation, of.remove.operation}) || !life.begin()) return;
  const std::string kept = of.sample + "-kept";
  const auto expect = [&](const std::string& text, bool there) {
    const Reply reply = life.call(of.read);
    if (!c.expect(
            reply.ok(), "lifecycle/part",
            fmt::format("{} answers {} for {}, which was made", of.read.operation, reply.text(), life.one())))
      return false;
    const auto texts = of.texts_of(reply.body);
    const bool found = std::find(texts.begin(), texts.end(), text) != texts.end();
    return c.expect(
        found == there, "lifecycle/part",
        fmt::format("{} {} {} among the {} of {}, {}", of.read.operation, found ? "names" : "does not name",
                    text, name, life.one(), there ? "which were given it" : "which it was taken from"));
  };
  const auto change = [&](const CallTemplate& call, const Json& values) {
    const Reply reply = life.call(call, values);
    return c.expect(
        reply.ok(), "lifecycle/part",
        fmt::format("{} answers {} for {}, which was made", call.operation, reply.text(), life.one()));
  };
  if (!change(of.add, of.elements_of({of.sample}))) return;
  if (!change(of.add, of.elements_of({kept}))) return;
  if (!expect(of.sample, true) || !expect(kept, true)) return;
  if (!change(of.remove, Json::array({of.sample}))) return;
  if (expect(of.sample, false)) expect(kept, true);
}

class Lifecycles {
 public:
  Lifecycles(const model::Model& model, const Catalogue& catalogue) : model_(model), catalogue_(catalogue) {}

  std::vector<Case> cases() && {
    for (const auto& [name, kind] : catalogue_.kinds()) {
      if (kind.has_life()) add(name, kind);
    }
    return std::move(out_);
  }

 private:
  void add(const std::string& name, const ResourceKind& kind) {
    const std::string read = kind.read.operation, removes = kind.remove.operation;
    if (kind.shown_at)
      add(read, name, "shown", "what was written is shown", [name](ScenarioContext& c) { shown(c, name); });
    if (kind.list) {
      add(kind.list->call.operation, name, "listed", "each is named once",
          [name](ScenarioContext& c) { listed(c, name); });
      out_.back().undisturbed = true;
      if (has_tokens(model_, kind)) {
        add(kind.list->call.operation, name, "altered-token", "a token that was altered is refused",
            [name](ScenarioContext& c) { altered_token(c, name); });
        // Nothing but the token is needed then.
        if (kind.parent.empty()) {
          add(kind.list->call.operation, name, "foreign-token",
              "a token that another operation issued is refused",
              [name](ScenarioContext& c) { foreign_token(c, name); });
          out_.back().others = lists_with_tokens();
        }
      }
    }
    if (kind.update && kind.shown_at)
      add(kind.update->operation, name, "changed", "what is sent is changed, the rest is kept",
          [name](ScenarioContext& c) { changed(c, name); });
    if (kind.update && declares(model_, kind.update->operation, kind.does_not_exist))
      add(kind.update->operation, name, "absent", "what was removed cannot be changed",
          [name](ScenarioContext& c) { absent(c, name); });
    if (declares(model_, kind.create->operation, kind.already_exists))
      add(kind.create->operation, name, "taken", "a name that is taken is refused",
          [name](ScenarioContext& c) { taken(c, name); });
    for (const auto& [part_name, of] : kind.parts)
      add(of.add.operation, name, part_name, "what was added is there, what was taken away is not",
          [name, part_name = part_name](ScenarioContext& c) { part(c, name, part_name); });
    add(removes, name, "removed", "what was removed is not there any more",
        [name](ScenarioContext& c) { removed(c, name); });
    if (declares(model_, removes, kind.does_not_exist))
      add(removes, name, "twice", "what was removed cannot be removed again",
          [name](ScenarioContext& c) { removed_twice(c, name); });
  }

  std::vector<std::string> lists_with_tokens() const {
    std::vector<std::string> out;
    for (const auto& [name, kind] : catalogue_.kinds()) {
      if (has_tokens(model_, kind)) out.push_back(kind.list->call.operation);
    }
    return out;
  }

  void add(const std::string& operation, const std::string& kind, std::string_view what,
           std::string_view title, std::function<void(ScenarioContext&)> scenario) {
    Case c;
    c.id = fmt::format("{}/lifecycle/{}/{}", operation, kind, what);
    c.operation = operation;
    c.source = Source::scenario;
    c.title = fmt::format("{}: {}", kind, title);
    c.scenario = std::move(scenario);
    out_.push_back(std::move(c));
  }

  const model::Model& model_;
  const Catalogue& catalogue_;
  std::vector<Case> out_;
};

}  // namespace

std::vector<Case> lifecycle_cases(const model::Model& model, const Catalogue& catalogue) {
  return Lifecycles(model, catalogue).cases();
}

}  // namespace harness::run
