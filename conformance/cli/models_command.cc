// `models`: what a model says, counted: operations, members, and the places where inputs are constrained.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "conformance/cli/commands.h"
#include "conformance/cli/execute.h"
#include "harness/model/pattern.h"
#include "harness/model/sites.h"
#include "harness/run/select.h"

namespace conformance {
namespace {

namespace model = harness::model;
using Kind = model::Site::Kind;
using SiteCounts = std::map<Kind, std::size_t>;

constexpr Kind kKinds[] = {Kind::required, Kind::length, Kind::range, Kind::pattern, Kind::enumeration};

void print_row(std::size_t width, std::string_view name, std::size_t members, const SiteCounts& counts) {
  std::size_t all = 0;
  for (const auto& [kind, n] : counts) all += n;
  fmt::print("{:<{}} {:>8} {:>6}", name, width, members, all);
  for (const Kind kind : kKinds) {
    const auto it = counts.find(kind);
    fmt::print(" {:>9}", it == counts.end() ? 0 : it->second);
  }
  fmt::print("\n");
}

std::string described(const model::Site& site) {
  const auto& c = site.member->constraints;
  const auto ends = [](const auto& low, const auto& high) {
    if (!low) return fmt::format("at most {}", *high);
    return high ? fmt::format("{} to {}", *low, *high) : fmt::format("at least {}", *low);
  };
  switch (site.kind) {
    case Kind::required:
      return "required";
    case Kind::length:
      return "length " + ends(c.min_length, c.max_length);
    case Kind::range:
      return "range " + ends(c.min_value, c.max_value);
    case Kind::pattern:
      return "pattern " + c.pattern->text();
    case Kind::enumeration:
      return fmt::format("one of {}", fmt::join(c.enum_values, ", "));
  }
  return "?";
}

std::string described(const model::Paginator& p) {
  std::string out = "pages by " + p.input_token;
  if (p.output_token != p.input_token) out += fmt::format(" (answers have {})", p.output_token);
  if (!p.page_size.empty()) out += fmt::format(", at most {}", p.page_size);
  if (!p.items.empty()) out += fmt::format(", in {}", p.items);
  return out;
}

void print_sites(const model::Operation& operation) {
  const auto sites = model::constraint_sites(operation);
  fmt::print("{}: {} members, {} sites\n", operation.name,
             operation.input == nullptr ? 0 : operation.input->members.size(), sites.size());
  for (const auto& site : sites) fmt::print("  {:<40} {}\n", site.path, described(site));
  if (operation.paginator) fmt::print("  {}\n", described(*operation.paginator));
  for (const auto* error : operation.errors) fmt::print("  declares {}\n", error->name());
}

void print_table(const model::Model& model) {
  std::size_t width = 9;
  for (const auto& operation : model.operations()) width = std::max(width, operation.name.size());
  fmt::print("{:<{}} {:>8} {:>6}", "operation", width, "members", "sites");
  for (const Kind kind : kKinds) fmt::print(" {:>9}", model::to_string(kind));
  fmt::print("\n");
  SiteCounts total;
  std::size_t all_members = 0;
  std::size_t paginated = 0;
  std::set<std::string> patterns, refused;
  for (const auto& operation : model.operations()) {
    SiteCounts counts;
    for (const auto& site : model::constraint_sites(operation)) {
      ++counts[site.kind];
      ++total[site.kind];
      if (site.kind != Kind::pattern) continue;
      const auto& pattern = *site.member->constraints.pattern;
      patterns.insert(pattern.text());
      if (!pattern.why_unsupported().empty())
        refused.insert(fmt::format("{}: {}", pattern.text(), pattern.why_unsupported()));
    }
    const std::size_t members = operation.input == nullptr ? 0 : operation.input->members.size();
    all_members += members;
    if (operation.paginator) ++paginated;
    print_row(width, operation.name, members, counts);
  }
  print_row(width, "total", all_members, total);
  fmt::print("\n{} operations of {} ({}), {} with pages; patterns on inputs: {}, of which RE2 runs {}\n",
             model.operations().size(), model.identity().id, model.identity().version, paginated,
             patterns.size(), patterns.size() - refused.size());
  for (const auto& why : refused) fmt::print("  cannot be run: {}\n", why);
}

// As --operation takes them.
void print_families(const model::Model& model, const harness::run::Families& families) {
  if (families.all().size() == 1) return;  // of another service
  std::map<std::string, std::size_t> sizes;
  for (const auto& operation : model.operations()) ++sizes[families.of(operation.name).key];
  std::vector<std::string> shown;
  for (const auto& family : families.all()) {
    if (const auto it = sizes.find(family.key); it != sizes.end())
      shown.push_back(fmt::format("{} ({})", family.key, it->second));
  }
  fmt::print("families: {}\n", fmt::join(shown, ", "));
}

}  // namespace

int models_command(const SelectionOptions& options) {
  const auto model = load_model(options);
  if (!model) return complain(model.error().message, 2);
  const auto families = load_families(*model);
  if (!families) return complain(families.error().message, 2);
  const auto& words = options.selection.operations;
  if (words.empty()) {
    print_table(*model);
    print_families(*model, *families);
    return 0;
  }
  std::set<std::string> names;
  for (const auto& operation : model->operations()) names.insert(operation.name);
  const auto wanted = harness::run::operations_named(words, names, *families);
  if (!wanted) return complain(wanted.error().message, 2);
  for (const auto& operation : model->operations()) {
    if (wanted->contains(operation.name)) print_sites(operation);
  }
  return 0;
}

}  // namespace conformance
