#pragma once

#include <string>
#include <vector>

#include "harness/report/text.h"
#include "harness/run/result.h"

/// One result as safe text, for the renderings that show it in full.
namespace harness::report {

/// Everything in here went through text.h: it needs no more than the escaping of the format that it goes
/// into.
struct CaseView {
  std::string id;
  std::string operation;
  std::string verdict;
  std::string title;
  std::string reason;
  std::string duration;  ///< "1.234" seconds
  std::vector<std::string> clauses;
  std::vector<std::string> because;
  std::vector<std::string> admissible;  ///< lines
  std::vector<std::string> steps;       ///< of a scenario
  std::vector<std::string> sent;        ///< lines
  std::vector<std::string> answered;    ///< lines
  std::vector<std::string> findings;    ///< "message  [rule]"
  std::vector<std::string> breaks;      ///< the requirements, as files name them
  std::vector<std::string> reproduce;   ///< never shortened
};

CaseView view(const run::CaseResult& result, const ExcerptLimits& limits);

/// The view as plain text, a field a paragraph; fields without content are left out.
std::string plain_text(const CaseView& view);

/// What a case failed with, in one line: the first defect's message, or the reason. Safe text.
std::string headline(const run::CaseResult& result);

/// Lines joined with LF.
std::string joined(const std::vector<std::string>& lines);

/// Seconds with three digits: "1.234".
std::string seconds(std::chrono::microseconds duration);

}  // namespace harness::report
