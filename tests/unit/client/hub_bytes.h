// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a hub would say, as bytes, for tests of the client.

#include "fenghuo/v1/frame.pb.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fenghuo::client::test {

inline std::string bytes_of(const v1::ServerFrame& frame) {
  std::string out;
  {
    google::protobuf::io::StringOutputStream stream(&out);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.WriteVarint64(frame.ByteSizeLong());
    frame.SerializeToCodedStream(&coded);
  }
  return out;
}

inline std::vector<v1::ClientFrame> client_frames(std::string_view message) {
  std::vector<v1::ClientFrame> frames;
  google::protobuf::io::CodedInputStream coded(
      reinterpret_cast<const std::uint8_t*>(message.data()), static_cast<int>(message.size()));
  std::uint64_t size = 0;
  while (coded.ReadVarint64(&size)) {
    std::string body;
    coded.ReadString(&body, static_cast<int>(size));
    frames.emplace_back().ParseFromString(body);
  }
  return frames;
}

inline v1::ServerFrame welcome(std::uint64_t position, const std::string& epoch = "e1") {
  v1::ServerFrame frame;
  auto* w = frame.mutable_welcome();
  w->set_epoch(epoch);
  w->set_position(position);
  w->set_published(position);
  w->set_account_id(7);
  w->set_max_inflight(64);
  w->set_max_inflight_bytes(256 * 1024);
  auto* channel = w->mutable_snapshot()->add_channels();
  channel->mutable_channel()->set_id(3);
  channel->mutable_channel()->set_key("ops-watch");
  channel->mutable_channel()->set_revision(3);
  channel->add_cursors()->set_channel_id(3);
  return frame;
}

inline v1::ServerFrame resumed(std::uint64_t position, std::uint64_t published,
                               const std::string& epoch = "e1") {
  v1::ServerFrame frame = welcome(position, epoch);
  frame.mutable_welcome()->clear_snapshot();
  frame.mutable_welcome()->set_resumed(true);
  frame.mutable_welcome()->set_published(published);
  return frame;
}

// One message at `through`.
inline v1::ServerFrame batch(std::uint64_t after, std::uint64_t through) {
  v1::ServerFrame frame;
  frame.mutable_batch()->set_after(after);
  frame.mutable_batch()->set_through(through);
  auto* update = frame.mutable_batch()->add_updates();
  update->set_position(through);
  auto* message = update->mutable_message();
  message->set_id(through);
  message->set_channel_id(3);
  message->set_seq(through);
  message->set_text("m" + std::to_string(through));
  message->set_revision(through);
  return frame;
}

inline v1::ServerFrame done(std::uint64_t n, std::uint64_t id) {
  v1::ServerFrame frame;
  frame.mutable_reply()->set_n(n);
  frame.mutable_reply()->set_position(id);
  frame.mutable_reply()->mutable_done()->set_id(id);
  return frame;
}

inline v1::ServerFrame refused(std::uint64_t n, v1::ErrorCode code,
                               std::uint32_t retry_after_ms = 0) {
  v1::ServerFrame frame;
  frame.mutable_reply()->set_n(n);
  frame.mutable_reply()->mutable_refused()->set_code(code);
  frame.mutable_reply()->mutable_refused()->set_retry_after_ms(retry_after_ms);
  return frame;
}

inline v1::Command post(const std::string& text) {
  v1::Command command;
  command.mutable_post_message()->set_channel_id(3);
  command.mutable_post_message()->set_text(text);
  return command;
}

}  // namespace fenghuo::client::test
