// SPDX-License-Identifier: Apache-2.0
#include "hub/core/apply.h"
#include "hub/core/decide.h"
#include "hub/core/project.h"
#include "hub/session/codec.h"
#include "tools/bench/center.h"
#include "tools/bench/load_client.h"
#include "tools/bench/workloads.h"

#include <functional>

namespace fenghuo::bench {
namespace {

double ns_each(std::size_t count, const std::function<void(std::size_t)>& work) {
  const double started = now_s();
  for (std::size_t i = 0; i < count; ++i) work(i);
  return (now_s() - started) * 1e9 / static_cast<double>(count);
}

void apply_all(core::State& state, core::Effects& effects, std::vector<core::Drafted> drafts) {
  for (auto& draft : drafts) {
    effects.clear();
    core::apply(state, {state.position() + 1, 1, draft.event, nullptr}, effects);
  }
}

}  // namespace

Figures run_micro(const Setting&) {
  core::State state;
  core::Effects effects;
  apply_all(state, effects, core::genesis("w", "e", "bench", v1::WorldCreated::KIND_REAL));
  core::Envelope envelope;
  envelope.salt = std::string(16, 's');
  *envelope.command.mutable_apply_plan()->mutable_plan() =
      make_plan(1'000, {everyone_channel("all"), members_channel("few", 0, 20)});
  apply_all(state, effects, core::decide(state, envelope, 1).value().events);
  const std::uint64_t author = state.account_by_key("a0")->id();
  const std::uint64_t channel = state.channel_by_key("all")->id();

  core::Envelope post;
  post.account_id = author;
  post.device = "bench";
  post.salt = std::string(16, 's');
  post.command.mutable_post_message()->set_channel_id(channel);
  post.command.mutable_post_message()->set_text(std::string(200, 'x'));
  Figures figures;
  figures.emplace_back("decide_apply_post_ns", ns_each(200'000, [&](std::size_t i) {
                         post.n = i + 1;
                         apply_all(state, effects, core::decide(state, post, 2).value().events);
                       }));

  post.n = 1'000'000;
  auto decision = core::decide(state, post, 2).value();
  effects.clear();
  const core::Record record{state.position() + 1, 2, decision.events[0].event, nullptr};
  core::apply(state, record, effects);
  v1::Update update;
  figures.emplace_back(
      "project_post_ns", ns_each(200'000, [&](std::size_t) {
        core::project(state, record, effects,
                      [&](const core::Audience&, v1::Update&& made) { update = std::move(made); });
      }));
  std::string encoded;
  figures.emplace_back("encode_update_binary_ns", ns_each(200'000, [&](std::size_t) {
                         encoded = session::encode_update(session::Format::Binary, update);
                       }));
  figures.emplace_back("encode_update_json_ns", ns_each(20'000, [&](std::size_t) {
                         encoded = session::encode_update(session::Format::Json, update);
                       }));
  figures.emplace_back("snapshot_for_ns",
                       ns_each(200, [&](std::size_t) { (void)core::snapshot_for(state, author); }));
  return figures;
}

}  // namespace fenghuo::bench
