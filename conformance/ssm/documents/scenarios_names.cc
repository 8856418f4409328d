// Names of documents must be compared and given back as a whole.
#include <fmt/format.h>

#include "conformance/ssm/documents/scenario_support.h"
#include "conformance/ssm/scenarios.h"

namespace conformance::ssm::documents {
namespace {

constexpr std::size_t kLongestName = 128;

// Creates `b`, while `a` exists. An endpoint that takes the two for one says that the name is taken.
bool create_besides(ScenarioContext& c, const std::string& a, const std::string& b) {
  const Reply created = c.try_create(kDocument, b, document_input(c, b));
  if (created.ok()) return true;
  // A request that was sent again finds what it made itself: then the document is there.
  if (created.code == "DocumentAlreadyExists") {
    c.situation().knowledge.of(kDocument)[b] = {.exists = false, .ours = true, .holds = {}};
    const Reply there = c.client().call(kDescribeDocumentPermission, describe_input(b));
    c.expect(there.code != "InvalidDocument", "relation/names-apart",
             fmt::format("there is no {}, but it cannot be created while there is {}", b, a));
    if (there.ok()) c.discard(kDocument, b);
  }
  if (!c.failed())
    c.blocked(fmt::format("no document can be created: CreateDocument answered {}", created.text()));
  return false;
}

// Two names that differ in one character, or by one, are those of two documents.
void documents_apart(ScenarioContext& c, const std::string& a, const std::string& b) {
  const Accounts of_a = {"111122223333"};
  const Accounts of_b = {"444455556666"};
  constexpr const char* kRule = "relation/names-apart";
  const auto no_second_document = [&] {
    c.situation().knowledge.of(kDocument)[b] = {.exists = false, .ours = true, .holds = {}};
    c.call(kDescribeDocumentPermission, describe_input(b));  // the oracle judges it
    return !c.failed();
  };
  if (!create_document(c, a) || !share(c, a, of_a) || !is_shared_with(c, a, of_a)) return;
  if (!no_second_document() || !create_besides(c, a, b)) return;
  if (!expect_sharing(c, b, {}, kRule, b + " was just created")) return;
  if (!share(c, b, of_b)) return;
  if (!expect_sharing(c, b, of_b, kRule, b + " was shared, as " + a + " was") ||
      !expect_sharing(c, a, of_a, kRule, a + " was shared, as " + b + " was") || !unshare(c, b, of_b)) {
    return;
  }
  if (!c.call("DeleteDocument", {{"Name", b}}).ok() || !no_second_document()) return;
  expect_sharing(c, a, of_a, kRule, b + " was deleted, not " + a);
}

// No other scenario has a part of it: an endpoint that cuts names must not mix up two that run side by side.
std::string long_name(ScenarioContext& c, std::size_t length) {
  const std::string part = c.name("names") + "-";
  std::string name;
  while (name.size() < length) name += part;
  name.resize(length);
  if (name.back() == '-') name.back() = 'n';
  return name;
}

void last_of_longest(ScenarioContext& c) {
  const std::string a = long_name(c, kLongestName);
  documents_apart(c, a, a.substr(0, a.size() - 1) + (a.back() == 'm' ? "n" : "m"));
}
void first_of_longest(ScenarioContext& c) {
  const std::string a = long_name(c, kLongestName);
  documents_apart(c, a, "x" + a.substr(1));
}
void one_character_longer(ScenarioContext& c) {
  const std::string a = long_name(c, kLongestName - 1);
  documents_apart(c, a, a + "n");
}
void one_character_shorter(ScenarioContext& c) {
  const std::string a = long_name(c, 65);
  documents_apart(c, a, a.substr(0, a.size() - 1));
}
void digits_at_the_end(ScenarioContext& c) {
  const std::string a = c.name("names") + "-1";
  documents_apart(c, a, a.substr(0, a.size() - 1) + "01");
}

// Whether the case of letters counts is not documented for documents.
void letter_case(ScenarioContext& c) {
  const std::string a = c.name("case");
  if (!create_document(c, a)) return;
  if (!c.call(kDescribeDocumentPermission, describe_input(a)).ok()) return;
  std::string b = a;
  b[b.find("case")] = 'C';
  const Reply reply = c.client().call(kDescribeDocumentPermission, describe_input(b));
  c.advise(!reply.ok(), "relation/letter-case",
           fmt::format("{} is answered as if it were {}, which differs in the case of a letter", b, a));
}

}  // namespace

std::vector<Scenario> scenarios_names() {
  return {
      {"DescribeDocumentPermission/scenario/names/last-of-128", kDescribeDocumentPermission,
       "names of 128 characters that differ in the last one", last_of_longest},
      {"DescribeDocumentPermission/scenario/names/first-of-128", kDescribeDocumentPermission,
       "names of 128 characters that differ in the first one", first_of_longest},
      {"DescribeDocumentPermission/scenario/names/one-longer", kDescribeDocumentPermission,
       "a name of 127 characters, and one more behind it", one_character_longer},
      {"DescribeDocumentPermission/scenario/names/one-shorter", kDescribeDocumentPermission,
       "a name of 65 characters, and all but its last", one_character_shorter},
      {"DescribeDocumentPermission/scenario/names/digits", kDescribeDocumentPermission,
       "names that end in 1 and in 01", digits_at_the_end},
      {"DescribeDocumentPermission/scenario/names/letter-case", kDescribeDocumentPermission,
       "names that differ in the case of a letter", letter_case},
  };
}

}  // namespace conformance::ssm::documents
