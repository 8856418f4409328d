#include "harness/run/test_support.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "conformance/ssm/rules.h"
#include "harness/run/derive.h"
#include "harness/run/select.h"

namespace harness::run::testing {
namespace {

std::string contents(const std::string& name) {
  std::ifstream in(std::string(SSMC_SOURCE_DIR) + "/conformance/" + name, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

template <class T>
T or_abort(Result<T> result, const char* what) {
  if (result) return std::move(*result);
  fmt::print(stderr, "{}: {}\n", what, result.error().message);
  std::abort();
}

std::string operation_of(const wire::Request& request) {
  const auto target = request.headers.find("X-Amz-Target");
  if (!target) return {};
  const auto dot = target->find('.');
  return dot == std::string_view::npos ? std::string() : std::string(target->substr(dot + 1));
}

}  // namespace

const model::Model& built_in_model() {
  static const model::Model model = or_abort(model::load_smithy(contents("ssm/model/ssm.json")), "model");
  return model;
}

const Examples& built_in_examples() {
  static const auto examples = or_abort(load_examples(contents("ssm/examples.json")), "examples");
  return examples;
}

const Catalogue& built_in_catalogue() {
  static const auto catalogue = or_abort(load_catalogue(contents("ssm/resources.json")), "resources");
  return catalogue;
}

Pack built_in_pack() {
  return {&built_in_model(), &conformance::ssm::rules(), &built_in_catalogue(), &built_in_examples()};
}

std::optional<std::string> new_document(ScenarioContext& context, std::string_view purpose) {
  std::string name = context.name(purpose);
  if (!context.create(conformance::ssm::kDocument, name)) return std::nullopt;
  return name;
}

std::vector<Case> derived(std::string_view glob) {
  std::vector<Case> out;
  for (const auto& [name, example] : built_in_examples()) {
    for (auto& c : derive_cases(built_in_model(), *built_in_model().find_operation(name), example)) {
      if (glob_match(glob, c.id)) out.push_back(std::move(c));
    }
  }
  return out;
}

Case protocol_case(std::string id, std::string request, bool hostile) {
  Case c;
  c.id = "Protocol/" + id;
  c.operation = kProtocol;
  c.title = std::move(id);
  c.request = std::move(request);
  c.control = request_text(built_in_model().identity(), "{{protocol-operation}}", "{{protocol-body}}");
  c.hostile = hostile;
  return c;
}

wire::Exchange answered(int status, std::string body) {
  wire::Exchange e;
  e.transport = wire::Transport::answered;
  e.response.status = status;
  e.response.reason = "-";
  e.response.headers.add("Content-Type", "application/x-amz-json-1.1");
  e.response.headers.add("Content-Length", std::to_string(body.size()));
  e.response.body = std::move(body);
  e.kept_alive = true;
  return e;
}

wire::Exchange error(int status, std::string_view code) {
  return answered(status, fmt::format(R"({{"__type":"{}","message":"planted"}})", code));
}

wire::Exchange ended(wire::Transport transport) {
  wire::Exchange e;
  e.transport = transport;
  e.detail = "planted";
  return e;
}

wire::Exchange never() {
  return ended(wire::Transport::cancelled);
}

// One lane. What it owns is shared with the tasks in the queue, so that it may be destroyed at any time.
class StubEndpoint::Lane : public endpoint::Connection {
 public:
  Lane(StubEndpoint& endpoint, std::size_t number) : endpoint_(endpoint), number_(number) {}
  ~Lane() override {
    const std::lock_guard lock(life_->mutex);
    life_->over = true;
  }

  void async_exchange(endpoint::Message message, endpoint::Handler handler) override {
    endpoint_.post([this, life = life_, message = std::move(message), handler = std::move(handler)] {
      const std::lock_guard lock(life->mutex);
      if (life->over) return;
      const bool fresh = message.fresh_connection || !connected_;
      wire::Exchange e = endpoint_.answer(message, number_, fresh);
      if (message.hostile) e.kept_alive = false;
      e.reused = !fresh;
      connected_ = e.kept_alive;
      if (e.transport == wire::Transport::cancelled) {
        endpoint_.waiting_.push_back([life, e, handler] {
          const std::lock_guard inner(life->mutex);
          if (!life->over) handler(e);
        });
        return;
      }
      handler(std::move(e));
    });
  }
  void close() override {
    endpoint_.post([this, life = life_] {
      const std::lock_guard lock(life->mutex);
      if (!life->over) connected_ = false;
    });
  }

 private:
  // Held while a handler runs, so that the destructor waits for it; recursive, for a handler may destroy the
  // lane.
  struct Life {
    std::recursive_mutex mutex;
    bool over = false;
  };
  StubEndpoint& endpoint_;
  const std::size_t number_;
  bool connected_ = false;  // I/O thread only
  std::shared_ptr<Life> life_ = std::make_shared<Life>();
};

StubEndpoint::StubEndpoint(Plant plant, reference::ServiceOptions options)
    : plant_(std::move(plant)),
      options_(std::move(options)),
      service_(std::make_unique<reference::Service>(built_in_model(), conformance::ssm::reference_service(),
                                                    options_)),
      thread_([this] { work(); }) {}

StubEndpoint::~StubEndpoint() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  ready_.notify_all();
  thread_.join();
}

void StubEndpoint::work() {
  for (;;) {  // ends with the endpoint
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return ending_ || !queue_.empty(); });
    if (ending_) return;
    auto task = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    task();
  }
}

std::unique_ptr<endpoint::Connection> StubEndpoint::open() {
  const std::lock_guard lock(mutex_);
  return std::make_unique<Lane>(*this, lanes_++);
}

void StubEndpoint::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(work));
  }
  ready_.notify_all();
}

void StubEndpoint::cancel() {
  post([this] {
    auto waiting = std::move(waiting_);
    waiting_.clear();
    for (const auto& tell : waiting) tell();
  });
}

void StubEndpoint::forget_everything() {
  service_ =
      std::make_unique<reference::Service>(built_in_model(), conformance::ssm::reference_service(), options_);
}

wire::Exchange StubEndpoint::answer(const endpoint::Message& message, std::size_t lane, bool fresh) {
  Call call;
  call.number = calls_++;
  call.lane = lane;
  call.fresh = fresh;
  if (auto request = wire::parse_request(message.bytes)) {
    call.readable = true;
    call.request = std::move(*request);
    call.operation = operation_of(call.request);
  }
  if (plant_) {
    if (auto planted = plant_(call)) return std::move(*planted);
  }
  wire::Exchange e;
  e.transport = wire::Transport::answered;
  e.kept_alive = call.readable;
  e.response = call.readable ? service_->handle(call.request)
                             : service_->refuse(400, "MalformedHttpRequestException", "not HTTP");
  return e;
}

const CaseResult& Results::of(std::string_view id) const {
  static const CaseResult none = [] {
    CaseResult r;
    r.id = "(there is no result of this id)";
    return r;
  }();
  for (const auto& r : all_) {
    if (r.id == id) return r;
  }
  return none;
}

std::size_t Results::count(Verdict verdict) const {
  std::size_t n = 0;
  for (const auto& r : all_) n += r.verdict == verdict ? 1U : 0U;
  return n;
}

std::string Results::text(Verdict verdict) const {
  std::string out;
  for (const auto& r : all_) {
    if (r.verdict != verdict) continue;
    out += fmt::format("{} {}: {}", to_string(verdict), r.id, r.reason);
    for (const auto& f : r.findings) out += fmt::format(" [{}: {}]", f.rule, f.message);
    out += "\n";
  }
  return out;
}

RunOptions options(std::size_t connections) {
  RunOptions o;
  o.signing = Signing{{"AKIDTEST", "test-secret", ""}, {"us-east-1", "ssm"}};
  o.connections = connections;
  return o;
}

Results run_cases(endpoint::Endpoint& endpoint, const std::vector<Case>& cases, const RunOptions& o) {
  Results results;
  const std::atomic<bool> stop{false};
  run(endpoint, built_in_pack(), cases, o, results, stop);
  return results;
}

bool has_rule(const CaseResult& result, std::string_view rule) {
  for (const auto& f : result.findings) {
    if (f.rule == rule) return true;
  }
  return false;
}

}  // namespace harness::run::testing
