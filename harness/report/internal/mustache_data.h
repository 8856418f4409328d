#pragma once

#include <kainjow/mustache.hpp>
#include <string>
#include <vector>

/// Data for the templates of pages. Mustache escapes for HTML; everything that an endpoint or a file may have
/// chosen goes through text.h before.
namespace harness::report {

using MustacheData = kainjow::mustache::data;

/// A field of safe text.
void set(MustacheData& data, const char* key, const std::string& safe);
/// A field that the template leaves out if it is empty.
void set_if_any(MustacheData& data, const char* key, const std::string& safe);
/// A list, and as `has_…` whether there is anything in it.
void set_list(MustacheData& page, const std::string& key, const MustacheData& list);
/// A list of items that have a `text`.
MustacheData texts(const std::vector<std::string>& safe);
/// A list of rows, each with its `cells`; the texts are raw.
MustacheData rows_data(const std::vector<std::vector<std::string>>& raw);

/// Each text on one line, safe to show.
std::vector<std::string> safe(const std::vector<std::string>& raw);

}  // namespace harness::report
