#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/model.h"
#include "harness/result.h"
#include "harness/wire/json.h"

/// What a service keeps, as data: the kinds of its resources, and the calls that make, show, list, change and
/// remove one. A model says how calls are written; this says what they do. A pack brings it (the member
/// `kinds` of `resources.json`; form: conformance/schemas/resources.schema.json).
namespace harness::model {

/// A call whose input may hold `{{id}}` and `{{parent}}` within a text, and the text `{{values}}` for a list.
struct CallTemplate {
  std::string operation;  ///< "": there is no such call
  wire::Json input;

  /// `values`: an array.
  wire::Json filled(std::string_view id, const wire::Json& values = wire::Json::array(),
                    std::string_view parent = {}) const;
  /// The member that is this placeholder ("{{id}}"); "" if there is none.
  std::string member_of(std::string_view placeholder) const;
  /// The member that is the resource's id; "" if there is none.
  std::string id_member() const { return member_of("{{id}}"); }
};

/// What belongs to a resource: a set of texts that grows and shrinks call by call.
struct ResourcePart {
  CallTemplate read;
  std::string list;   ///< the member of the answer that holds one page of them
  std::string value;  ///< of a listed structure: the member that is the text; "" if texts are listed
  std::string token;  ///< the member, of answers and of the input, that continues with the next page; or ""
  CallTemplate add, remove;
  wire::Json element;  ///< what `add` is given for a text, with `{{value}}` for it; null: the text itself
  std::size_t max_values = 1;  ///< a call
  std::string sample;          ///< a valid one
  std::string
      does_not_exist;  ///< the error of these calls for a resource that does not exist; "": the kind's

  /// The texts on a page.
  std::vector<std::string> texts_of(const wire::Json& answer) const;
  /// What `add` is given for them.
  wire::Json elements_of(const std::vector<std::string>& texts) const;
};

/// A call whose answers name the resources of a kind, page by page.
struct ResourceList {
  CallTemplate call;
  std::string items;      ///< the member of the answer that holds one page of them
  std::string id;         ///< the member of an item that is its id
  std::string token;      ///< the member, of answers and of the input, that continues; "" if there is none
  std::string page_size;  ///< the member of the input that says how many a page may hold; or ""
  std::string invalid_token;  ///< the error that says that a token was not issued
  /// Where an item shows what `create` calls otherwise (RFC 6901): "Name" at "/ThingName"; "{{parent}}" for
  /// what it is a part of.
  std::map<std::string, std::string, std::less<>> into;
};

/// A kind of resource, by the name that oracle::Knowledge has for it.
struct ResourceKind {
  std::string option;  ///< by which a user names one that exists ("--thing"); "" if there is none
  /// The kind of what it is a part of ("{{parent}}" of its calls), and goes with; "" if it stands alone.
  std::string parent;
  CallTemplate read;  ///< succeeds for one that exists
  /// Where its answer shows what was written (RFC 6901), by members of the same names; nothing if that is not
  /// known.
  std::optional<std::string> shown_at;
  /// How one is made and removed; nothing for what only a user can make.
  std::optional<CallTemplate> create;
  std::string id_pointer;  ///< where the answer says the id (RFC 6901)
  /// The service makes the id: what a run chooses is a name, and only the answer says by what it is removed.
  bool generated = false;
  /// How ids look: `{{hex:12}}` stands for so many digits, `{{name}}` for the name that was chosen. Where the
  /// service makes them, for who plays it; else for who chooses one. "": the name itself.
  std::string id_form;
  std::string already_exists;  ///< the error that says that the id, or the name, is taken
  std::optional<CallTemplate> update;
  /// What an update does not name stays as it was.
  bool update_keeps = true;
  /// Members of the update that go into one of another name ("EntriesToAdd" into "Entries").
  std::map<std::string, std::string, std::less<>> update_into;
  std::optional<ResourceList> list;
  CallTemplate remove;
  std::string does_not_exist;  ///< the error that says that there is none of this id
  std::map<std::string, ResourcePart, std::less<>> parts;

  /// The member of the answer to `create` in which the service names what it made; "" if it makes no ids.
  std::string made_in() const { return generated ? id_pointer.substr(id_pointer.rfind('/') + 1) : ""; }
  /// Its id alone says which is to be removed. Others go with what they are a part of.
  bool is_removed_alone() const { return remove.member_of("{{parent}}").empty(); }
  /// False where a pack's own scenarios and store say more than follows from these calls.
  bool lifecycle = true;

  /// Enough is known to say what must hold of one from the first call to the last.
  bool has_life() const { return lifecycle && create && (shown_at || list); }
};

/// An id of a form (ResourceKind::id_form). Its digits come from `numbers`, sixteen of each.
std::string id_of_form(std::string_view form, std::string_view name,
                       const std::function<std::uint64_t()>& numbers);

/// The shape at a place in an answer (RFC 6901); nullptr if the model has none there.
const Shape* shape_at(const Shape* answer, const wire::Json::json_pointer& place);

/// By name.
using ResourceKinds = std::map<std::string, ResourceKind, std::less<>>;

/// Of an object: each of its members is a kind. Errors name the kind that is wrong.
Result<ResourceKinds> load_kinds(const wire::Json& json);

/// A call by its data.
Result<CallTemplate> read_call(const wire::Json* json);

}  // namespace harness::model
