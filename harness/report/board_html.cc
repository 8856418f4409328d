#include <kainjow/mustache.hpp>

#include "harness/report/board.h"
#include "harness/report/internal/board_matrix.h"
#include "harness/report/internal/mustache_data.h"
#include "harness/report/text.h"
#include "harness_report_templates.h"

namespace harness::report {
namespace {

MustacheData cells_data(const MatrixRow& row) {
  MustacheData out{MustacheData::type::list};
  for (const MatrixCell& cell : row.cells) {
    bool first = true;
    for (const std::string& text : cell.texts) {
      MustacheData item;
      set(item, "text", one_line(text));
      set(item, "kind", std::string(cell.kind) + (first ? " first" : ""));
      out << item;
      first = false;
    }
  }
  return out;
}

// A list of the table, or of none if it has no rows: what the template shows of it, it shows so often.
MustacheData matrix_data(const Matrix& matrix) {
  MustacheData out{MustacheData::type::list};
  if (matrix.rows.empty()) return out;
  MustacheData shown;
  set(shown, "corner", matrix.corner);
  set(shown, "span", std::to_string(matrix.parts.size()));
  shown.set("endpoints", texts(safe(matrix.endpoints)));
  MustacheData parts{MustacheData::type::list};
  for (std::size_t i = 0; i < matrix.endpoints.size(); ++i) {
    for (const std::string& part : matrix.parts) {
      MustacheData item;
      set(item, "text", part);
      set(item, "kind", &part == &matrix.parts.front() ? "first" : "");
      parts << item;
    }
  }
  set_list(shown, "parts", matrix.parts.size() > 1 ? parts : MustacheData{MustacheData::type::list});
  MustacheData rows{MustacheData::type::list};
  for (const MatrixRow& row : matrix.rows) {
    MustacheData item;
    set(item, "name", one_line(row.name));
    item.set("cells", cells_data(row));
    item.set("is_total", MustacheData(row.is_total));
    rows << item;
  }
  shown.set("rows", rows);
  out << shown;
  return out;
}

MustacheData endpoints_data(const Board& board) {
  const EndpointTable table = endpoint_table(board);
  MustacheData out;
  out.set("header", texts(safe(table.header)));
  out.set("rows", rows_data(table.rows));
  return out;
}

MustacheData family_data(const std::vector<FamilyMatrix>& families) {
  MustacheData out{MustacheData::type::list};
  for (const FamilyMatrix& family : families) {
    MustacheData item;
    set(item, "title", one_line(family.title));
    set(item, "count", family.count);
    item.set("matrix_of_family", matrix_data(family.matrix));
    out << item;
  }
  return out;
}

}  // namespace

std::string board_html(const Board& board, std::span<const oracle::FindingRule> rules) {
  namespace files = harness_report_templates;
  MustacheData page;
  set(page, "title", counted(board.columns.size(), "endpoint", "endpoints"));
  page.set("endpoints_table", endpoints_data(board));
  set_list(page, "notes", texts(safe(board.notes)));
  page.set("families", matrix_data(family_matrix(board)));
  page.set("states", matrix_data(state_matrix(board)));
  page.set("requirement_states", matrix_data(requirement_state_matrix(board)));
  set(page, "family_legend", std::string(kFamilyLegend));
  set(page, "operation_legend", std::string(kOperationLegend));
  set(page, "requirement_legend", std::string(kRequirementLegend));
  set_list(page, "operations", family_data(operation_matrices(board)));
  set_list(page, "requirements", family_data(requirement_matrices(board, rules)));
  set(page, "style", std::string(files::report_css()));
  page.set(
      "matrix",
      MustacheData(kainjow::mustache::partial([] { return std::string(files::matrix_html_mustache()); })));
  kainjow::mustache::mustache page_template{std::string(files::board_html_mustache())};
  return page_template.render(page);
}

}  // namespace harness::report
