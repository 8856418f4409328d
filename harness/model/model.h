#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/pattern.h"
#include "harness/result.h"

/// The service model: operations, the shapes of their inputs and outputs, and the constraints on them.
/// Terms are Smithy's (https://smithy.io/2.0/spec/model.html).
namespace harness::model {

enum class ShapeType {
  boolean,
  byte_,
  short_,
  integer,
  long_,
  float_,
  double_,
  big_integer,
  big_decimal,
  string,
  enumeration,
  blob,
  timestamp,
  document,
  list,
  map,
  structure,
  union_,
};
std::string_view to_string(ShapeType type);
bool is_text(ShapeType type);           ///< string, enumeration, blob: a string in JSON
bool is_sized_integer(ShapeType type);  ///< byte, short, integer, long
bool is_integer(ShapeType type);        ///< those, and bigInteger

/// The constraint traits that apply to one member: its own and its target's (a member's own trait wins).
/// Source: https://smithy.io/2.0/spec/constraint-traits.html
struct Constraints {
  bool required = false;
  std::optional<std::int64_t> min_length,
      max_length;  ///< strings: scalar values; lists and maps: entries; blobs: bytes
  std::optional<std::int64_t> min_value, max_value;
  std::shared_ptr<const Pattern> pattern;
  std::vector<std::string> enum_values;  ///< in the order of the model; empty: not an enum
  bool sensitive = false;                ///< values must not be shown in messages
};

struct Shape;

struct Member {
  std::string name;  ///< as it stands in JSON
  const Shape* target = nullptr;
  Constraints constraints;
};

struct Shape {
  std::string id;  ///< "com.amazonaws.dynamodb#TableName"; without a namespace from botocore's form
  ShapeType type = ShapeType::structure;
  std::vector<Member> members;  ///< structure, union: in the order of the model; list: one named "member";
                                ///< map: "key", "value"
  Constraints constraints;      ///< the shape's own
  std::string documentation;
  int http_status = 400;          ///< of an error: what it is answered with
  bool streaming = false;         ///< sent piece by piece beside the JSON: a union of events
  std::string_view name() const;  ///< "TableName"
  const Member* find_member(std::string_view member) const;
};

/// How an operation gives its results in pages: an answer holds a token, and the same input with that token
/// asks for what follows. A name is that of a member, or a path of names with dots between them; "" is none.
/// Source: https://smithy.io/2.0/spec/behavior-traits.html#paginated-trait
struct Paginator {
  std::string input_token;   ///< "NextToken": a member of the input
  std::string output_token;  ///< "NextToken", "Page.NextToken"
  std::string page_size;     ///< "MaxResults": a member of the input
  std::string items;         ///< "Tables": a list or a map of the output
  bool operator==(const Paginator&) const = default;
};

struct Operation {
  std::string name;
  const Shape* input = nullptr;
  const Shape* output = nullptr;
  std::vector<const Shape*> errors;    ///< declared errors (structures)
  std::optional<Paginator> paginator;  ///< as the model says, or else infer_paginator() (paginator.h)
  /// Whether it declares an error of this name.
  bool declares(std::string_view error) const;
  /// A success says nothing: the model declares no output, not even an empty one.
  bool answers_nothing() const;
  /// A success is a stream of events, not one JSON object (https://smithy.io/2.0/spec/streaming.html).
  bool answers_in_events() const;
};

/// Which service a model describes: the names by which clients address it. Examples are DynamoDB's.
///
/// Sources: in a Smithy model the traits `aws.api#service`, `aws.auth#sigv4` and the protocol's
/// (https://smithy.io/2.0/aws/aws-core.html, https://smithy.io/2.0/aws/aws-auth.html), in
/// botocore's form the members of `metadata`. What a model leaves out has the default that Smithy gives it;
/// botocore's form has no namespace, which then is what AWS's own models have: `com.amazonaws.` and the id.
struct ServiceIdentity {
  std::string id;               ///< "DynamoDB": the SDKs' name for it, perhaps with spaces
  std::string version;          ///< "2012-08-10"
  std::string signing_name;     ///< "dynamodb": in the scope of a signature
  std::string target_prefix;    ///< "DynamoDB_20120810": of X-Amz-Target, before the dot
  std::string shape_namespace;  ///< "com.amazonaws.dynamodb": before the `#` of a shape's id
  /// "application/x-amz-json-1.0"; "" where the model names protocols, and AWS JSON is none of them.
  std::string content_type;

  /// The variable that names its endpoint: "AWS_ENDPOINT_URL_DYNAMODB".
  std::string endpoint_variable() const;
  /// The version without its hyphens, as it may follow the name in X-Amz-Target: "20120810".
  std::string compact_version() const;
  /// Its key in a `services` section of the AWS configuration: "dynamodb", "cloudwatch_logs".
  std::string services_key() const;
  bool operator==(const ServiceIdentity&) const = default;
};

/// An immutable model; shapes live as long as it does. Cheap to copy (shared).
class Model {
 public:
  /// Sorted by name.
  const std::vector<Operation>& operations() const;
  const Operation* find_operation(std::string_view name) const;
  const Shape* find_shape(std::string_view id) const;
  const ServiceIdentity& identity() const;
  const std::string& target_prefix() const { return identity().target_prefix; }
  /// SHA-256 of the text it was loaded from, in hex: stands in result files.
  const std::string& hash() const;

  struct Data;
  explicit Model(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

 private:
  std::shared_ptr<const Data> data_;
};

/// Loads a Smithy JSON AST (https://smithy.io/2.0/spec/json-ast.html) with exactly one service shape. Every
/// member's target must be there; a pattern that no engine here can run is kept, and is reported as not
/// checkable when used.
Result<Model> load_smithy(std::string_view json);

/// Loads botocore's `service-2.json`: the same model in another form.
Result<Model> load_botocore(std::string_view json);

/// Loads either form, told apart by its top-level members. Errors say what is wrong and where
/// ("shapes/…#Foo/members/Bar: …").
Result<Model> load(std::string_view json);

}  // namespace harness::model
