// SPDX-License-Identifier: Apache-2.0
#include "tools/replay/acting.h"

#include <string>

namespace fenghuo::replay {

client::Outcome<v1::Feedback> Acting::feedback(const Event& event, const std::string& actor) {
  const auto sight = stage_.sight(actor);
  if (!sight) return sight.error();
  const std::string name = event.word("feedback_id");
  const auto row = sight->rows().find({v1::ROW_KIND_FEEDBACK, id_of(name)});
  if (row == sight->rows().end()) {
    return client::Failure(client::Failure::Kind::Local, actor + " sees no feedback " + name);
  }
  return row->second.feedback();
}

Acting::Done Acting::open_feedback(const Event& event) {
  const auto where = channel(event);
  if (!where) return where.error();
  v1::Command command;
  v1::OpenFeedback& open = *command.mutable_open_feedback();
  open.set_kind(v1::FEEDBACK_KIND_PROBLEM);
  open.set_severity(v1::FEEDBACK_SEVERITY_URGENT);
  open.mutable_subject()->set_channel_id(*where);
  open.set_text(event.text.zh);
  open.set_from_public(event.word("origin") == "public");
  if (open.from_public()) {
    open.set_similar(static_cast<std::uint32_t>(event.number("similar").value_or(0)));
  }
  const Done opened = stage_.act(event.actor, command);
  if (opened) ids_[event.word("feedback_id")] = *opened;
  return opened;
}

// The duty chief gives it to the actor's role, who answers and says what changed.
Acting::Done Acting::handle_feedback(const Event& event) {
  const auto* declared = scenario_.first("incident.declare");
  const std::string chief = declared == nullptr ? event.actor : declared->actor;
  auto row = feedback(event, chief);
  if (!row) return row.error();
  const auto owner = role(event.actor);
  if (!owner) return owner.error();
  v1::Command triage;
  triage.mutable_triage_feedback()->set_feedback_id(row->id());
  triage.mutable_triage_feedback()->set_seen_revision(row->revision());
  triage.mutable_triage_feedback()->set_owner_role_id(*owner);
  if (const Done done = stage_.act(chief, triage); !done) return done;
  row = feedback(event, event.actor);
  if (!row) return row.error();
  v1::Command reply;
  reply.mutable_reply_feedback()->set_feedback_id(row->id());
  reply.mutable_reply_feedback()->set_seen_revision(row->revision());
  reply.mutable_reply_feedback()->set_text(event.text.zh);
  if (const Done done = stage_.act(event.actor, reply); !done) return done;
  row = feedback(event, event.actor);
  if (!row) return row.error();
  v1::Command adopt;
  adopt.mutable_adopt_feedback()->set_feedback_id(row->id());
  adopt.mutable_adopt_feedback()->set_seen_revision(row->revision());
  adopt.mutable_adopt_feedback()->set_change(event.text.zh);
  return stage_.act(event.actor, adopt);
}

}  // namespace fenghuo::replay
