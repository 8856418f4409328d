#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/kinds.h"
#include "harness/result.h"
#include "harness/wire/json.h"

/// What a service keeps and how a run comes by it, as data: the kinds of its resources
/// (harness/model/kinds.h), and the fixtures that the placeholders of cases stand for. A pack brings it
/// (`resources.json`; form: conformance/schemas/resources.schema.json); harness/run/fixtures.h makes what it
/// describes.
namespace harness::run {

using model::CallTemplate;
using model::ResourceKind;
using model::ResourcePart;

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

/// As `resources.json` has it: "created".
std::string_view to_string(Fixture::Form form);

/// What a call does to resources of its kind.
enum class Effect { reads, creates, changes, removes };

class Catalogue {
 public:
  /// An operation that the catalogue calls.
  struct Use {
    std::string kind;
    Effect effect = Effect::reads;
    std::string id_member;
  };

  Catalogue() = default;  ///< of nothing
  Catalogue(model::ResourceKinds kinds, std::vector<Fixture> fixtures);

  const model::ResourceKinds& kinds() const { return kinds_; }
  /// In the order in which they are made: each after those that it rests on.
  const std::vector<Fixture>& fixtures() const { return fixtures_; }
  /// nullptr if there is none of this name.
  const ResourceKind* kind(std::string_view name) const;
  const Fixture* fixture(std::string_view name) const;
  /// nullptr for an operation that it does not call. Of an operation that is called for several kinds, one.
  const Use* use(std::string_view operation) const;
  const std::map<std::string, Use, std::less<>>& uses() const { return uses_; }
  /// The part of a resource that an operation's answers hold pages of; nullptr if they hold none.
  const ResourcePart* page(std::string_view operation) const;

 private:
  model::ResourceKinds kinds_;
  std::vector<Fixture> fixtures_;
  std::map<std::string, Use, std::less<>> uses_;
};

/// Errors name the kind or the fixture that is wrong.
Result<Catalogue> load_catalogue(std::string_view json);

/// `count` texts of as many digits as `first`, ascending by one: "100000000001", "100000000002", …
std::vector<std::string> counted_up(std::string_view first, std::size_t count);

}  // namespace harness::run
