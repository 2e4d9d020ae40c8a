// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/base/types.h"

#include <cstddef>
#include <cstdint>

// Every limit of the hub, in one place. What happens at a limit is said beside it; a test stands at
// each edge. Memory: an account costs about 1 KiB in each State and up to 3 KiB for each of its
// devices, a channel about 1 KiB and 110 bytes a membership, a message 64 bytes, a tracked
// addressee 48 bytes.
namespace fenghuo::base::limits {

// Wire. Larger: TOO_LARGE and the connection closes with TOO_LARGE.
inline constexpr std::size_t frame_bytes_max = 128 * 1024;
// Administrators' plans come over HTTP only.
inline constexpr std::size_t http_body_bytes_max = 2 * 1024 * 1024;
inline constexpr std::size_t http_header_bytes_max = 16 * 1024;
// Frames in one WebSocket message; more: BAD_FRAME.
inline constexpr std::size_t frames_per_message_max = 256;
// JSON nesting; deeper: BAD_FRAME.
inline constexpr int json_depth_max = 32;

// Session. Above the window the hub stops reading; far above: FLOODING.
inline constexpr std::uint32_t inflight_max = 64;
inline constexpr std::uint32_t inflight_bytes_max = 256 * 1024;
// A full outbox drops to catching up: a session is a cursor on the log.
inline constexpr std::size_t outbox_bytes_max = 512 * 1024;
inline constexpr TimeUs hello_timeout_us = 10 * us_per_s;
// An empty Batch at most this often when there is nothing to see.
inline constexpr TimeUs keepalive_us = 15 * us_per_s;
// Nothing from the client (ping answers count): closes with IDLE.
inline constexpr TimeUs idle_timeout_us = 60 * us_per_s;
// Queries waiting per session; more: RATE_LIMITED.
inline constexpr std::size_t queries_waiting_max = 16;
inline constexpr std::size_t connections_max = 20'000;
inline constexpr std::size_t device_name_bytes_max = 64;

// Engine. Inbox full: OVERLOADED for normal commands; the reserve is for urgent ones.
inline constexpr std::size_t inbox_commands_max = 16 * 1024;
inline constexpr std::size_t inbox_bytes_max = 32 * 1024 * 1024;
inline constexpr std::size_t inbox_reserve_commands = 1'024;
// One group: what is synced in one write.
inline constexpr std::size_t group_records_max = 4'096;
inline constexpr std::size_t group_bytes_max = 4 * 1024 * 1024;
inline constexpr std::size_t deadlines_per_step_max = 512;
// Of each group at least this share is normal commands while any wait.
inline constexpr double normal_share_min = 0.25;
// Urgent (flash) commands per account: burst and refill; beyond: handled as normal.
inline constexpr double urgent_burst = 20;
inline constexpr double urgent_per_s = 1;
// Posts per account: burst and refill; beyond: RATE_LIMITED. Bots have the same.
inline constexpr double commands_burst = 2'000;
inline constexpr double commands_per_s = 1'000;
// Reading and delivery are merged into one record this often.
inline constexpr TimeUs cursor_merge_us = us_per_s;
inline constexpr std::size_t cursor_rows_per_record_max = 4'096;

// Dedupe: results remembered per device, and devices per account (the longest unused goes).
inline constexpr std::size_t results_per_device = 64;
inline constexpr std::size_t devices_per_account = 32;

// Entities; more: LIMIT_REACHED.
inline constexpr std::size_t departments_max = 1'000;
inline constexpr std::size_t roles_max = 10'000;
inline constexpr std::size_t accounts_max = 50'000;
inline constexpr std::size_t contacts_max = 50'000;
inline constexpr std::size_t channels_max = 50'000;
inline constexpr std::size_t appointments_per_account_max = 64;
inline constexpr std::size_t direct_members_max = 9;
inline constexpr std::size_t tokens_per_account_max = 64;
inline constexpr std::size_t phones_max = 8;
inline constexpr std::size_t member_entries_max = 1'024;
inline constexpr std::size_t grants_per_role_max = 32;
inline constexpr std::size_t open_redactions_max = 1'000;

// Duty.
inline constexpr std::int64_t roll_call_us_max = 24LL * 3'600 * 1'000'000;
inline constexpr std::uint32_t alarm_stage_max = 9;
inline constexpr std::size_t fault_points_max = 1'000;
inline constexpr std::size_t warning_text_bytes_max = 4'096;
// Ids named in the text of a refusal.
inline constexpr std::size_t ids_in_error_max = 20;
inline constexpr std::size_t shifts_per_command_max = 2'000;
inline constexpr std::int64_t shift_us_max = 31LL * 24 * 3'600 * 1'000'000;
// A roster sent to be checked; more: a problem of the file.
inline constexpr std::size_t roster_table_bytes_max = 96 * 1024;
// What is put fits into a frame.
inline constexpr std::size_t roster_put_bytes_max = frame_bytes_max - 1024;
inline constexpr int rotation_people_max = 64;
inline constexpr TimeUs turns_span_us_max = 366LL * 24 * 3'600 * us_per_s;
inline constexpr int turns_max = 200;

// Orders.
inline constexpr std::size_t addressees_max = 64;
inline constexpr std::size_t ladders_max = 256;
inline constexpr std::size_t rungs_max = 16;
inline constexpr std::size_t rung_targets_max = 16;
inline constexpr std::uint32_t ladder_loops_max = 16;
// A post in an incident counts as progress at most so often.
inline constexpr TimeUs progress_note_us = 60 * us_per_s;
// A call about several orders; latest repeats kept of one person.
inline constexpr int call_orders_max = 64;
inline constexpr std::uint32_t repeats_per_person_max = 16;
inline constexpr TimeUs group_calls_default_us = 10 * us_per_s;
// Paper slips of one batch.
inline constexpr std::size_t slips_max = 64;
// Entries of one list of the configuration, as a plan file writes it.
inline constexpr std::size_t configuration_entries_max = 10'000;
inline constexpr std::int64_t vacancy_notice_us = 3'600LL * 1'000'000;

// Feedback. Everybody who took part in an incident up to the number is asked, by account.
inline constexpr std::size_t feedback_text_bytes_max = 4'096;
inline constexpr std::uint32_t feedback_similar_max = 1'000'000;
inline constexpr int feedback_entries_max = 256;
inline constexpr std::size_t feedback_merged_max = 256;
inline constexpr std::size_t feedback_asks_max = 1'000;
inline constexpr std::size_t receipt_code_bytes = 16;
// Waiting for the full hour without a name; more: recorded at once, and shown at the hour.
inline constexpr std::size_t feedback_held_max = 10'000;

// Incidents.
inline constexpr std::size_t incident_groups_max = 32;
inline constexpr std::size_t level_proposals_max = 256;
inline constexpr std::size_t origins_max = 64;
inline constexpr std::size_t waivers_max = 256;
inline constexpr std::size_t report_fields_max = 64;
inline constexpr std::size_t report_value_bytes_max = 4 * 1024;
// Older counts and later entries are in the record only.
inline constexpr int casualty_path_max = 256;
inline constexpr int timeline_entries_max = 512;
// When the configuration says nothing.
inline constexpr TimeUs break_glass_confirm_default_us = 15 * 60 * us_per_s;
inline constexpr TimeUs level_reply_default_us = 15 * 60 * us_per_s;

// Text, bytes of UTF-8; more: TOO_LARGE with the field.
inline constexpr std::size_t message_text_bytes_max = 16 * 1024;
inline constexpr std::size_t name_bytes_max = 256;
inline constexpr std::size_t key_bytes_max = 64;
inline constexpr std::size_t topic_bytes_max = 1'024;
inline constexpr std::size_t reason_bytes_max = 1'024;
inline constexpr std::size_t phone_bytes_max = 64;
inline constexpr std::size_t mentions_max = 64;
inline constexpr std::size_t attachments_max = 16;
inline constexpr std::size_t versions_max = 100;
inline constexpr std::size_t password_bytes_min = 8;
inline constexpr std::size_t password_bytes_max = 256;
inline constexpr std::size_t token_label_bytes_max = 128;
inline constexpr std::size_t deliveries_per_command_max = 256;

// Reads.
inline constexpr std::uint32_t history_page_default = 50;
inline constexpr std::uint32_t history_page_max = 200;
inline constexpr std::uint32_t list_page_default = 50;
inline constexpr std::uint32_t list_page_max = 200;
inline constexpr std::uint32_t search_page_default = 20;
inline constexpr std::uint32_t search_page_max = 100;
inline constexpr std::size_t search_text_bytes_max = 256;
inline constexpr std::size_t receipts_in_snapshot_messages_max = 256;
inline constexpr std::size_t blob_bytes_max = 32 * 1024 * 1024;
// Figures and the like read the log in steps of so many records, so that other reads get between;
// beyond so many at once: OVERLOADED.
inline constexpr std::size_t log_scan_records_max = 4'096;
inline constexpr int log_scans_max = 2;
inline constexpr TimeUs blob_unreferenced_us = 24 * 3'600 * us_per_s;

// Fan-out: recent commits kept encoded; behind them a session reads the log.
inline constexpr std::size_t ring_bytes_max = 64 * 1024 * 1024;
// One step of catching up.
inline constexpr std::size_t catch_up_records_max = 512;
inline constexpr std::size_t catch_up_bytes_max = 256 * 1024;

// Login: failed attempts per account and per address (a whole building may share one); beyond:
// RATE_LIMITED with the delay. Above the entries the longest unused is forgotten.
inline constexpr double login_burst = 10;
inline constexpr double login_per_s = 0.1;
inline constexpr double login_address_burst = 100;
inline constexpr double login_address_per_s = 1;
inline constexpr std::size_t login_table_entries_max = 16 * 1024;
// Password hashes computed at once; more wait, then OVERLOADED.
inline constexpr std::size_t hashing_at_once = 2;
inline constexpr std::size_t hashing_waiting_max = 64;
inline constexpr TimeUs token_lifetime_us = 30LL * 24 * 3'600 * us_per_s;

// Storage: below these shares of free disk the hub warns, refuses routine posts and uploads, and
// is read-only.
inline constexpr double disk_warn_share = 0.10;
inline constexpr double disk_refuse_share = 0.05;
inline constexpr double disk_read_only_share = 0.01;

inline constexpr TimeUs redaction_window_default_us = 3'600 * us_per_s;

// Hub clock and wall clock apart by more: announced.
inline constexpr TimeUs clock_disagrees_us = 2 * us_per_s;
// After a reboot: the wall clock so far ahead of the record may be wrong.
inline constexpr TimeUs clock_ahead_us = 7LL * 24 * 3'600 * us_per_s;
// The hub away for as long: recorded as an outage. More than the second between two signs of life.
inline constexpr TimeUs outage_least_us = 5 * us_per_s;

// Relations that the rest relies on.
static_assert(inflight_max <= results_per_device);
static_assert(message_text_bytes_max * 4 < frame_bytes_max);
static_assert(catch_up_bytes_max < outbox_bytes_max);
static_assert(frame_bytes_max < inflight_bytes_max);

}  // namespace fenghuo::base::limits
