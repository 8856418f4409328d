#include "harness/reference/account_list.h"

#include <utility>
#include <vector>

#include "harness/model/validate.h"
#include "harness/reference/store.h"

namespace harness::reference {
namespace {

/// The pattern of the list's elements as the model has it, for messages.
std::string pattern_of(const model::Model& model, const std::string& member) {
  const model::Operation* operation = model.find_operation("ModifyDocumentPermission");
  if (operation == nullptr || operation->input == nullptr) return {};
  const model::Member* list = operation->input->find_member(member);
  if (list == nullptr || list->target->members.empty()) return {};
  const auto& pattern = list->target->members.front().constraints.pattern;
  return pattern ? pattern->text() : std::string();
}

}  // namespace

AccountList::AccountList(const model::Model& model, std::string member)
    : member_(std::move(member)), pattern_(pattern_of(model, member_)) {}

tl::expected<std::set<std::string>, Failure> AccountList::read(const wire::Json& input) const {
  std::set<std::string> result;
  const auto ids = input.find(member_);
  if (ids == input.end() || !ids->is_array()) return result;

  std::vector<model::Violation> violations;
  for (std::size_t i = 0; i < ids->size(); ++i) {
    const wire::Json& id = (*ids)[i];
    if (!id.is_string()) return refuse("SerializationException", member_ + " holds null.");
    const auto& text = id.get_ref<const std::string&>();
    if (auto account = canonical_account(text)) {
      result.insert(*std::move(account));
    } else {
      violations.push_back({model::Violation::Rule::pattern, member_ + "[" + std::to_string(i) + "]", member_,
                            "Member must satisfy regular expression pattern: " + pattern_, text});
    }
  }
  if (!violations.empty()) return refuse("ValidationException", model::aws_message(violations));
  return result;
}

}  // namespace harness::reference
