#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/result.h"
#include "harness/wire/json.h"

/// What a service keeps and how a run comes by it, as data: the kinds of its resources, and the fixtures that
/// the placeholders of cases stand for. A pack brings it (`resources.json`; form:
/// conformance/schemas/resources.schema.json); harness/run/fixtures.h makes what it describes.
namespace harness::run {

/// A call whose input may hold `{{id}}` within a text, and the text `{{values}}` for a list.
struct CallTemplate {
  std::string operation;
  wire::Json input;

  wire::Json filled(std::string_view id, const std::vector<std::string>& values = {}) const;
  /// The member that is the resource's id; "" if there is none.
  std::string id_member() const;
};

/// What belongs to a resource: a set of texts that grows and shrinks call by call.
struct ResourcePart {
  CallTemplate read;
  std::string list;   ///< the member of the answer that holds one page of them
  std::string token;  ///< the member, of answers and of the input, that continues with the next page
  CallTemplate add, remove;
  std::size_t max_values = 1;  ///< a call
  std::string sample;          ///< a valid one
};

/// A kind of resource, by the name that oracle::Knowledge has for it.
struct ResourceKind {
  std::string option;  ///< by which a user names one that exists ("--thing"); "" if there is none
  CallTemplate read;   ///< succeeds for one that exists
  /// How one is made and removed; nothing for what only a user can make.
  std::optional<CallTemplate> create;
  std::string id_pointer;  ///< where the answer says the id (RFC 6901)
  /// The service makes the id: what a run chooses is a name, and only the answer says by what it is removed.
  bool generated = false;
  std::string already_exists;  ///< the error that says that the id is taken
  CallTemplate remove;
  std::string does_not_exist;  ///< the error that says that there is none of this id
  std::map<std::string, ResourcePart, std::less<>> parts;
};

/// What a placeholder stands for.
struct Fixture {
  enum class Form {
    created,    ///< a resource that the run makes
    announced,  ///< the id of one that the case itself may make; the run removes it
    absent,     ///< the id of one that does not exist
    given,      ///< one that the user names
    token,      ///< a page token that was issued for another fixture
    altered,    ///< another fixture's text with one character changed
    first_of,   ///< the first of several fixtures that there is
  };
  std::string name;
  Form form = Form::created;
  std::string kind;
  std::string purpose;  ///< created, announced: a word of its id
  /// Created: if the user names one, that is taken; where none can be made, `found`, if it exists.
  bool may_be_given = false;
  std::string found;
  /// Created: the fixture that a control goes by while a case changes this one.
  std::string beside;
  std::map<std::string, std::vector<std::string>> holds;  ///< created: by part
  /// Absent: its id, with `{{prefix}}` for the run's prefix, and `{{digits}}` for 16 hexadecimal digits that
  /// follow from it.
  std::string id;
  std::string of;                   ///< token, altered: the other fixture
  CallTemplate call;                ///< token: answered with one
  std::string member;               ///< token: its member of the answer, and of inputs
  std::string why_not;              ///< token: what is said of an endpoint that gives none
  std::vector<std::string> others;  ///< first_of
};

/// What a call does to resources of its kind.
enum class Effect { reads, creates, changes, removes };

class Catalogue {
 public:
  using Kinds = std::map<std::string, ResourceKind, std::less<>>;
  /// An operation that the catalogue calls.
  struct Use {
    std::string kind;
    Effect effect = Effect::reads;
    std::string id_member;
  };

  Catalogue() = default;  ///< of nothing
  Catalogue(Kinds kinds, std::vector<Fixture> fixtures);

  const Kinds& kinds() const { return kinds_; }
  /// In the order in which they are made: each after those that it rests on.
  const std::vector<Fixture>& fixtures() const { return fixtures_; }
  /// nullptr if there is none of this name.
  const ResourceKind* kind(std::string_view name) const;
  const Fixture* fixture(std::string_view name) const;
  /// nullptr for an operation that it does not call.
  const Use* use(std::string_view operation) const;
  const std::map<std::string, Use, std::less<>>& uses() const { return uses_; }
  /// The part of a resource that an operation's answers hold pages of; nullptr if they hold none.
  const ResourcePart* page(std::string_view operation) const;

 private:
  Kinds kinds_;
  std::vector<Fixture> fixtures_;
  std::map<std::string, Use, std::less<>> uses_;
};

/// Errors name the kind or the fixture that is wrong.
Result<Catalogue> load_catalogue(std::string_view json);

/// `count` texts of as many digits as `first`, ascending by one: "100000000001", "100000000002", …
std::vector<std::string> counted_up(std::string_view first, std::size_t count);

}  // namespace harness::run
