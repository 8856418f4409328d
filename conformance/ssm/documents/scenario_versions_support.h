#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "conformance/ssm/scenario_support.h"

/// What the scenarios about the versions and contents of documents share.
namespace conformance::ssm::documents {

/// Content of a valid document, JSON on one line, that says this.
std::string content_saying(std::string_view about);

/// Makes a document of this content. Nothing if that is refused: the scenario is blocked then, for it would
/// prove nothing.
std::optional<std::string> make(ScenarioContext& context, std::string_view purpose,
                                const std::string& content, const Json& more = Json::object());
/// Makes one that should be refused: the answer. It is removed if it was made.
Reply try_make(ScenarioContext& context, std::string_view purpose, const std::string& content,
               const Json& more = Json::object());

/// A new version of it, behind the latest. False, and a defect, if that is refused.
bool update(ScenarioContext& context, const std::string& name, const std::string& content,
            const Json& more = Json::object());
/// The same that should be refused: the answer.
Reply try_update(ScenarioContext& context, const std::string& name, const std::string& content,
                 const Json& more = Json::object());

/// GetDocument's answer; nothing, and a defect, if it is not 200.
std::optional<Json> get(ScenarioContext& context, const std::string& name, const Json& more = Json::object());
/// States that what GetDocument answers has the content and is the version.
void expect_version(ScenarioContext& context, const Json& document, std::string_view version,
                    const std::string& content, std::string_view what);

}  // namespace conformance::ssm::documents
