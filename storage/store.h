// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/blob_store.h"
#include "storage/event_log.h"
#include "storage/ordered_store.h"

namespace fenghuo::storage {

// What one data folder holds. The three parts share one durability: see OrderedStore::write.
class Store {
 public:
  virtual ~Store() = default;
  virtual EventLog& log() = 0;
  virtual OrderedStore& rows() = 0;
  virtual BlobStore& blobs() = 0;
  // Share of the disk that is free, 0 to 1.
  virtual double free_share() const = 0;
};

}  // namespace fenghuo::storage
