#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fuzzers/live.h"

/// Sequences of calls on documents: what the target sequence_live sends and judges.
///
///     # comments, and all that is no step, are passed over
///     create a
///     share a 3-12      with the accounts 3 to 12, at most 20
///     describe a        one page
///     describe a 2      one page of at most 2
///     page a 2          page by page to the end
///     unshare a 3
///     delete a
///     status            of a node that is not there
namespace conformance::ssm::documents {

struct Step {
  enum class Verb { create, share, unshare, describe, page, remove, status } verb = Verb::status;
  char document = 'a';      ///< 'a' to 'd'
  int first = 0, last = 0;  ///< accounts, counted from 1; or of a page at most `first`, 0 for not said
  bool operator==(const Step&) const = default;
};

inline constexpr std::size_t kMaxSteps = 30;
inline constexpr int kMaxAccounts = 60;

/// The steps of a text, at most kMaxSteps.
std::vector<Step> parse_steps(std::string_view text);
std::string print_steps(const std::vector<Step>& steps);

/// A text with a step put in, left out, doubled, moved or changed. The same seed gives the same text.
std::string mutate_steps(std::string_view text, std::uint64_t seed, std::size_t max_size);

/// Runs sequences, each on documents of its own, against a model of their state that says what every answer
/// must be: the oracle's, with what is known of documents and accounts kept up to date; that pages put
/// together name every account once; and that what surely is valid is done.
class SequenceRunner {
 public:
  explicit SequenceRunner(fuzzers::Live& live) : live_(live) {}

  /// One input of the fuzzer: runs, learns, reports.
  void one(std::string_view text);
  /// Runs it up to the first defect; returns what is wrong there.
  std::vector<fuzzers::Defect> run(const std::vector<Step>& steps);

 private:
  struct Document {
    std::string name;
    bool exists = false;
    std::set<std::string> accounts;
  };
  bool call(std::string_view operation, const harness::wire::Json& input, bool must_succeed);
  void take(const Step& step);
  void page(Document& document, int most);
  void know(const Document& document);
  void fail(std::string rule, std::string message);
  void clean_up();
  harness::report::FoundDefect describe(const std::string& text);

  fuzzers::Live& live_;
  std::map<char, Document> documents_;
  std::vector<harness::wire::HttpText> sent_;
  std::optional<fuzzers::JudgedExchange> last_;
  std::vector<fuzzers::Defect> defects_;
  std::set<std::string> verbs_;  // of the steps so far
  std::string before_;           // the verb of the step before
  bool unsure_ = false;          // of the state: nothing is judged any more
  bool learn_ = false;
};

}  // namespace conformance::ssm::documents
