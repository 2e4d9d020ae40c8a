// SPDX-License-Identifier: Apache-2.0
#include "hub/roster/table.h"

#include "hub/base/limits.h"
#include "hub/base/utf8.h"
#include "hub/roster/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace fenghuo::roster {

namespace {

namespace limits = base::limits;

enum Column : std::size_t { Role, Standing, Person, From, To, ZoneName, ColumnCount };

struct ColumnWord {
  std::string_view word;
  Column column;
};

// The English ones first: they are what messages offer.
constexpr ColumnWord column_words[] = {
    {"role", Role},     {"standing", Standing}, {"person", Person}, {"from", From},
    {"to", To},         {"zone", ZoneName},     {"岗位", Role},     {"崗位", Role},
    {"席位", Standing}, {"班别", Standing},     {"班別", Standing}, {"account", Person},
    {"人员", Person},   {"人員", Person},       {"值班人", Person}, {"值班人员", Person},
    {"姓名", Person},   {"start", From},        {"开始", From},     {"開始", From},
    {"开始时间", From}, {"開始時間", From},     {"end", To},        {"结束", To},
    {"結束", To},       {"结束时间", To},       {"結束時間", To},   {"时区", ZoneName},
    {"時區", ZoneName},
};
constexpr Column needed[] = {Role, Person, From, To};

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

class TableReader {
 public:
  TableReader(const Directory& directory, const Zone& zone, plan::Problems& problems)
      : words_(directory, problems), zone_(zone), problems_(problems) {}

  void read_header(const CsvRow& row);
  void read_row(const CsvRow& row, std::vector<Planned>& rows);

 private:
  bool has(Column column) const { return at_[column] >= 0; }
  // An empty one where the row is too short, at the end of the row.
  CsvField field(const CsvRow& row, Column column) const;
  void check_width(const CsvRow& row);

  Words words_;
  const Zone& zone_;
  plan::Problems& problems_;
  std::array<int, ColumnCount> at_{-1, -1, -1, -1, -1, -1};
  std::size_t width_ = 0;
};

void TableReader::read_header(const CsvRow& row) {
  width_ = row.size();
  std::vector<std::string> english;
  for (std::size_t i = 0; i < ColumnCount; ++i) english.emplace_back(column_words[i].word);
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i].text.empty()) continue;
    const std::string name = lower(row[i].text);
    const auto* known = std::find_if(std::begin(column_words), std::end(column_words),
                                     [&](const ColumnWord& one) { return one.word == name; });
    if (known == std::end(column_words)) {
      problems_.add(row[i].place, fmt::format("column \"{}\" is not known", row[i].text),
                    plan::did_you_mean(name, english,
                                       "columns are role, standing, person, from, to and zone"));
    } else if (has(known->column)) {
      problems_.add(row[i].place, fmt::format("column \"{}\" comes twice", row[i].text),
                    "leave one out");
    } else {
      at_[known->column] = static_cast<int>(i);
    }
  }
  for (const Column column : needed) {
    if (has(column)) continue;
    problems_.add(row[0].place, fmt::format("column \"{}\" is missing", english[column]),
                  "name it in the first line: role, standing, person, from, to, zone");
  }
}

CsvField TableReader::field(const CsvRow& row, Column column) const {
  const auto at = static_cast<std::size_t>(at_[column]);
  return at < row.size() ? row[at] : CsvField{{}, row.back().place};
}

// Spreadsheets write empty fields at the end of rows: only text beyond the columns is wrong.
void TableReader::check_width(const CsvRow& row) {
  for (std::size_t i = width_; i < row.size(); ++i) {
    if (row[i].text.empty()) continue;
    problems_.add(row[i].place, fmt::format("\"{}\" stands in no column", row[i].text),
                  "put text that holds the separator in quotes");
    return;
  }
}

void TableReader::read_row(const CsvRow& row, std::vector<Planned>& rows) {
  check_width(row);
  const v1::Role* role = nullptr;
  std::optional<v1::Appointment::Standing> standing = v1::Appointment::STANDING_PRIMARY;
  std::optional<Directory::Person> person;
  std::optional<Zone> zone = zone_;
  std::optional<LocalS> from;
  std::optional<LocalS> to;
  if (has(Role)) {
    const CsvField one = field(row, Role);
    role = words_.role(one.text, one.place);
  }
  if (has(Standing)) {
    const CsvField one = field(row, Standing);
    standing = words_.standing(lower(one.text), one.place);
  }
  if (has(Person)) {
    const CsvField one = field(row, Person);
    person = words_.person(one.text, role, one.place);
  }
  if (has(ZoneName)) {
    const CsvField one = field(row, ZoneName);
    if (!one.text.empty()) zone = words_.zone(one.text, one.place);
  }
  if (has(From)) {
    const CsvField one = field(row, From);
    from = words_.local(one.text, one.place);
  }
  if (has(To)) {
    const CsvField one = field(row, To);
    to = words_.local(one.text, one.place);
  }
  if (!from || !to || !zone) return;
  Planned planned{{}, *zone, row[0].place};
  planned.shift.set_start_us(zone->start_at(*from));
  planned.shift.set_end_us(zone->end_at(*to));
  if (!words_.fits(*from, *to, planned.shift, field(row, To).place)) return;
  if (role == nullptr || !standing || !person) return;
  planned.shift.set_role_id(role->id());
  planned.shift.set_standing(*standing);
  set_person(*person, planned.shift);
  rows.push_back(std::move(planned));
}

}  // namespace

std::vector<Planned> read_table(std::string_view text, const Directory& directory, const Zone& zone,
                                plan::Problems& problems) {
  std::vector<Planned> planned;
  if (text.size() > limits::roster_table_bytes_max) {
    problems.add({},
                 fmt::format("the table has {} bytes, at most {} are read", text.size(),
                             limits::roster_table_bytes_max),
                 "send it in parts, such as month by month");
    return planned;
  }
  if (!base::is_utf8(text)) {
    problems.add({}, "the table is not in UTF-8",
                 "save it as \"CSV UTF-8\", or run it through iconv -f GB18030 -t UTF-8");
    return planned;
  }
  const std::vector<CsvRow> rows = parse_csv(text, problems);
  if (rows.empty()) {
    problems.add({}, "the table is empty",
                 "the first line names the columns: role, standing, person, from, to, zone");
    return planned;
  }
  TableReader reader(directory, zone, problems);
  reader.read_header(rows[0]);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (i > limits::shifts_per_command_max) {
      problems.add(
          rows[i][0].place,
          fmt::format("more than {} rows; the rest was not read", limits::shifts_per_command_max),
          "send it in parts, such as month by month");
      break;
    }
    reader.read_row(rows[i], planned);
  }
  return planned;
}

}  // namespace fenghuo::roster
