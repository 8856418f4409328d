#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/model/model.h"

/// Internal to the mutator: header lines that servers, proxies and frameworks act on.
namespace harness::generate {

/// The values that name the service or one of its operations are made from the model.
struct HeadValues {
  explicit HeadValues(const model::Model& model);

  std::vector<std::pair<std::string, std::string>> headers;  ///< name, value
  std::vector<std::string> content_types;                    ///< the right one first
  std::vector<std::string> paths;
};

/// What may follow a media type (RFC 9110 §8.3.1), rightly or not.
inline constexpr std::array<std::string_view, 10> kParameters = {
    "; charset=utf-8", ";charset=UTF-8", "; q=1",        "; version=1.1", ";",
    "; boundary=x",    ";a=\"b;c\"",     "; charset=\"", "; =x",          ";; a=b",
};

inline constexpr std::array<std::string_view, 18> kMethods = {
    "GET",  "HEAD",  "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE",    "CONNECT",  "post",
    "Post", "POSTS", "POS", "QUERY",  "PRI",     "X",     "M-SEARCH", "PROPFIND", "{{repeat 300 A}}"};

inline constexpr std::array<std::string_view, 9> kVersions = {
    "HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/2", "HTTP/0.9", "http/1.1", "HTTP/1", "HTTP/1.10", "HTTPS/1.1"};

}  // namespace harness::generate
