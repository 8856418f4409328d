#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/report/digest.h"
#include "harness/run/result.h"

/// What a person reads while a run goes on and at its end.
namespace harness::report {

/// What RunInfo::endpoint is where no endpoint was named and the reference endpoint was judged. The last line
/// says so too: nobody must take the outcome for that of an endpoint of his.
inline constexpr std::string_view kEmbeddedEndpoint = "embedded reference endpoint";

/// Decided by the caller, who knows the environment: nothing is read from it here.
struct ConsoleOptions {
  bool terminal = false;   ///< a progress bar that is redrawn in place; elsewhere there is none
  bool colour = false;     ///< only for a terminal, without NO_COLOR, and not if TERM=dumb
  std::size_t width = 80;  ///< of the terminal
  /// One line for each case as it comes, whatever its verdict, and in the end every cause with every
  /// requirement and kind, every operation, reason and advice. Otherwise the end is about a screen.
  bool everything = false;
  std::size_t blocks = 3;  ///< causes of which an example is printed in full
  std::span<const oracle::FindingRule> rules = oracle::finding_rules();  ///< what their names mean
  std::chrono::milliseconds redraw_every{100};                           ///< the bar, at most
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// Prints to a stream, nearly everything at the end, so that it does not depend on which answer came first.
/// What is broken comes by its causes (requirement.h), the widest first; of the first few, one example is
/// printed in full, with how it is done again. Reasons, advice, remarks and the outcome follow. Text from the
/// endpoint is made safe (text.h).
class Console : public run::Observer {
 public:
  /// `out` must outlive the console.
  Console(std::ostream& out, ConsoleOptions options);

  void started(const run::RunInfo& info) override;
  void finished_case(const run::CaseResult& result) override;
  void finished(const run::RunSummary& summary) override;

 private:
  void keep_problem(const run::CaseResult& result);
  void print_causes(const std::vector<Cause>& causes);
  void print_cause(std::size_t number, const Cause& cause);
  void print_requirement(const RequirementGroup& group);
  /// What is printed of a failing case; an answer may be too large to be kept.
  struct Block {
    std::string id;
    std::vector<std::pair<const char*, std::vector<std::string>>> fields;
    std::vector<std::string> reproduce;
  };
  Block block_for(const run::CaseResult& result) const;
  void print_failure(const Block& block);
  void print_problems();
  void print_field(std::string_view name, const std::vector<std::string>& lines);
  void print_reasons();
  void print_advice();
  void print_list(std::string_view title, const std::vector<std::string>& lines);
  void print_operations(const run::RunSummary& summary);
  void print_families(const run::RunSummary& summary);
  void print_states(const run::RunSummary& summary);
  /// The rows of the table that `shown` takes, the line in place of the others if there are any, the total.
  void print_table(const Table& table, const std::vector<bool>& shown, const std::string& instead);
  void progress();
  void erase();
  std::string painted(std::string_view text, std::string_view colour) const;
  std::size_t columns() const;  ///< left for a field's text

  std::ostream& out_;
  ConsoleOptions options_;
  Digest digest_;
  bool embedded_ = false;  ///< kEmbeddedEndpoint is judged
  std::size_t planned_ = 0;
  std::size_t done_ = 0;
  /// The example of each requirement that is broken.
  std::map<Requirement, std::shared_ptr<const Block>> examples_;
  /// ERROR, FLAKY and XPASS, in the order in which they are printed, no more than are.
  std::map<std::pair<std::size_t, std::string>, Block> problems_;
  std::size_t bar_ = 0;  ///< columns that the bar covers now
  std::chrono::steady_clock::time_point drawn_;
};

}  // namespace harness::report
