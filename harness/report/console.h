#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

#include "harness/report/digest.h"
#include "harness/run/result.h"

/// What a person reads while a run goes on and at its end.
namespace harness::report {

/// Decided by the caller, who knows the environment: nothing is read from it here.
struct ConsoleOptions {
  bool terminal = false;    ///< a progress bar that is redrawn in place; else a line now and then
  bool colour = false;      ///< only for a terminal, without NO_COLOR, and not if TERM=dumb
  std::size_t width = 80;   ///< of the terminal
  bool every_case = false;  ///< one line for each case, whatever its verdict
  std::size_t blocks = 25;  ///< FAIL blocks that are printed in full
  std::chrono::milliseconds redraw_every{100};  ///< the bar, at most
  std::chrono::seconds line_every{10};          ///< elsewhere, at most
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// Prints to a stream. A failing case is printed in full when its finding is new; cases with the same finding
/// are named at the end, as are reasons, advice, remarks, and the outcome. Text from the endpoint is made
/// safe (text.h).
class Console : public run::Observer {
 public:
  /// `out` must outlive the console.
  Console(std::ostream& out, ConsoleOptions options);

  void started(const run::RunInfo& info) override;
  void finished_case(const run::CaseResult& result) override;
  void finished(const run::RunSummary& summary) override;

 private:
  void print_failure(const run::CaseResult& result, const std::vector<std::size_t>& fresh);
  void print_known(const run::CaseResult& result, const std::vector<std::size_t>& fresh);
  void print_problem(const run::CaseResult& result);
  void print_field(std::string_view name, const std::vector<std::string>& lines);
  void print_repeated();
  void print_reasons();
  void print_advice();
  void print_list(std::string_view title, const std::vector<std::string>& lines);
  void print_table(const run::RunSummary& summary);
  void progress();
  void erase();
  std::string painted(std::string_view text, std::string_view colour) const;
  std::size_t columns() const;  ///< left for a field's text

  std::ostream& out_;
  ConsoleOptions options_;
  Digest digest_;
  std::size_t planned_ = 0;
  std::size_t done_ = 0;
  std::size_t printed_ = 0;   ///< failing cases whose finding was new
  std::size_t problems_ = 0;  ///< ERROR, FLAKY and XPASS lines
  std::size_t bar_ = 0;       ///< columns that the bar covers now
  std::chrono::steady_clock::time_point drawn_;
};

}  // namespace harness::report
