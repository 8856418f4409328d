#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/model.h"
#include "harness/reference/answer.h"
#include "harness/reference/dialect.h"
#include "harness/reference/input_check.h"
#include "harness/reference/store.h"
#include "harness/wire/json.h"

/// What the engine knows of a service besides its model: what its operations do.
namespace harness::reference {

struct ServiceOptions;

/// What an operation does with an input that passed check_input(). Called from any thread.
using Handler = std::function<Outcome(const wire::Json& input)>;

/// The operations that a service has, by the way in which requests name them.
class Operations {
 public:
  struct Operation {
    std::string name;  ///< as in the model: "SendMessage"
    const model::Shape* input = nullptr;
    Handler run;
    InputErrors errors;
  };

  /// `model` must outlive it.
  Operations(const model::Model& model, const Dialect& dialect);

  /// Adds an operation. Ignores those that the model or the dialect does not have: they do not exist.
  void add(const std::string& name, Handler run, InputErrors errors = {});

  /// What was added for an operation, for one that does more; nothing if nothing was.
  Handler handler(const std::string& name) const;

  /// Adds every operation of the model that no family has: it checks its input and does nothing, and its
  /// answer has nothing but empty lists and maps (empty_output()). It issues no page token, and takes none.
  void add_others();

  /// The operation that a value of X-Amz-Target names, or nullptr.
  const Operation* find(std::string_view target) const;

 private:
  const model::Model& model_;
  const std::vector<std::string> only_;
  std::map<std::string, Operation, std::less<>> by_target_;
};

/// The least that an answer of this shape holds: its lists and maps, empty, and what it requires.
wire::Json empty_output(const model::Shape& output);

/// What a family of operations is given when a service is made.
struct Setup {
  const model::Model& model;      ///< outlives the handlers
  const ServiceOptions& options;  ///< valid during the call only
  Store& store;                   ///< outlives the handlers
  Operations& operations;         ///< outlives the handlers, which may call those of others
};

/// Adds the operations of one family, over new state, to a service that is being made. The handlers own the
/// family's state; its resources belong into the store.
///
///     void add_queues(const Setup& setup) {
///       auto& queues = setup.store.add<Queue>("queue");
///       setup.operations.add("CreateQueue", [&queues, &store = setup.store](const wire::Json& input) ->
///       Outcome {
///         const auto lock = store.lock();
///         ...
///       });
///     }
using Family = std::function<void(const Setup&)>;

/// A service as the engine plays it.
using ServiceDefinition = std::vector<Family>;

}  // namespace harness::reference
