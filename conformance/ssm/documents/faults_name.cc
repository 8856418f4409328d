#include <re2/re2.h>

#include "conformance/ssm/fault_support.h"

// Name of DescribeDocumentPermission: ^[a-zA-Z0-9_\-.]{3,128}$, as it is often got wrong.
//
// A name that should be refused and is merely looked up is no defect, for InvalidDocument is admissible. The
// faults here therefore describe such a document as one that is not shared, as a database query without a hit
// does.
namespace conformance::ssm::documents {
namespace {

using enum FaultClass;
using enum Difficulty;
using wire::Json;

enum class Anchors { both, none };

/// Names that the documented pattern forbids and this one allows are described, if they have `least` to
/// `most` characters. Beside another broken constraint the request is refused as ever.
Fault allows(std::string name, std::string clause, Difficulty difficulty, std::string description,
             const std::string& pattern, Anchors anchors = Anchors::both, std::size_t least = 0,
             std::size_t most = 100000) {
  const auto wrong = std::make_shared<const RE2>(pattern);
  const auto right = std::make_shared<const RE2>(R"([a-zA-Z0-9_\-.]{3,128})");
  return answers(
      {std::move(name), constraint, clause_id("describe-document-permission/name/", clause), difficulty,
       std::move(description)},
      kDescribe,
      [=](const Json& input) {
        const auto value = text_of(input, "Name");
        if (!value || RE2::FullMatch(*value, *right)) return false;
        if (text_of(input, "PermissionType") != "Share") return false;
        if (wire::scalar_count(*value) < least || wire::scalar_count(*value) > most) return false;
        return anchors == Anchors::both ? RE2::FullMatch(*value, *wrong) : RE2::PartialMatch(*value, *wrong);
      },
      [](const Json&) { return no_accounts(); });
}

/// Names that this pattern matches are refused.
Fault forbids_name(std::string name, std::string clause, std::string description,
                   const std::string& pattern) {
  const auto forbidden = std::make_shared<const RE2>(pattern);
  return refuses({std::move(name), constraint, clause_id("describe-document-permission/name/", clause),
                  medium, std::move(description)},
                 kDescribe, [=](const Json& input) {
                   const auto value = text_of(input, "Name");
                   return value && RE2::FullMatch(*value, *forbidden);
                 });
}

/// Inputs whose Name is of this JSON type are described.
Fault takes(std::string name, std::string description, bool (*is)(const Json&)) {
  return answers(
      {std::move(name), type, "describe-document-permission/name/type", medium, std::move(description)},
      kDescribe,
      [=](const Json& input) {
        const auto value = input.find("Name");
        return value != input.end() && is(*value);
      },
      [](const Json&) { return no_accounts(); });
}

}  // namespace

std::vector<Fault> faults_name() {
  const char* const length = "pattern/length";
  const char* const characters = "pattern/characters";
  const char* const anchors = "pattern/anchors";
  const char* const is_required = "describe-document-permission/name/required";
  return {
      allows("name-2-accepted", length, hard, "Accepts names of two characters.",
             R"([a-zA-Z0-9_\-.]{2,128})"),
      allows("name-129-accepted", length, hard, "Accepts names of 129 characters.",
             R"([a-zA-Z0-9_\-.]{3,129})"),
      allows("name-unlimited", length, medium, "Knows no maximum length of names.", R"([a-zA-Z0-9_\-.]{3,})"),
      allows("name-empty-accepted", length, hard, "Accepts the empty name.", ""),
      allows("name-slash-accepted", characters, hard, "Accepts the slash in names.",
             R"([a-zA-Z0-9_\-./]{3,128})"),
      allows("name-colon-accepted", characters, hard, "Accepts the colon in names, as in an ARN.",
             R"([a-zA-Z0-9_\-.:]{3,128})"),
      allows("name-space-accepted", characters, medium, "Accepts spaces in names.",
             R"([a-zA-Z0-9_\-. ]{3,128})"),
      allows("name-white-space-accepted", characters, medium, "Accepts any white space in names.",
             R"([a-zA-Z0-9_\-.\s]{3,128})"),
      allows("name-nul-accepted", characters, hard, "Accepts NUL in names.", R"([a-zA-Z0-9_\-.\x00]{3,128})"),
      allows("name-range-from-a-to-z-accepted", characters, medium,
             "Writes A-z for the letters, which holds [, \\, ], ^ and ` too.", R"([a-zA-z0-9_\-.]{3,128})"),
      allows("name-range-to-dot-accepted", characters, hard,
             "Forgets to escape the hyphen: accepts what lies between + and the dot.",
             R"([a-zA-Z0-9_+-.]{3,128})"),
      allows("name-unicode-letters-accepted", characters, medium,
             "Takes every letter of Unicode for a letter.", R"([\p{L}0-9_\-.]+)", Anchors::both, 3, 128),
      allows("name-unicode-digits-accepted", "protocol/request/pattern", medium,
             "Takes every digit of Unicode for a digit.", R"([a-zA-Z\p{Nd}_\-.]+)", Anchors::both, 3, 128),
      allows("name-case-folding-accepted", characters, hard,
             "Ignores case by Unicode's rules: the Kelvin sign and the long s pass for k and s.",
             R"((?i)[a-z0-9_\-.]{3,128})"),
      allows("name-controls-accepted", characters, medium, "Accepts control characters in names.",
             R"([a-zA-Z0-9_\-.\x01-\x1f\x7f]{3,128})"),
      allows("name-any-character", characters, easy, "Checks the length of names only.", R"((?s).{3,128})"),
      allows("name-pattern-unanchored", anchors, easy,
             "Is content if a part of the name matches the pattern.", R"([a-zA-Z0-9_\-.]{3,128})",
             Anchors::none),
      allows("name-pattern-without-end", anchors, easy, "Matches the pattern at the name's beginning only.",
             R"(\A[a-zA-Z0-9_\-.]{3,128})", Anchors::none),
      allows("name-pattern-without-beginning", anchors, medium, "Matches the pattern at the name's end only.",
             R"([a-zA-Z0-9_\-.]{3,128}\z)", Anchors::none),
      allows("name-final-newline-accepted", anchors, hard, "Lets $ match before a final newline.",
             R"([a-zA-Z0-9_\-.]{3,128}\n?)"),
      allows("name-pattern-by-line", anchors, hard,
             "Is content if one of the name's lines matches the pattern.", R"((?m)^[a-zA-Z0-9_\-.]{3,128}$)",
             Anchors::none),
      forbids_name("name-3-refused", length, "Wants names of four characters at least.", ".{3}"),
      forbids_name("name-128-refused", length, "Wants names of at most 127 characters.", ".{128}"),
      forbids_name("name-dot-refused", characters, "Does not allow the dot in names.", ".*\\..*"),
      forbids_name("name-underscore-refused", characters, "Does not allow the underscore in names.", ".*_.*"),
      forbids_name("name-first-digit-refused", characters, "Wants names to begin with a letter.", "[0-9].*"),
      forbids_name("name-upper-case-refused", characters, "Does not allow capital letters in names.",
                   ".*[A-Z].*"),
      takes("name-number-accepted", "Reads a number as a name.", [](const Json& v) { return v.is_number(); }),
      takes("name-boolean-accepted", "Reads true and false as names.",
            [](const Json& v) { return v.is_boolean(); }),
      takes("name-list-accepted", "Reads a list as a name.", [](const Json& v) { return v.is_array(); }),
      takes("name-object-accepted", "Reads an object as a name.",
            [](const Json& v) { return v.is_object(); }),
      answers(
          {"name-missing-accepted", constraint, is_required, medium, "Does not ask for Name."}, kDescribe,
          [](const Json& input) { return !input.contains("Name"); },
          [](const Json&) { return no_accounts(); }),
      answers(
          {"name-null-accepted", constraint, "protocol/request/null", hard, "Takes null for a name."},
          kDescribe, [](const Json& input) { return input.contains("Name") && input["Name"].is_null(); },
          [](const Json&) { return no_accounts(); }),
  };
}

}  // namespace conformance::ssm::documents
