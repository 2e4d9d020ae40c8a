// SPDX-License-Identifier: Apache-2.0
#include "tools/admin/data_folder.h"

#include "hub/base/clock.h"
#include "hub/core/listing.h"
#include "hub/engine/recovery.h"
#include "storage/rocksdb/backup.h"
#include "storage/rocksdb/rocksdb_store.h"
#include "storage/verify.h"
#include "tools/admin/data_center.h"
#include "tools/admin/epoch.h"

#include <utility>

namespace fenghuo::admin {

namespace {

namespace fs = std::filesystem;

// A data center with the store and the clock it works on.
class FolderCenter final : public Center {
 public:
  static base::Result<std::unique_ptr<Center>> open(const fs::path& folder,
                                                    const std::string& center_id) {
    if (center_id.empty() && is_missing(folder)) return no_record(folder);
    auto store = storage::open_rocksdb_store(folder);
    if (!store) return in_use_or_broken(store.error());
    if (center_id.empty() && (*store)->log().head().position == 0) return no_record(folder);
    auto center = std::unique_ptr<FolderCenter>(new FolderCenter(std::move(*store)));
    auto inner = open_data_center(*center->store_, center->clock_, center_id);
    if (!inner) return inner.error();
    center->inner_ = std::move(*inner);
    return std::unique_ptr<Center>(std::move(center));
  }

  static bool is_missing(const fs::path& folder) {
    std::error_code ignored;
    return !fs::exists(folder, ignored) || fs::is_empty(folder, ignored);
  }

  // Whether a hub ever wrote there: any other folder is no record, not a broken one.
  static bool has_record(const fs::path& folder) {
    std::error_code ignored;
    return fs::exists(folder / "db" / "CURRENT", ignored);
  }

  static base::Error in_use_or_broken(const base::Error& error) {
    if (error.code() != v1::ERROR_CODE_UNAVAILABLE) return error;
    return base::Error(error.code(), error.message() +
                                         "; stop it first, or work through it with --hub URL "
                                         "--token-file FILE instead of --data");
  }

  static base::Error no_record(const fs::path& folder) {
    return base::Error(v1::ERROR_CODE_UNAVAILABLE,
                       "there is no record in " + folder.string() +
                           "; plan apply makes one, and a hub that starts on it");
  }

  base::Result<Directory> directory() override { return inner_->directory(); }
  base::Result<v1::Reply::Done> run(const v1::Command& command) override {
    return inner_->run(command);
  }
  std::optional<bool> has_password(base::EntityId account_id) override {
    return inner_->has_password(account_id);
  }

 private:
  explicit FolderCenter(std::unique_ptr<storage::Store> store)
      : store_(std::move(store)), clock_(store_->log().head().time_us) {}

  std::unique_ptr<storage::Store> store_;
  base::BootClock clock_;
  std::unique_ptr<Center> inner_;
};

base::Result<Center::Directory> look_into(const fs::path& folder) {
  Center::Directory directory;
  directory.all_channels = true;
  if (FolderCenter::is_missing(folder)) return directory;
  const auto store = open_to_read(folder);
  if (!store) return store.error();
  const base::Result<core::State> state = engine::reload(**store);
  if (!state) return state.error();
  directory.snapshot = core::list_all(*state);
  directory.center_id = state->center_id();
  directory.name = state->center_name();
  directory.zone = state->zone();
  return directory;
}

fs::path partial(const fs::path& folder) {
  // "backup/" names the folder before the slash.
  const fs::path name = folder.has_filename() ? folder : folder.parent_path();
  return name.string() + ".partial";
}

base::Result<storage::Head> verified_head(const fs::path& folder) {
  const auto store = storage::open_rocksdb_read_only(folder);
  if (!store) return store.error();
  const storage::VerifyReport report = storage::verify(**store);
  if (!report.first_bad) return report.head;
  return base::Error(v1::ERROR_CODE_STORAGE_FAILED, "the copy is bad: " + *report.first_bad);
}

base::Result<storage::Head> new_epoch(const fs::path& folder) {
  const auto store = storage::open_rocksdb_store(folder);
  if (!store) return store.error();
  const base::BootClock clock((*store)->log().head().time_us);
  return begin_epoch(**store, clock.now());
}

// Copies into a folder beside the target, which takes its name when it is whole and verified.
base::Result<storage::Head> copy_folder(const fs::path& from, const fs::path& to, bool restore) {
  if (!FolderCenter::is_missing(to)) {
    return base::Error(v1::ERROR_CODE_ALREADY_EXISTS, to.string() + " is not empty");
  }
  if (!FolderCenter::has_record(from)) return FolderCenter::no_record(from);
  const fs::path half = partial(to);
  std::error_code failed;
  fs::remove_all(half, failed);
  if (auto copied = storage::copy_rocksdb_store(from, half); !copied) return copied.error();
  base::Result<storage::Head> head = verified_head(half);
  if (head && restore) head = new_epoch(half);
  if (!head) return head;
  fs::remove(to, failed);
  fs::rename(half, to, failed);
  if (!failed) return head;
  return base::Error(v1::ERROR_CODE_STORAGE_FAILED,
                     fmt::format("cannot name the copy {}: {}", to.string(), failed.message()));
}

}  // namespace

Access access_to_folder(const fs::path& folder) {
  return {[folder] { return look_into(folder); },
          [folder](const std::string& center_id) { return FolderCenter::open(folder, center_id); }};
}

base::Result<std::unique_ptr<storage::Store>> open_to_read(const fs::path& folder) {
  if (!FolderCenter::has_record(folder)) return FolderCenter::no_record(folder);
  auto store = storage::open_rocksdb_read_only(folder);
  if (!store) return store;
  if (const auto whole = storage::check_head_file(folder, (*store)->log()); !whole) {
    return whole.error();
  }
  return store;
}

int backup_folder(const Terminal& terminal, const fs::path& from, const fs::path& to) {
  const base::Result<storage::Head> head = copy_folder(from, to, false);
  if (!head) return terminal.fail(head.error());
  terminal.say("{} records copied to {} and verified", head->position, to.string());
  return exit_done;
}

int restore_folder(const Terminal& terminal, const fs::path& from, const fs::path& to) {
  const base::Result<storage::Head> head = copy_folder(from, to, true);
  if (!head) return terminal.fail(head.error());
  terminal.say("{} is ready for a hub; a new epoch begins at record {}", to.string(),
               head->position);
  return exit_done;
}

}  // namespace fenghuo::admin
