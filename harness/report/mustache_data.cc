#include "harness/report/internal/mustache_data.h"

#include "harness/report/text.h"

namespace harness::report {

void set(MustacheData& data, const char* key, const std::string& safe) {
  data.set(key, MustacheData(safe));
}

void set_if_any(MustacheData& data, const char* key, const std::string& safe) {
  if (safe.empty()) {
    data.set(key, MustacheData(false));
  } else {
    data.set(key, MustacheData(safe));
  }
}

void set_list(MustacheData& page, const std::string& key, const MustacheData& list) {
  page.set("has_" + key, MustacheData(list.is_non_empty_list()));
  page.set(key, list);
}

MustacheData texts(const std::vector<std::string>& safe) {
  MustacheData out{MustacheData::type::list};
  for (const std::string& text : safe) {
    MustacheData item;
    set(item, "text", text);
    out << item;
  }
  return out;
}

MustacheData rows_data(const std::vector<std::vector<std::string>>& raw) {
  MustacheData out{MustacheData::type::list};
  for (const auto& cells : raw) {
    MustacheData row;
    row.set("cells", texts(safe(cells)));
    out << row;
  }
  return out;
}

std::vector<std::string> safe(const std::vector<std::string>& raw) {
  std::vector<std::string> out;
  out.reserve(raw.size());
  for (const std::string& text : raw) out.push_back(one_line(text));
  return out;
}

}  // namespace harness::report
