// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/frames.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

namespace fenghuo::client {

void append_frame(const v1::ClientFrame& frame, std::string& out) {
  google::protobuf::io::StringOutputStream stream(&out);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.WriteVarint64(frame.ByteSizeLong());
  frame.SerializeToCodedStream(&coded);
}

std::optional<std::vector<v1::ServerFrame>> read_frames(std::string_view message) {
  std::vector<v1::ServerFrame> frames;
  while (!message.empty()) {
    google::protobuf::io::CodedInputStream coded(
        reinterpret_cast<const std::uint8_t*>(message.data()), static_cast<int>(message.size()));
    std::uint64_t size = 0;
    if (!coded.ReadVarint64(&size)) return std::nullopt;
    message.remove_prefix(static_cast<std::size_t>(coded.CurrentPosition()));
    if (size > message.size()) return std::nullopt;
    v1::ServerFrame frame;
    if (!frame.ParseFromArray(message.data(), static_cast<int>(size))) return std::nullopt;
    message.remove_prefix(size);
    frames.push_back(std::move(frame));
  }
  return frames;
}

}  // namespace fenghuo::client
