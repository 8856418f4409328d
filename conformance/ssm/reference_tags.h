#pragma once

#include <functional>
#include <map>
#include <string>

#include "harness/reference/operations.h"
#include "harness/wire/json.h"

/// Tags on the reference endpoint, which three operations give and take of resources of any type.
namespace conformance::ssm {

using Tags = std::map<std::string, std::string>;

/// Those in the member `Tags` of an input.
Tags tags_of(const harness::wire::Json& input);
/// As answers have them, by key: [{"Key": …, "Value": …}].
harness::wire::Json tag_list(const Tags& tags);

/// AddTagsToResource, RemoveTagsFromResource and ListTagsForResource for resources of this ResourceType;
/// those of others stay with who has had them so far. `find` is called with the store locked: the tags of a
/// resource, nullptr if it is not there, which is refused with InvalidResourceId.
void add_tag_operations(const harness::reference::Setup& setup, const std::string& type,
                        const std::function<Tags*(const std::string& id)>& find);

}  // namespace conformance::ssm
