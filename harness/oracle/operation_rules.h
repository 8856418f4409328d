#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/oracle/finding.h"
#include "harness/oracle/knowledge.h"
#include "harness/oracle/recorded_values.h"
#include "harness/oracle/row.h"
#include "harness/wire/json.h"

/// What the referee knows of one operation beyond the shapes of its model: which state a request needs, how
/// an answer goes with the request and with what is known, and which errors say so. The engine has none of
/// it; a pack hands it in. Of an operation without rules, nothing is known: its model's constraints are
/// judged, and any error that it declares may refuse a request that is otherwise valid.
namespace harness::oracle {

/// A request that was read, against the state of the endpoint that it needs.
class StateCheck {
 public:
  StateCheck(const wire::Json& input, const Knowledge& known, std::vector<RequestViolation>& violations)
      : input_(input), known_(known), violations_(violations) {}

  const Knowledge& known() const { return known_; }
  /// Whether the member is there and not null.
  bool has(std::string_view member) const;
  /// The member's text; "" if it is no string, or not there.
  std::string_view text(std::string_view member) const;
  /// Whether the member breaks a constraint of the model, so that nothing more can be said of it.
  bool is_wrong(std::string_view member) const;

  /// The request breaks what the operation's row `name` of Rule::state is about; the name is the row's, and
  /// lives as long. `detail` is for people: "there is no x".
  void breaks(std::string_view name, std::string detail, std::string member = {});

 private:
  const wire::Json& input_;
  const Knowledge& known_;
  std::vector<RequestViolation>& violations_;
};

/// A successful answer whose shape is right, against the request and what is known.
class AnswerCheck {
 public:
  AnswerCheck(const wire::Json& input, const wire::Json& output, const Knowledge& known,
              std::vector<Finding>& findings)
      : input_(input), output_(output), known_(known), findings_(findings) {}

  const wire::Json& input() const { return input_; }
  const wire::Json& output() const { return output_; }
  const Knowledge& known() const { return known_; }
  /// A member that every answer of this operation has; nullptr, with a finding, if it is not there.
  const wire::Json* required(std::string_view member);

  void defect(std::string rule, std::string message);
  void advice(std::string rule, std::string message);

 private:
  const wire::Json& input_;
  const wire::Json& output_;
  const Knowledge& known_;
  std::vector<Finding>& findings_;
};

struct OperationRules {
  std::vector<Row> rows;                 ///< before those of the engine
  std::vector<RecordedValues> recorded;  ///< values of its output
  void (*check_state)(StateCheck&) =
      nullptr;  ///< called for requests that name the operation and can be read
  void (*check_answer)(AnswerCheck&) = nullptr;  ///< called for successes of the right shape
  /// Whether check_state says which page tokens are right: the engine says nothing of them then.
  bool judges_tokens = false;
  /// Whether all that a valid request needs is known: if not, any declared error may refuse one, as for an
  /// operation without rules.
  bool complete = true;
};

/// The rules of a service's operations. Immutable once made; it outlives everything that was classified by
/// it.
class ServiceRules {
 public:
  using Map = std::map<std::string, OperationRules, std::less<>>;

  ServiceRules() = default;  ///< of no operation
  explicit ServiceRules(Map by_operation);
  const OperationRules* find(std::string_view operation) const;
  const Map& by_operation() const { return by_operation_; }

 private:
  Map by_operation_;
};

}  // namespace harness::oracle
