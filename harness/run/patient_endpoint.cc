#include "harness/run/patient_endpoint.h"

#include <condition_variable>
#include <map>
#include <thread>
#include <utility>

// How one exchange goes:
//
//     async_exchange -> [wait for its turn] -> send -> answered? -> handler
//                              ^                           |
//                              +------ throttled: wait ----+
//
// Waiting is done by one thread of the endpoint, which only hands work back to the I/O thread. The handler
// belongs to the Sending; whoever takes it out (the answer, cancel(), the connection's destructor) ends it.
namespace harness::run {
namespace {

using Clock = Throttle::Clock;
constexpr std::size_t kMaxOrdinals = 1000;

}  // namespace

// The mutex is held while work is handed to the connection, so that it is not destroyed meanwhile; recursive,
// for an endpoint without a thread of its own calls the handler from within.
struct PatientEndpoint::Sending {
  std::recursive_mutex mutex;
  std::unique_ptr<endpoint::Connection> connection;  // null once ours is destroyed
  endpoint::Message message;
  endpoint::Handler handler;  // null while nothing is under way
  std::size_t attempts = 0;
  bool waiting = false;
};

// Calls work at its time, on a thread of its own, which is started when it is first needed.
class PatientEndpoint::Waiting {
 public:
  explicit Waiting(endpoint::Endpoint& inner) : inner_(inner) {}
  ~Waiting() {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  void at(Clock::time_point when, std::function<void(bool cancelled)> work) {
    {
      const std::lock_guard lock(mutex_);
      due_.emplace(when, std::move(work));
      if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    }
    changed_.notify_all();
  }

  void cancel() {
    std::multimap<Clock::time_point, std::function<void(bool)>> all;
    {
      const std::lock_guard lock(mutex_);
      all.swap(due_);
    }
    for (auto& [when, work] : all) hand_over(std::move(work), true);
  }

 private:
  void hand_over(std::function<void(bool)> work, bool cancelled) {
    inner_.post([work = std::move(work), cancelled] { work(cancelled); });
  }

  void run() {
    std::unique_lock lock(mutex_);
    while (!ending_) {
      if (due_.empty()) {
        changed_.wait(lock);
        continue;
      }
      const auto first = due_.begin();
      // A copy: the entry may be gone before the wait is over.
      if (const Clock::time_point when = first->first; when > Clock::now()) {
        changed_.wait_until(lock, when);
        continue;
      }
      auto work = std::move(first->second);
      due_.erase(first);
      lock.unlock();
      hand_over(std::move(work), false);
      lock.lock();
    }
  }

  endpoint::Endpoint& inner_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<Clock::time_point, std::function<void(bool)>> due_;
  bool ending_ = false;
  std::thread thread_;
};

class PatientEndpoint::PatientConnection final : public endpoint::Connection {
 public:
  PatientConnection(PatientEndpoint& endpoint, std::unique_ptr<endpoint::Connection> inner)
      : endpoint_(endpoint), sending_(std::make_shared<Sending>()) {
    sending_->connection = std::move(inner);
  }

  ~PatientConnection() override {
    std::unique_ptr<endpoint::Connection> inner;
    endpoint::Handler dropped;
    {
      const std::lock_guard lock(sending_->mutex);
      inner = std::move(sending_->connection);
      dropped = std::exchange(sending_->handler, nullptr);
    }
    // `inner` goes first, and with it what it is calling right now.
    inner.reset();
  }
  PatientConnection(const PatientConnection&) = delete;
  PatientConnection& operator=(const PatientConnection&) = delete;

  void async_exchange(endpoint::Message message, endpoint::Handler handler) override {
    {
      const std::lock_guard lock(sending_->mutex);
      sending_->message = std::move(message);
      sending_->handler = std::move(handler);
      sending_->attempts = 0;
    }
    send_in_turn(endpoint_, sending_);
  }

  void close() override {
    const std::lock_guard lock(sending_->mutex);
    sending_->connection->close();
  }

 private:
  static void send_in_turn(PatientEndpoint& endpoint, const std::shared_ptr<Sending>& sending) {
    const auto now = Clock::now();
    const auto wait = endpoint.throttle_.before_sending(now);
    if (wait == Throttle::Duration::zero()) return send(endpoint, sending);
    send_at(endpoint, sending, now + wait);
  }

  static void send_at(PatientEndpoint& endpoint, const std::shared_ptr<Sending>& sending,
                      Clock::time_point when) {
    endpoint.waiting_->at(when, [&endpoint, sending](bool cancelled) {
      if (!cancelled) return send(endpoint, sending);
      const std::lock_guard lock(sending->mutex);  // the connection's destructor waits for the handler
      finish(sending, wire::Exchange{});
    });
  }

  static void send(PatientEndpoint& endpoint, const std::shared_ptr<Sending>& sending) {
    const std::lock_guard lock(sending->mutex);
    if (!sending->handler || !sending->connection) return;
    ++sending->attempts;
    sending->connection->async_exchange(sending->message, [&endpoint, sending](wire::Exchange e) {
      endpoint.note(e);
      const auto throttled = oracle::throttling(e);
      if (!throttled) {
        if (e.transport == wire::Transport::answered) endpoint.throttle_.served();
        return finish(sending, std::move(e));
      }
      const auto wait = endpoint.throttle_.throttled(*throttled, sending->attempts);
      if (!wait) return finish(sending, std::move(e));
      send_at(endpoint, sending, Clock::now() + *wait);
    });
  }

  static void finish(const std::shared_ptr<Sending>& sending, wire::Exchange exchange) {
    endpoint::Handler handler;
    {
      const std::lock_guard lock(sending->mutex);
      handler = std::exchange(sending->handler, nullptr);
      sending->message = {};
    }
    if (handler) handler(std::move(exchange));
  }

  PatientEndpoint& endpoint_;
  std::shared_ptr<Sending> sending_;
};

PatientEndpoint::PatientEndpoint(endpoint::Endpoint& inner, Throttle& throttle)
    : inner_(inner), throttle_(throttle), waiting_(std::make_unique<Waiting>(inner)) {}

PatientEndpoint::~PatientEndpoint() = default;

std::unique_ptr<endpoint::Connection> PatientEndpoint::open() {
  return std::make_unique<PatientConnection>(*this, inner_.open());
}

void PatientEndpoint::cancel() {
  waiting_->cancel();
  inner_.cancel();
}

void PatientEndpoint::note(const wire::Exchange& exchange) {
  const std::lock_guard lock(mutex_);
  ++losses_.requests;
  if (!exchange.resent) return;
  ++losses_.lost;
  if (losses_.ordinals.size() < kMaxOrdinals) losses_.ordinals.push_back(losses_.requests);
  ++losses_.requests;
}

Losses PatientEndpoint::losses() const {
  const std::lock_guard lock(mutex_);
  return losses_;
}

}  // namespace harness::run
