// SPDX-License-Identifier: Apache-2.0
// A program linked with this sees the disk that the file named by FENGHUO_WEAK_DISK tells of: how
// much of a terabyte is free ("free 0.04"), or that syncs fail ("no sync"). Nothing told, or no
// file: a good and empty disk. The system's functions of the same names are not reached.
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string>

namespace {

struct Disk {
  double free_share = 1;
  bool syncs = true;
};

Disk disk_now() {
  Disk disk;
  const char* file = std::getenv("FENGHUO_WEAK_DISK");
  if (file == nullptr) return disk;
  std::ifstream told(file);
  for (std::string word; told >> word;) {
    if (word == "free") told >> disk.free_share;
    if (word == "no") disk.syncs = false;
  }
  return disk;
}

int sync(long call, int descriptor) {
  if (disk_now().syncs) return static_cast<int>(::syscall(call, descriptor));
  errno = EIO;
  return -1;
}

}  // namespace

extern "C" {

int statvfs(const char*, struct statvfs* disk) noexcept {
  constexpr unsigned long block_bytes = 4096;
  constexpr unsigned long blocks = (1UL << 40) / block_bytes;
  *disk = {};
  disk->f_bsize = block_bytes;
  disk->f_frsize = block_bytes;
  disk->f_blocks = blocks;
  disk->f_bfree = static_cast<unsigned long>(disk_now().free_share * static_cast<double>(blocks));
  disk->f_bavail = disk->f_bfree;
  return 0;
}

int fsync(int descriptor) { return sync(SYS_fsync, descriptor); }
int fdatasync(int descriptor) { return sync(SYS_fdatasync, descriptor); }

}  // extern "C"
