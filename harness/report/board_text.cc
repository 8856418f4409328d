#include <fmt/format.h>

#include <algorithm>

#include "harness/report/board.h"
#include "harness/report/internal/board_matrix.h"
#include "harness/report/text.h"

namespace harness::report {
namespace {

constexpr std::size_t kMaxName = 60;     // columns of a row's name
constexpr std::string_view kGap = "  ";  // between the figures of an endpoint
constexpr std::string_view kWideGap = "   ";

// Widths of the figures of one endpoint.
std::vector<std::size_t> part_widths(const Matrix& matrix, std::size_t endpoint) {
  std::vector<std::size_t> out;
  for (const std::string& part : matrix.parts) out.push_back(display_width(part));
  for (const MatrixRow& row : matrix.rows) {
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = std::max(out[i], display_width(row.cells[endpoint].texts[i]));
  }
  return out;
}

std::size_t sum_of(const std::vector<std::size_t>& widths) {
  std::size_t out = kGap.size() * (widths.size() - 1);
  for (const std::size_t width : widths) out += width;
  return out;
}

// One endpoint of a table: its figures are aligned among themselves, below its name.
struct Block {
  std::string name;
  std::vector<std::size_t> parts;
  std::size_t width;
};

Block block_of(const Matrix& matrix, std::size_t endpoint) {
  Block out{one_line(matrix.endpoints[endpoint]), part_widths(matrix, endpoint), 0};
  const std::size_t figures = sum_of(out.parts);
  out.width = std::max(figures, display_width(out.name));
  out.parts[0] += out.width - figures;
  return out;
}

std::string figures(const std::vector<std::string>& texts, const Block& block) {
  std::string out;
  for (std::size_t i = 0; i < texts.size(); ++i)
    out += std::string(i == 0 ? "" : kGap) + pad_left(one_line(texts[i]), block.parts[i]);
  return out;
}

std::string without_end_spaces(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

// As many endpoints side by side as fit.
std::string table_text(const Matrix& matrix, std::size_t width) {
  if (matrix.rows.empty()) return {};
  std::size_t names = display_width(matrix.corner);
  for (const MatrixRow& row : matrix.rows) names = std::max(names, display_width(one_line(row.name)));
  names = std::min(names, kMaxName);
  std::string out;
  for (std::size_t begin = 0; begin < matrix.endpoints.size();) {
    std::vector<Block> blocks;
    std::size_t used = names;
    for (std::size_t i = begin; i < matrix.endpoints.size(); ++i) {
      Block block = block_of(matrix, i);
      used += kWideGap.size() + block.width;
      if (!blocks.empty() && used > width) break;
      blocks.push_back(std::move(block));
    }
    std::string head = pad_right(matrix.corner, names);
    std::string below(names, ' ');
    for (const Block& block : blocks) {
      head += std::string(kWideGap) + pad_left(block.name, block.width);
      below += std::string(kWideGap) + figures(matrix.parts, block);
    }
    out += without_end_spaces(std::move(head));
    if (matrix.parts.size() > 1) out += without_end_spaces(std::move(below));
    for (const MatrixRow& row : matrix.rows) {
      std::string line = pad_right(cut(one_line(row.name), names), names);
      for (std::size_t i = 0; i < blocks.size(); ++i)
        line += std::string(kWideGap) + figures(row.cells[begin + i].texts, blocks[i]);
      out += without_end_spaces(std::move(line));
    }
    out += '\n';
    begin += blocks.size();
  }
  return out;
}

std::string line_of(const BoardColumn& column) {
  std::string out = one_line(column.name);
  if (!column.version.empty()) out += " " + one_line(column.version);
  if (!column.commit.empty()) out += fmt::format(" ({})", one_line(column.commit));
  out += ": " + one_line(column.outcome);
  return fmt::format("{}\n  {}, {} UTC, by version {}, level {}, seed {}\n", out,
                     one_line(column.info.endpoint),
                     column.info.started.empty() ? "?" : one_line(column.info.started),
                     one_line(column.info.tool_version), one_line(column.info.level), column.info.seed);
}

}  // namespace

std::string board_text(const Board& board, std::span<const oracle::FindingRule>, std::size_t width,
                       bool everything) {
  std::string out;
  for (const BoardColumn& column : board.columns) out += line_of(column);
  out += '\n';
  for (const std::string& note : board.notes) out += fmt::format("note: {}\n", one_line(note));
  if (!board.notes.empty()) out += '\n';
  out += table_text(family_matrix(board), width);
  out += std::string(kFamilyLegend) + "\n\n";
  if (everything) {
    for (const auto& families : {operation_matrices(board), requirement_matrices(board, {})}) {
      for (const FamilyMatrix& family : families)
        out += fmt::format("{}: {}\n\n{}", one_line(family.title), family.count,
                           table_text(family.matrix, width));
    }
  }
  out += table_text(state_matrix(board), width);
  out += fmt::format("{} broken by at least one endpoint{}\n\n",
                     counted(board.requirements.size(), "requirement is", "requirements are"),
                     board.requirements.empty() ? "" : ":");
  out += table_text(requirement_state_matrix(board), width);
  if (!everything)
    out += "Each operation and requirement: with --verbose, or in the file of --markdown, --html or --json\n";
  return out;
}

}  // namespace harness::report
