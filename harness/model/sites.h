#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/model/model.h"

/// Where a model constrains inputs: what can be told of an endpoint from outside, counted.
namespace harness::model {

/// Where something stands in an operation's input, at any depth.
struct Place {
  /// "Name", "Tags[].Key" (any element of a list), "Parameters{}" (any value of a map), "Parameters{key}".
  std::string path;
  /// From the input down to what stands here; as long as the model.
  std::vector<const Member*> steps;
  bool recurs = false;  ///< its shape is one that it stands in: not followed further

  const Member& member() const { return *steps.back(); }
  bool is_key() const;  ///< of a map
  /// The name of the innermost member of a structure, as violations name it.
  std::string_view name() const;
};

/// Every place of the operation's input, in the order of the model. A recursive shape is followed once.
std::vector<Place> places(const Operation& operation);

/// One constraint at one place of an operation's input.
struct Site {
  enum class Kind { required, length, range, pattern, enumeration };
  std::string path;  ///< of its place
  Kind kind = Kind::required;
  const Member* member = nullptr;  ///< as long as the model
};
std::string_view to_string(Site::Kind kind);

/// Every constraint on the operation's input, at any depth, in the order of the model. A length or a range is
/// one site, whether it has one end or two. A recursive shape is followed once: where it comes again within
/// itself, nothing is listed but whether the member is required.
std::vector<Site> constraint_sites(const Operation& operation);

}  // namespace harness::model
