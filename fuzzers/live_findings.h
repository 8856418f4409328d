#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/oracle/judge.h"
#include "harness/report/findings_baseline.h"
#include "harness/report/findings_folder.h"

/// What becomes of a defect that a live target has seen: it is known, or it is confirmed, made small and
/// written down.
namespace fuzzers {

/// A defect: the parts of its signature, and what is wrong, one sentence.
struct Defect : harness::oracle::Signature {
  std::string message;
  /// The request may be accepted: what is wrong may be what came before it.
  bool may_succeed = false;

  std::string signature() const { return to_string(*this); }
  /// True if this one, alone, is reason enough for the other: nothing differs but that the other request
  /// breaks further rules. (That of a valid request explains no other.)
  bool explains(const Defect& other) const;
};

/// The one among those seen that is the first one again, of a request that breaks no other rules.
std::optional<Defect> find_same(const std::vector<Defect>& seen, const Defect& first);

Defect to_defect(const harness::oracle::Finding& finding, const harness::oracle::Classification& request,
                 const harness::wire::Exchange& exchange);

/// How a target does again what showed a defect. Inputs are in the target's own form.
struct Suspicion {
  Defect defect;
  std::string input;
  /// The defects that an input shows now. `careful`: after making sure of everything that judging rests on.
  std::function<std::vector<Defect>(const std::string& input, bool careful)> again;
  /// Makes the input smaller while `still` holds.
  std::function<std::string(const std::string& input, const std::function<bool(const std::string&)>& still)>
      minimise;
  /// Everything about the defect that stands in a report. Signature, rule, operation and message are filled
  /// in afterwards, and the HTTP text, unless it is there, with the input.
  std::function<harness::report::FoundDefect(const std::string& input)> describe;
};

class LiveFindings {
 public:
  struct Options {
    std::string folder;
    std::string endpoint;  ///< its URL, for reports
    harness::report::Signatures baseline;
    bool abort = false;
  };
  static harness::Result<LiveFindings> open(Options options);

  enum class Outcome {
    known,
    written,
    unconfirmed,  ///< did not show again: nothing is written
    full,         ///< more than any reader will read: nothing is written any more
  };
  /// Dedupes, confirms twice, minimises, confirms what is left, writes.
  Outcome consider(const Suspicion& suspicion);
  /// True if consider() would find that it is known; cheap.
  bool knows(const Defect& defect);
  /// It was tried, and did not show again.
  void note_unconfirmed(const Defect& defect);
  /// It was tried as often as anything is.
  bool is_given_up(const Defect& defect) const;

  void set_endpoint(std::string url) { options_.endpoint = std::move(url); }
  harness::Status write_index() { return folder_.write_index(); }
  std::size_t written() const { return written_; }
  std::size_t known() const { return known_; }
  std::size_t unconfirmed() const { return unconfirmed_total_; }
  const std::set<std::string>& signatures() const { return signatures_; }

 private:
  LiveFindings(Options options, harness::report::FindingsFolder folder)
      : options_(std::move(options)), folder_(std::move(folder)) {}
  void count(const std::string& signature);
  void remember(const std::string& signature, const std::string& counted_by);
  Outcome write(const Suspicion& suspicion, const std::string& input, const Defect& defect);

  Options options_;
  harness::report::FindingsFolder folder_;
  std::set<std::string> signatures_;  // that this process has seen confirmed
  std::map<std::string, std::string, std::less<>>
      aliases_;                 // known signatures -> those that they are counted by
  std::vector<Defect> causes_;  // what explains them
  std::map<std::string, int> unconfirmed_;
  std::size_t written_ = 0, known_ = 0, unconfirmed_total_ = 0;
};

}  // namespace fuzzers
