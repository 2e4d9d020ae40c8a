// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/figures_wording.h"

#include "clients/cli/names.h"
#include "clients/cli/order_wording.h"
#include "clients/cli/terms.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>

#include <cstdint>

namespace fenghuo::cli {
namespace {

using Result = v1::ExplainResult;

Words kind_words(Result::Kind kind) {
  switch (kind) {
    case Result::KIND_ASKED: return {"通知", "通知", "asked"};
    case Result::KIND_ASKED_BY_DUTY_CHANGE:
      return {"接班后通知", "接班後通知", "asked, having come on duty"};
    case Result::KIND_MEANS: return {"改用其他方式", "改用其他方式", "by a further means"};
    case Result::KIND_DELIVERED: return {"已送达", "已送達", "delivered"};
    case Result::KIND_SEEN: return {"已看到", "已看到", "seen"};
    case Result::KIND_RELEASED: return {"已交班,不再需要处理", "已交班,不再需要處理", "released"};
    case Result::KIND_VACANT: return {"空岗", "空崗", "vacant"};
    case Result::KIND_INFORMED: return {"知会", "知會", "informed"};
    case Result::KIND_ACCEPTED: return {"签收", "簽收", "accepted"};
    case Result::KIND_RETURNED: return {"退回", "退回", "returned"};
    case Result::KIND_DELEGATED: return {"转办", "轉辦", "delegated"};
    case Result::KIND_GATE: return {"等值班长放行", "等值班長放行", "waits for the duty chief"};
    case Result::KIND_EXHAUSTED: return {"全链无人签收", "全鏈無人簽收", "exhausted"};
    case Result::KIND_NOT_ON_DUTY:
      return {"未通知:当时不在岗", "未通知:當時不在崗", "not told: another stood there"};
    case Result::KIND_STOPPED_BEFORE:
      return {"未通知:呼叫链此前已停止", "未通知:呼叫鏈此前已停止",
              "not told: the ladder stopped before"};
    case Result::KIND_NOT_YET: return {"尚未通知", "尚未通知", "not told yet"};
    case Result::KIND_BEHIND_GATE:
      return {"未通知:须值班长放行", "未通知:須值班長放行", "not told: behind the gate"};
    case Result::KIND_HAD_RETURNED:
      return {"未再通知:已退回", "未再通知:已退回", "not asked again: had returned it"};
    case Result::KIND_NOT_ASKED:
      return {"未通知:不在呼叫链上", "未通知:不在呼叫鏈上", "not told: not in the ladder"};
    default: return {"?", "?", "?"};
  }
}

Words source_words(v1::RowKind kind) {
  switch (kind) {
    case v1::ROW_KIND_SHIFT: return {"班次", "班次", "shift"};
    case v1::ROW_KIND_OVERRIDE: return {"临时替班", "臨時替班", "override"};
    case v1::ROW_KIND_HANDOVER: return {"交接班", "交接班", "handover"};
    default: return {"任命", "任命", "appointment"};
  }
}

std::string or_never(std::int64_t at_us) { return at_us == 0 ? "-" : clock_time(at_us); }

}  // namespace

std::vector<std::string> figures_lines(const v1::Figures& figures, const client::State& state,
                                       Language language) {
  std::vector<std::string> lines;
  const auto* fields = figures.GetDescriptor();
  const auto* values = figures.GetReflection();
  using Field = google::protobuf::FieldDescriptor;
  for (int i = 0; i < fields->field_count(); ++i) {
    const Field* field = fields->field(i);
    std::string value;
    if (field->is_repeated()) {
      if (field->cpp_type() != Field::CPPTYPE_STRING) continue;
      for (int j = 0; j < values->FieldSize(figures, field); ++j) {
        value += (j == 0 ? "" : "→") + values->GetRepeatedString(figures, field, j);
      }
    } else if (field->cpp_type() == Field::CPPTYPE_UINT32) {
      value = std::to_string(values->GetUInt32(figures, field));
    } else if (field->cpp_type() == Field::CPPTYPE_DOUBLE) {
      value = values->HasField(figures, field)
                  ? fmt::format("{}", values->GetDouble(figures, field))
                  : "-";
    } else {
      continue;
    }
    lines.push_back(fmt::format("{:<32} {}", field->name(), value));
  }
  for (const v1::Figures::RoleFigures& one : figures.roles()) {
    lines.push_back(printable(fmt::format(
        "{}  ack_required {}  acked_on_time {}  acked_late {}  ack_missing {}  ack_median_s {}",
        role_name(state, one.role_id(), language), one.ack_required(), one.acked_on_time(),
        one.acked_late(), one.ack_missing(),
        one.has_ack_median_s() ? fmt::format("{}", one.ack_median_s()) : "-")));
  }
  return lines;
}

std::string figures_json(const v1::Figures& figures) {
  std::string out;
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  const auto status = google::protobuf::util::MessageToJsonString(figures, &out, options);
  return status.ok() ? out : "{}";
}

std::string explain_line(const Result::Line& line, const client::State& state, Language language) {
  std::string text = or_never(line.at_us());
  if (line.addressee() != 0) text += fmt::format("  {}.", line.addressee());
  if (line.whom().who_case() != v1::Holder::WHO_NOT_SET) {
    text += "  " + holder_name(line.whom(), state, language);
  }
  if (line.role_id() != 0) text += "  " + role_name(state, line.role_id(), language);
  text += fmt::format("  {}", in(kind_words(line.kind()), language));
  const bool by_rung = line.kind() == Result::KIND_ASKED || line.kind() == Result::KIND_VACANT ||
                       line.kind() == Result::KIND_INFORMED || line.kind() >= 20;
  if (by_rung && line.kind() != Result::KIND_NOT_ASKED) {
    text += fmt::format("  {} {}", in({"第", "第", "step"}, language), line.rung());
  }
  if (line.cause() != v1::Step::CAUSE_UNSPECIFIED) {
    text += fmt::format(" ({})", cause_word(line.cause(), language));
  }
  const bool rests_on_row = line.kind() == Result::KIND_ASKED ||
                            line.kind() == Result::KIND_ASKED_BY_DUTY_CHANGE ||
                            line.kind() == Result::KIND_NOT_ON_DUTY || line.source_id() != 0;
  if (rests_on_row) {
    text += fmt::format("  [{}", in(source_words(line.source_kind()), language));
    if (line.source_id() != 0) text += fmt::format(" {}", line.source_id());
    text += "]";
  }
  if (line.late_by_us() != 0) text += fmt::format("  [+{} s]", line.late_by_us() / 1'000'000);
  if (!line.text().empty()) text += "  " + line.text();
  return printable(text);
}

std::vector<std::string> knowledge_lines(const v1::KnowledgeResult& result,
                                         const client::State& state, Language language) {
  std::vector<std::string> lines;
  const auto delivered = in({"送达", "送達", "delivered"}, language);
  const auto seen = in({"看到", "看到", "seen"}, language);
  const auto acknowledged = in({"签收", "簽收", "acknowledged"}, language);
  lines.push_back(fmt::format("{} {} ({})  @ {}  {} {}/{}  {} {}/{}  {} {}/{}",
                              in({"版本", "版本", "version"}, language), result.version(),
                              clock_time(result.since_us()), clock_time(result.at_us()), delivered,
                              result.delivered(), result.total(), seen, result.seen(),
                              result.total(), acknowledged, result.acknowledged(), result.total()));
  for (const v1::KnowledgeResult::Row& row : result.rows()) {
    std::string line =
        fmt::format("  {}  {} {}  {} {}  {} {}", account_name(state, row.account_id(), language),
                    delivered, or_never(row.delivered_us()), seen, or_never(row.seen_us()),
                    acknowledged, or_never(row.acknowledged_us()));
    if (row.newest_version() != 0 && row.newest_version() != result.version()) {
      line += fmt::format("  [{} {}]", in({"所知版本", "所知版本", "knew version"}, language),
                          row.newest_version());
    }
    lines.push_back(printable(line));
  }
  return lines;
}

}  // namespace fenghuo::cli
