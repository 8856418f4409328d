#pragma once

#include <atomic>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

/// Inside harness/endpoint only.
namespace harness::endpoint {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

/// Typed on io_context's own executor: the type-erased any_io_executor of the usual aliases costs half the
/// speed.
using LoopExecutor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, LoopExecutor>;

/// One I/O thread, and a coarse clock for all timeouts on it: a single timer that ticks every 50 ms while
/// anything is under way, instead of a timer set and cancelled for each exchange. Shared by an endpoint and
/// its lanes, so that a lane that is destroyed late finds it still there.
class NetworkLoop {
 public:
  /// What has deadlines and can be ended; used on the I/O thread only.
  class Member {
   public:
    virtual ~Member() = default;
    /// Ends what is overdue. True if there is something left that needs ticks.
    virtual bool tick(Clock::time_point now) = 0;
    /// Ends what is under way, with its handler told.
    virtual void cancel() = 0;
    /// Ends what is under way, with its handler destroyed; nothing is started any more.
    virtual void drop() = 0;
  };

  NetworkLoop();
  ~NetworkLoop();
  NetworkLoop(const NetworkLoop&) = delete;
  NetworkLoop& operator=(const NetworkLoop&) = delete;

  void start();  ///< starts the I/O thread
  void stop();   ///< drops every member, runs what is left to its end, joins the thread

  asio::io_context& context() { return context_; }
  bool on_thread() const { return std::this_thread::get_id() == thread_id_; }
  bool stopped() const { return stopped_.load(std::memory_order_acquire); }

  /// Runs it on the I/O thread, never from within this call. After stop(): destroys it.
  void post(std::function<void()> work);
  /// Runs it on the I/O thread and returns when it has run; on that thread, or after stop(), at once.
  void run(const std::function<void()>& work);

  // On the I/O thread:
  void add(std::shared_ptr<Member> member) { members_.push_back(std::move(member)); }
  void remove(const Member* member);
  void ensure_ticking();
  /// The time as deadlines count it: without the time in which this thread was busy (with judging answers,
  /// say) and could not have read an answer that came in time.
  Clock::time_point now() const { return Clock::now() - stalled_; }
  void cancel_all();

 private:
  void arm();
  void tick();
  /// A handler that runs meanwhile may remove members or add some; those seen here live until the end.
  std::vector<std::shared_ptr<Member>> snapshot() const { return members_; }

  asio::io_context context_{1};
  asio::executor_work_guard<LoopExecutor> work_{context_.get_executor()};
  asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, LoopExecutor> timer_{context_};
  std::thread thread_;
  std::thread::id thread_id_;
  std::vector<std::shared_ptr<Member>> members_;
  bool ticking_ = false;
  Clock::duration stalled_{0};  // how late ticks have been, in all
  std::atomic<bool> stopped_{false};
};

}  // namespace harness::endpoint
