#include "harness/reference/in_process.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "harness/wire/content_coding.h"

namespace harness::reference {
namespace {

using wire::Exchange;
using wire::Transport;
using State = RequestReader::State;

constexpr std::string_view kMalformed = "MalformedHttpRequestException";

/// The state of one connection as its client sees it.
struct Line {
  std::uint64_t number = 0;
  bool open = false;
  bool deaf = false;
};

/// Applies a planted fault's delivery to an answer that was made.
void deliver(const Delivery& delivery, Exchange& e, Line& line) {
  line.deaf = delivery.deaf;
  const auto instead = [&](Transport transport) {
    e.transport = transport;
    e.kept_alive = false;
  };
  if (delivery.length_error > 0) return instead(Transport::timed_out);
  if (delivery.length_error < 0) {
    const auto cut = std::min(e.response.body.size(), static_cast<std::size_t>(-delivery.length_error));
    e.stray = e.response.body.substr(e.response.body.size() - cut);
    e.response.body.resize(e.response.body.size() - cut);
    e.kept_alive = false;
  }
  switch (delivery.kind) {
    case Delivery::Kind::whole:
      return;
    case Delivery::Kind::nothing:
      return instead(Transport::timed_out);
    case Delivery::Kind::closed:
      return instead(Transport::closed);
    case Delivery::Kind::reset:
      return instead(Transport::reset);
    case Delivery::Kind::half:
      return instead(Transport::truncated);
    case Delivery::Kind::twice:
      e.stray = wire::to_bytes(e.response).substr(0, 1024);
      e.kept_alive = false;
      return;
  }
}

class InProcess final : public endpoint::Endpoint {
 public:
  InProcess(Service& service, std::size_t max_body_bytes)
      : service_(service), max_body_bytes_(max_body_bytes), thread_([this] { work(); }) {}

  ~InProcess() override {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }
  InProcess(const InProcess&) = delete;
  InProcess& operator=(const InProcess&) = delete;

  std::unique_ptr<endpoint::Connection> open() override;
  const std::string& authority() const override { return authority_; }
  const std::string& url() const override { return url_; }
  void post(std::function<void()> job) override {
    push([job = std::move(job)](bool) { job(); });
  }
  void cancel() override {
    const std::lock_guard lock(mutex_);
    ++epoch_;
  }

  /// Calls `job` on the thread, with whether it was cancelled meanwhile. After the end: destroys it.
  void push(std::function<void(bool cancelled)> job) {
    {
      const std::lock_guard lock(mutex_);
      if (stopped_) return;
      jobs_.emplace_back(epoch_, std::move(job));
    }
    wake_.notify_one();
  }
  bool on_thread() const { return std::this_thread::get_id() == thread_.get_id(); }

  /// On the thread.
  Exchange answer(const endpoint::Message& message, Line& line);

 private:
  Exchange made(const wire::Request& request, wire::Response response, bool keep_alive, Line& line);

  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return stopped_ || !jobs_.empty(); });
      if (stopped_) break;
      auto [epoch, job] = std::move(jobs_.front());
      jobs_.pop_front();
      const bool cancelled = epoch != epoch_;
      lock.unlock();
      job(cancelled);
      job = nullptr;  // what it holds may call us
      lock.lock();
    }
    const auto dropped = std::move(jobs_);
    lock.unlock();
  }

  Service& service_;
  const std::size_t max_body_bytes_;
  const std::string authority_ = "in-process.invalid";
  const std::string url_ = "http://in-process.invalid";
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::pair<std::uint64_t, std::function<void(bool)>>> jobs_;
  std::uint64_t epoch_ = 0;
  bool stopped_ = false;
  // On the thread.
  std::uint64_t accepted_ = 0;
  bool dead_ = false, accepting_ = true;
  std::thread thread_;  // last: it uses all of the above
};

class InProcessConnection final : public endpoint::Connection {
 public:
  explicit InProcessConnection(InProcess& endpoint) : endpoint_(endpoint), lane_(std::make_shared<Lane>()) {}

  ~InProcessConnection() override {
    std::unique_lock lock(lane_->mutex);
    const auto dropped = std::exchange(lane_->handler, nullptr);
    if (!endpoint_.on_thread()) lane_->idle.wait(lock, [this] { return !lane_->running; });
    lock.unlock();
  }
  InProcessConnection(const InProcessConnection&) = delete;
  InProcessConnection& operator=(const InProcessConnection&) = delete;

  void async_exchange(endpoint::Message message, endpoint::Handler handler) override {
    {
      const std::lock_guard lock(lane_->mutex);
      lane_->handler = std::move(handler);
    }
    endpoint_.push([&endpoint = endpoint_, lane = lane_, message = std::move(message)](bool cancelled) {
      std::unique_lock lock(lane->mutex);
      if (!lane->handler) return;
      endpoint::Handler told = std::exchange(lane->handler, nullptr);
      lane->running = true;
      lock.unlock();
      if (cancelled) {
        told(Exchange{});
      } else {
        told(endpoint.answer(message, lane->line));
      }
      told = nullptr;
      lock.lock();
      lane->running = false;
      lane->idle.notify_all();
    });
  }

  void close() override {
    endpoint_.push([lane = lane_](bool) { lane->line = {}; });
  }

 private:
  struct Lane {
    std::mutex mutex;
    std::condition_variable idle;
    endpoint::Handler handler;
    bool running = false;
    Line line;  // on the endpoint's thread
  };

  InProcess& endpoint_;
  std::shared_ptr<Lane> lane_;
};

std::unique_ptr<endpoint::Connection> InProcess::open() {
  return std::make_unique<InProcessConnection>(*this);
}

Exchange InProcess::made(const wire::Request& request, wire::Response response, bool keep_alive, Line& line) {
  const Delivery delivery = service_.delivery(request, response);
  Exchange e;
  e.transport = Transport::answered;
  e.response = std::move(response);
  e.kept_alive = keep_alive;
  deliver(delivery, e, line);
  dead_ = dead_ || delivery.end_of_service;
  accepting_ = accepting_ && !delivery.stops_accepting && !dead_;
  if (delivery.end_of_service) {
    e.transport = Transport::closed;
    e.kept_alive = false;
  }
  return e;
}

Exchange InProcess::answer(const endpoint::Message& message, Line& line) {
  const bool reused = line.open && !message.fresh_connection && !dead_;
  Exchange e;
  if (!reused) {
    line = {};
    if (!accepting_) {
      e.transport = Transport::connect_failed;
      e.detail = "connection refused";
      return e;
    }
    line.number = ++accepted_;
  }
  line.open = false;
  if (line.deaf) {
    e.transport = Transport::timed_out;
    return e;
  }
  RequestReader reader(max_body_bytes_);
  std::size_t consumed = 0;
  wire::Request none;
  none.method.clear();
  switch (reader.feed(message.bytes, consumed)) {
    case State::need_more:
      e.transport = Transport::timed_out;  // the server waits for the rest, and the client for an answer
      return e;
    case State::broken:
      e = made(none, service_.refuse(400, kMalformed, reader.reason()), false, line);
      break;
    case State::too_large:
      e = made(none, service_.refuse(413, "RequestEntityTooLargeException", reader.reason()), false, line);
      break;
    case State::done: {
      const bool keep_alive = reader.keep_alive() && !message.hostile;
      e = made(reader.request(), service_.handle(reader.request(), line.number), keep_alive, line);
      break;
    }
  }
  e.reused = reused;
  line.open = e.kept_alive;
  wire::decode_content(e, message.bytes);
  return e;
}

}  // namespace

Exchange exchange_in_process(Service& service, std::string_view bytes, std::size_t max_body_bytes) {
  RequestReader reader(max_body_bytes);
  Exchange e;
  e.transport = Transport::answered;
  std::size_t consumed = 0;
  switch (reader.feed(bytes, consumed)) {
    case State::need_more:
      if (consumed == bytes.size() && !reader.begun()) {
        e.transport = Transport::closed;
      } else {
        e.response = service.refuse(400, kMalformed, "The request ends too early.");
      }
      break;
    case State::broken:
      e.response = service.refuse(400, kMalformed, reader.reason());
      break;
    case State::too_large:
      e.response = service.refuse(413, "RequestEntityTooLargeException", reader.reason());
      break;
    case State::done:
      e.response = service.handle(reader.request());
      break;
  }
  wire::decode_content(e, bytes);
  return e;
}

std::unique_ptr<endpoint::Endpoint> connect_in_process(Service& service, std::size_t max_body_bytes) {
  return std::make_unique<InProcess>(service, max_body_bytes);
}

}  // namespace harness::reference
