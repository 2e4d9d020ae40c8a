// SPDX-License-Identifier: Apache-2.0
#include "tools/admin/arguments.h"

#include "tools/admin/account_commands.h"
#include "tools/admin/data_folder.h"
#include "tools/admin/doctor.h"
#include "tools/admin/hub_center.h"
#include "tools/admin/plan_commands.h"
#include "tools/admin/record_commands.h"

#include <CLI/CLI.hpp>

#include <fstream>
#include <functional>
#include <iostream>
#include <optional>
#include <string>

namespace fenghuo::admin {

namespace {

constexpr const char* examples =
    "Examples:\n"
    "  fenghuo-admin plan check city-command-center.toml\n"
    "  fenghuo-admin --data /var/lib/fenghuo plan apply city-command-center.toml\n"
    "  fenghuo-admin --data /var/lib/fenghuo account add zheng.yu --name-en \"Zheng Yu\" --admin\n"
    "  fenghuo-admin --hub http://127.0.0.1:8600 --token-file admin.token account import "
    "people.csv\n"
    "  fenghuo-admin verify /var/lib/fenghuo\n"
    "\n"
    "Exit codes: 0 done, 1 refused or mistakes found, 2 bad usage, 3 hub or folder not reachable.";

// What the arguments say; each subcommand leaves its action behind.
struct Arguments {
  std::string data;
  std::string hub;
  std::string token_file;
  std::string ca_file;
  std::string center = "center";

  std::string file;
  std::string folder;
  std::string target;
  NewAccount account;
  bool dry_run = false;
  bool undo = false;
  bool password_from_stdin = false;
  std::string label = "fenghuo-admin";
  int days = 0;
  base::Position from = 1;
  std::uint64_t count = 0;

  std::function<int()> action;
};

std::optional<std::string> first_line(std::istream& in) {
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

// The program: declares its command line over the arguments, and acts.
class Program {
 public:
  Program(std::ostream& out, std::ostream& err) : terminal_{out, err} {
    app_.footer(examples);
    app_.require_subcommand(1);
    // "plan apply FILE --data DIR" is as good as the other order.
    app_.fallthrough();
    declare_targets();
    declare_plan();
    declare_account();
    declare_record();
  }

  int run(int argc, const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      const int code = app_.exit(error, terminal_.out, terminal_.err);
      return code == 0 ? exit_done : exit_usage;
    }
    return arguments_.action();
  }

 private:
  void declare_targets() {
    // Not from variables: what an operator changes is said on the line that changes it, and
    // FENGHUO_HUB is set where people also use the other programs.
    auto* data = app_.add_option("--data", arguments_.data, "Data folder, while no hub runs on it");
    auto* hub =
        app_.add_option("--hub", arguments_.hub, "Address of a running hub")->excludes(data);
    app_.add_option("--token-file", arguments_.token_file,
                    "File with the token of an account that administers the center")
        ->needs(hub);
    app_.add_option("--ca-file,--ca", arguments_.ca_file, "Authorities for https hubs (PEM)")
        ->needs(hub);
    app_.add_option("--center", arguments_.center,
                    "Id of the center that an empty data folder becomes by \"account\"; "
                    "\"plan apply\" takes the plan's")
        ->capture_default_str();
  }

  void declare_plan() {
    auto* plan = app_.add_subcommand("plan", "Plan files: check, compare, apply");
    plan->require_subcommand(1);
    plan->footer("Example:\n  fenghuo-admin --data DIR plan diff city-command-center.toml");
    auto* check = plan->add_subcommand("check", "Say every mistake of a plan file");
    add_file(check, "Plan file (TOML)");
    check->footer("Example:\n  fenghuo-admin plan check city-command-center.toml");
    act(check, [this] { return plan_check(terminal_, arguments_.file); });
    auto* diff = plan->add_subcommand("diff", "Say what applying would change");
    add_file(diff, "Plan file (TOML)");
    diff->footer("Example:\n  fenghuo-admin --data DIR plan diff city-command-center.toml");
    act(diff, [this] {
      return with_access(
          [this](const Access& access) { return plan_diff(terminal_, access, arguments_.file); });
    });
    auto* apply = plan->add_subcommand("apply", "Make the center what the plan says");
    add_file(apply, "Plan file (TOML)");
    apply->footer("Example:\n  fenghuo-admin --data DIR plan apply city-command-center.toml");
    act(apply, [this] {
      return with_access(
          [this](const Access& access) { return plan_apply(terminal_, access, arguments_.file); });
    });
  }

  void declare_account() {
    auto* account = app_.add_subcommand("account", "Accounts, passwords, tokens");
    account->require_subcommand(1);
    account->footer(
        "Examples:\n"
        "  fenghuo-admin --data DIR account add li.wan --name-zh 李婉 --name-en \"Li Wan\" \\\n"
        "      --department eoc --role \"eoc/duty-operator primary\" --phone \"radio: 01\"\n"
        "  fenghuo-admin --data DIR account import people.csv --dry-run\n"
        "  fenghuo-admin --data DIR account token bot.gds --label \"gas detectors\" > gds.token");
    declare_add(account->add_subcommand("add", "A new account; its password is shown once"));
    auto* import = account->add_subcommand(
        "import", "Accounts from a CSV list; stores nothing while a row is wrong");
    add_file(import, "List (CSV, UTF-8, first line names the columns)");
    import->footer(
        "Columns: account, name_zh_hans, name_en; and, where wanted, name_zh_hant, kind,\n"
        "department, role, standing, phone, rooms, access_until, password. A further line with\n"
        "the same account and no name adds a role.\n"
        "Example:\n  fenghuo-admin --data DIR account import people.csv --dry-run");
    import->add_flag("--dry-run", arguments_.dry_run, "Say what would change, store nothing");
    act(import, [this] {
      return with_access([this](const Access& access) {
        return account_import(terminal_, access, arguments_.center, {}, arguments_.file,
                              arguments_.dry_run);
      });
    });
    auto* disable = account->add_subcommand("disable", "Nobody gets in with it any more");
    add_name(disable);
    disable->footer("Example:\n  fenghuo-admin --data DIR account disable li.wan");
    disable->add_flag("--undo", arguments_.undo, "Or again");
    act(disable, [this] {
      return with_access([this](const Access& access) {
        return account_disable(terminal_, access, arguments_.account.key, arguments_.undo);
      });
    });
    auto* reset = account->add_subcommand("reset", "A new password, shown once");
    add_name(reset);
    reset->footer("Example:\n  fenghuo-admin --data DIR account reset li.wan");
    add_password(reset);
    act(reset, [this] {
      return with_access([this](const Access& access) {
        return account_reset(terminal_, access, {}, arguments_.account.key,
                             arguments_.account.password);
      });
    });
    declare_token(account->add_subcommand("token", "A token for a bot, shown once"));
  }

  void declare_add(CLI::App* add) {
    NewAccount& account = arguments_.account;
    add_name(add);
    add->footer(
        "Examples:\n"
        "  fenghuo-admin --data DIR account add zheng.yu --name-zh 郑宇 --admin\n"
        "  fenghuo-admin --data DIR account add xu.hong --kind guest --room grp-expert \\\n"
        "      --until 2026-12-31T18:00:00+08:00");
    add->add_option("--name-zh,--name-zh-hans", account.name_zh_hans, "Simplified Chinese name");
    add->add_option("--name-zh-hant", account.name_zh_hant, "Traditional Chinese name");
    add->add_option("--name-en", account.name_en, "English name");
    add->add_option("--kind", account.kind, "person, bot or guest")->capture_default_str();
    add->add_option("--department", account.department, "Key of the department");
    add->add_option("--role", account.roles, "\"ROLE\" or \"ROLE STANDING\"; may be repeated");
    add->add_option("--phone", account.phones, "\"NUMBER\" or \"KIND: NUMBER\"; may be repeated");
    add->add_option("--room", account.rooms, "Guests: key of a channel; may be repeated");
    add->add_option("--until", account.access_until, "Guests: like 2026-12-31T18:00:00+08:00");
    add->add_flag("--admin", account.admin, "Appoint to the role that administers the center");
    add_password(add);
    act(add, [this] {
      return with_access([this](const Access& access) {
        return account_add(terminal_, access, arguments_.center, {}, arguments_.account);
      });
    });
  }

  void declare_token(CLI::App* token) {
    add_name(token);
    token->footer(
        "Example:\n  fenghuo-admin --data DIR account token bot.gds --label \"gas\" > gds.token");
    token->add_option("--label", arguments_.label, "What the list of tokens says")
        ->capture_default_str();
    token->add_option("--days", arguments_.days, "Ends after so many days; 0 = never")
        ->check(CLI::Range(0, 36'500))
        ->capture_default_str();
    act(token, [this] {
      return with_access([this](const Access& access) {
        return account_token(terminal_, access, arguments_.account.key, arguments_.label,
                             arguments_.days, look_at_machine().wall_us);
      });
    });
  }

  void declare_record() {
    auto* verify = app_.add_subcommand("verify", "Read everything, believe nothing");
    verify->footer("Example:\n  fenghuo-admin verify /var/lib/fenghuo");
    add_folder(verify);
    act(verify, [this] {
      return with_store([this](storage::Store& store) { return verify_record(terminal_, store); });
    });
    auto* dump = app_.add_subcommand("dump", "Records as JSON, one a line");
    dump->footer("Example:\n  fenghuo-admin dump /var/lib/fenghuo --from 1000 --count 10 | jq .");
    add_folder(dump);
    dump->add_option("--from", arguments_.from, "First position")->capture_default_str();
    dump->add_option("--count", arguments_.count, "How many; 0 = all")->capture_default_str();
    act(dump, [this] {
      return with_store([this](storage::Store& store) {
        return dump_record(terminal_, store, arguments_.from, arguments_.count);
      });
    });
    auto* stats = app_.add_subcommand("stats", "How much there is of what");
    stats->footer("Example:\n  fenghuo-admin stats /var/lib/fenghuo");
    add_folder(stats);
    act(stats, [this] {
      return with_store([this](storage::Store& store) { return record_stats(terminal_, store); });
    });
    auto* doctor = app_.add_subcommand("doctor", "Clock, disk, record, vacant roles: green or red");
    doctor->footer("Example:\n  fenghuo-admin doctor /var/lib/fenghuo");
    add_folder(doctor);
    act(doctor, [this] {
      return with_store(
          [this](storage::Store& store) { return examine(terminal_, look_at_machine(), store); });
    });
    declare_copies();
  }

  void declare_copies() {
    auto* backup = app_.add_subcommand("backup", "Copy a record, also while a hub runs on it");
    add_folder(backup);
    backup->add_option("TO", arguments_.target, "New folder")->required();
    backup->footer("Example:\n  fenghuo-admin backup /var/lib/fenghuo /mnt/usb/fenghuo-0513");
    act(backup, [this] { return backup_folder(terminal_, arguments_.folder, arguments_.target); });
    auto* restore =
        app_.add_subcommand("restore", "Make a data folder of a backup; begins a new epoch");
    restore->add_option("FROM", arguments_.folder, "Backup")->required();
    restore->add_option("DIR", arguments_.target, "New data folder")->required();
    restore->footer("Example:\n  fenghuo-admin restore /mnt/usb/fenghuo-0513 /var/lib/fenghuo");
    act(restore,
        [this] { return restore_folder(terminal_, arguments_.folder, arguments_.target); });
  }

  void add_file(CLI::App* command, const std::string& what) {
    command->add_option("FILE", arguments_.file, what)->required();
  }
  void add_name(CLI::App* command) {
    command->add_option("NAME", arguments_.account.key, "Account, as typed at login")->required();
  }
  void add_folder(CLI::App* command) {
    command->add_option("DIR", arguments_.folder, "Data folder")->required();
  }
  void add_password(CLI::App* command) {
    command->add_flag("--password-stdin", arguments_.password_from_stdin,
                      "Read the password from standard input; else one is made and shown");
  }
  void act(CLI::App* command, std::function<int()> action) {
    command->callback([this, action = std::move(action)] { arguments_.action = action; });
  }

  int with_access(const std::function<int(const Access&)>& command) {
    if (arguments_.password_from_stdin) {
      const std::optional<std::string> line = first_line(std::cin);
      if (!line || line->empty()) {
        terminal_.complain("no password on standard input");
        return exit_usage;
      }
      arguments_.account.password = *line;
    }
    if (!arguments_.data.empty()) return command(access_to_folder(arguments_.data));
    if (arguments_.hub.empty()) {
      terminal_.complain("where? add --data DIR, or --hub URL --token-file FILE");
      return exit_usage;
    }
    std::ifstream file(arguments_.token_file);
    const std::optional<std::string> token = first_line(file);
    if (!token || token->empty()) {
      terminal_.complain("no token in \"{}\": add --token-file FILE", arguments_.token_file);
      return exit_usage;
    }
    return command(access_to_hub(arguments_.hub, *token, arguments_.ca_file));
  }

  int with_store(const std::function<int(storage::Store&)>& command) {
    const auto store = open_to_read(arguments_.folder);
    if (!store) return terminal_.fail(store.error());
    return command(**store);
  }

  Terminal terminal_;
  Arguments arguments_;
  CLI::App app_{"The operator's tool of a Fenghuo hub", "fenghuo-admin"};
};

}  // namespace

int run(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
  return Program(out, err).run(argc, argv);
}

}  // namespace fenghuo::admin
