// Every bound of fenliu stands here, each with its reason. A bound that a user may change is the default of a setting of the
// same name; the others are part of the wire contract (protocol/PROTOCOL.md) and fixed.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace fenliu::limits {

using namespace std::chrono_literals;

// --- wire contract -------------------------------------------------------------------------------------------------------

/// Protocol version spoken.
inline constexpr std::uint32_t protocol_version = 1;
/// Bytes of one frame; also ZMQ_MAXMSGSIZE. Big enough for 256 chat lines, small enough that 64 sit in a receive queue.
inline constexpr std::size_t frame_bytes = 256 * 1024;
/// Messages in one frame: the batch beyond which measured throughput no longer grows.
inline constexpr std::size_t frame_messages = 256;
/// Nesting of msgpack containers: the deepest kind (43) needs 3; the rest is room for unknown trailing fields.
inline constexpr std::size_t depth = 8;
inline constexpr std::size_t array_items = 1'024;
inline constexpr std::size_t map_items = 128;
/// Bytes of one string; longer chat lines are TOO_LARGE.
inline constexpr std::size_t string_bytes = 16 * 1024;
inline constexpr std::size_t shop_bytes = 64;
inline constexpr std::size_t buyer_bytes = 64;
/// `main:sub`: a shop id and a sub name of at most 30 units (R2), which is at most 60 bytes of UTF-8.
inline constexpr std::size_t account_bytes = 64 + 1 + 64;
/// Units of the sub part of an account name (R2).
inline constexpr std::size_t account_name_units = 30;
/// msg_id, request_id, conversation: a UUID in its text form.
inline constexpr std::size_t id_bytes = 36;
inline constexpr std::size_t label_bytes = 128; // device, entry, page, group, product, order, region, level, lang, verb, tag
/// `group:<id>`, the longest thing a buyer is forwarded to.
inline constexpr std::size_t forward_target_bytes = 6 + label_bytes;
inline constexpr std::size_t tags = 32;               // tags of one publish: facts for routing, not a document
inline constexpr std::size_t crowds = 32;             // crowds of one buyer
inline constexpr std::size_t page_bytes = 128 * 1024; // a history page or tail: half a frame, so that it always fits one
inline constexpr std::size_t page_lines = 256;        // lines of one history page
inline constexpr std::size_t tail_lines = 64;         // lines of an assignment's tail

// --- session ---------------------------------------------------------------------------------------------------------------

inline constexpr auto heartbeat = 5'000ms;
inline constexpr unsigned heartbeats_missed = 3; // dead after this many intervals of silence
/// Data messages a peer may be ahead of the last cumulative ack: 1 MiB of 1 KiB lines, a few commits' worth.
inline constexpr std::uint32_t window = 1'024;
/// The client acks what it has processed once it is so many messages, or so many bytes of frames, or so old. An ack only tells
/// the broker what it need not keep for a resume, and costs as much as a message.
inline constexpr std::uint32_t ack_messages = 64; // and no more than a quarter of the window
inline constexpr std::size_t ack_bytes = 64 * 1024;
inline constexpr auto ack_delay = 100ms;
/// Over twice the window the peer ignores credit altogether: bye.
inline constexpr std::uint32_t window_overrun = 2 * window;
/// A session without a connection is kept for resume this long.
inline constexpr auto session_expiry = 300'000ms;
/// Bytes kept for one session, unsent or unacked; beyond it the session ends and its data waits in the store.
inline constexpr std::size_t outbox_bytes = 4 * 1024 * 1024;
/// Shares of an outbox: what an agent is to get waits in the store once more than the first is kept, until no more than the
/// second is. The rest is for what lane and log have on its way; far enough apart that a lane isn't told at every ack.
inline constexpr std::size_t outbox_full = 2, outbox_roomy = 4;
/// Live frontend sessions that follow one buyer.
inline constexpr std::size_t buyer_links = 8;
/// Connections admitted by default; past it a hello is answered OVERLOADED.
inline constexpr std::size_t connections = 65'536;
/// A connection has to say hello within this time.
inline constexpr auto hello_timeout = 10'000ms;
/// Pause asked of a peer whose hello or data came while draining or with all sessions taken: such things last seconds.
inline constexpr auto retry_after = 1'000ms;
/// Pause asked when too much is in flight: a few commits later there is room.
inline constexpr auto retry_after_overload = 100ms;

// --- who gets in -----------------------------------------------------------------------------------------------------------

/// Bytes of a signed token: every field at its limit is 490 bytes, four thirds of that in base64, and the signature.
inline constexpr std::size_t token_bytes = 1'024;
/// A key file holds one line.
inline constexpr std::size_t key_file_bytes = 1'024;
/// Handshakes and hellos of one address: an office of some hundred agents comes back within seconds, and one address can't keep
/// the thread that verifies them busy.
inline constexpr std::uint32_t handshakes_per_s = 50;
/// Unused ones are kept for this long: after a restart all come at once.
inline constexpr std::uint32_t handshakes_saved_s = 10;
/// Addresses whose handshakes are counted; the one that was quiet for longest makes room.
inline constexpr std::size_t counted_addresses = 16'384;
/// Live sessions of one address: a shop's gateway may have thousands of frontends.
inline constexpr std::size_t sessions_per_address = 4'096;
/// Revoked tokens that are not expired: all of a large site, several times over.
inline constexpr std::size_t revoked_tokens = 100'000;

// --- process ---------------------------------------------------------------------------------------------------------------

/// Bytes received and not yet processed, over all sessions; past it data is answered OVERLOADED.
inline constexpr std::size_t in_flight_bytes = 64 * 1024 * 1024;
/// Events that a lane has in hand; what comes in beyond waits at the edge, where agents go first and shops take turns. Under
/// half a millisecond of a lane's work: 1,024 doubled a quiet shop's median beside a flood, 128 cost a tenth of the throughput.
inline constexpr std::size_t lane_backlog = 256;
/// A thread's turn on a busy processor (Linux 6.12 and later), about the work of a hundred messages. With turns of usual length a
/// quiet shop's slowest lines took half as long again beside a flood; 0.1 ms is the shortest that Linux gives.
inline constexpr auto turn = 200us;
/// Messages that a shop hands to its lane in one turn.
inline constexpr std::size_t turn_messages = 16;
/// Lines that a conversation sends its owner in one turn, who may have missed thousands: about a backlog's work.
inline constexpr std::size_t turn_delivered = 256;
/// Messages that a rate refuses are told times one after the other, up to this long after the next that may come: a flood doesn't
/// keep away for longer those who come after it.
inline constexpr auto told_ahead = 1'000ms;
/// Of a rate that is not used for so many seconds it can be caught up. A tenth of that halved a quiet shop's slowest times beside
/// many clients of a shop at its rate, and that shop got a third of its rate, as those who come back come late.
inline constexpr std::uint32_t rate_saved_s = 1;
/// Shops whose rates are counted; the one that was quiet for longest makes room.
inline constexpr std::size_t counted_shops = 65'536;
/// Frames taken from the socket per wake-up: one at a time costs ×0.27, more than 512 gains nothing.
inline constexpr std::size_t frames_per_drain = 512;
/// Of those, bytes: about a lane's backlog of short lines. What agents say goes first only after a drain has ended.
inline constexpr std::size_t drain_bytes = 64 * 1024;
/// Drains wait for more as the process takes more than this share of all processors' time, longest from the second on...
inline constexpr double drain_share = 0.35, drain_share_full = 0.42;
/// ...so long at most from one to the next: with 0.3 ms the slowest of 20,000 messages a second on two cores took 12 ms, with 0.5
/// ms 9, with 1 ms 9 as well, without it 170. A shorter sleep than the least would take longer than it says.
inline constexpr auto drain_wait = 500us, drain_wait_least = 50us;
/// Nor longer than so many messages take to come: a flood gets no slower, and a quiet shop beside it waits no longer.
inline constexpr double drain_messages = 8;
/// How often that share is looked at.
inline constexpr auto drain_look = 10ms;
inline constexpr int receive_hwm = 64;
inline constexpr int send_hwm = 1'000;
/// A subscription to the feed: `shop/<shop>/<event>` and one byte before it, with room.
inline constexpr std::size_t subscription_bytes = 256;
/// What a connection to the feed may send at once: the longest message of a CURVE handshake has 300 bytes.
inline constexpr std::size_t feed_message_bytes = 1'024;
inline constexpr std::size_t waiting_line = 1'000; // default limit of a shop's line
inline constexpr std::size_t accounts_per_shop = 10'000;
inline constexpr std::size_t groups_per_shop = 1'000;
/// Crowds with priority in a shop (R21).
inline constexpr std::size_t priority_crowds = 10;
/// Lines a conversation keeps for dedupe (invariant 1); older ones live in the archive alone.
inline constexpr std::size_t dedupe_lines = 1'024;
/// The newest lines of a conversation that an owner who missed more is sent, in memory or read from the archive: more of them
/// don't fit an outbox. The rest it finds in history.
inline constexpr std::size_t undelivered_lines = 16'384;
/// Owner changes by forward in one conversation, so that a chain ends.
inline constexpr std::size_t forward_chain = 16;

// --- storage ---------------------------------------------------------------------------------------------------------------

inline constexpr std::size_t segment_bytes = 64 * 1024 * 1024;
/// Of the segment that a start goes on in, besides what it copies there: it waits for these bytes to be on the disk.
inline constexpr std::size_t first_segment_bytes = 4 * 1024 * 1024;
/// The log stays this long after the archive has it: a complaint about a decision comes within the day.
inline constexpr std::chrono::milliseconds log_retention = 24h;
/// Of that at most 16 segments, so that many restarts don't fill a disk.
inline constexpr std::size_t log_retention_bytes = 16 * segment_bytes;
/// Payload of one journal record: a line with every field at its limit, with room.
inline constexpr std::size_t record_bytes = 64 * 1024;
/// Lines in one row of the archive: one JSON text that is read and written whole.
inline constexpr std::size_t archive_part_lines = 1'024;
/// So many lines make a row of their own, which is never written again: what one pass rewrites for one new line is bounded. A
/// large pass makes rows of fewer.
inline constexpr std::size_t archive_rewritten_lines = 16;
/// The archive takes in less than a whole pass after this much silence in the log.
inline constexpr auto archive_quiet = 1'000ms;
/// Or after so long without silence: what only memory can answer stays small.
inline constexpr auto archive_latest = 10'000ms;
/// Log that one pass of the archive takes in about, as soon as it is there: its writes come in portions that the log's syncs
/// don't wait long for, and its memory is small.
inline constexpr std::uint64_t archive_pass_bytes = 2 * 1024 * 1024;
/// Where more waits, one pass takes that in at most: the more lines of a conversation come together the less often its row is
/// written. With 32,000 open conversations hit at random 2 MiB write 17 KB to the disk for each line.
inline constexpr std::uint64_t archive_pass_most = 32 * 1024 * 1024;
/// Conversations that one pass keeps for the next, so that their rows need not be read (about 1 KB each).
inline constexpr std::size_t archive_kept = 32'768;
/// Log that the archive may be behind before shops that flood the bus wait for it: memory holds the lines of that.
inline constexpr std::uint64_t archive_lag_bytes = segment_bytes;
/// Times that before all buyers wait.
inline constexpr double archive_lag_of_all = 1.5;
/// Somebody with an SQL shell holds the archive's write lock: a pass is tried again after that.
inline constexpr int archive_busy_ms = 2'000;
/// Stopping archives for this long before it leaves the rest to the log and the next run; container hosts kill after 10 s.
inline constexpr auto archive_farewell = 5'000ms;
/// Bytes of a page of the archive: one write to the system each.
inline constexpr int archive_page_bytes = 16 * 1024;
/// Pages in SQLite's log (4 MiB) from which on it is written back: few syncs, a start reads little, and the log's own syncs don't
/// wait long for it.
inline constexpr int archive_wal_pages = 256;
/// Up to this size of the archive a start reads and checks all of its rows (about 0.3 s); beyond, `fenliu doctor` does.
inline constexpr std::uintmax_t archive_checked_bytes = 64 * 1024 * 1024;
/// What one look at a store lists of damage; who has more restores a backup anyway.
inline constexpr std::size_t store_findings = 100;
/// A backup begins anew this often when the broker drops segments meanwhile.
inline constexpr int backup_attempts = 5;
/// Read and written at a time when a store is copied.
inline constexpr std::size_t copy_bytes = 1024 * 1024;
/// Nice value of the archive's thread: below everything that somebody waits for.
inline constexpr int archive_nice = 10;

// --- administration --------------------------------------------------------------------------------------------------------

/// Agents and decisions in one full explanation, so that it fits a frame.
inline constexpr std::size_t explained_agents = 128;
inline constexpr std::size_t explained_decisions = 8;
/// Decisions of a shop looked through for one agent.
inline constexpr std::size_t explained_for_agent = 20;
/// What the audit keeps of one request, and the page of an answer holds many of.
inline constexpr std::size_t audit_bytes = 512;
/// Words with which somebody explains a change.
inline constexpr std::size_t note_bytes = 512;
/// History is pruned from this age on: what is younger may be needed for dedupe and for a complaint of the day.
inline constexpr std::chrono::milliseconds prune_youngest = 24h;
/// Findings of one policy that are told.
inline constexpr std::size_t policy_findings = 200;
/// A policy's text: 100,000 keywords of 40 bytes.
inline constexpr std::size_t policy_bytes = 4 * 1024 * 1024;
/// Of that in one message.
inline constexpr std::size_t policy_part_bytes = 16'000;
/// Policies that are being sent to one lane at a time; the oldest makes room.
inline constexpr std::size_t policy_uploads = 16;

// --- what a configuration may set --------------------------------------------------------------------------------------------

/// Both ends are allowed.
struct range {
    std::int64_t from, to;
};
/// Bytes of a configuration file: ten thousand accounts in each of ten shops.
inline constexpr std::size_t configuration_bytes = 16 * 1024 * 1024;
/// Changed lines that a difference between two policies tells apart: beyond, people read the new one, and the search costs its
/// square.
inline constexpr std::size_t changed_lines = 2'000;
/// Below, an idle broker is busy with heartbeats; above, a dead peer goes unnoticed for half an hour.
inline constexpr range heartbeat_range_ms{100, 600'000};
/// Up to a day: what waits is bounded by the outbox, not by time.
inline constexpr range session_expiry_range_ms{1'000, 86'400'000};
/// Below, every few messages wait for an ack; above, one session may hold 64 MiB of 1 KiB lines.
inline constexpr range window_range{16, 65'536};
/// At least the largest frame has to fit.
inline constexpr range outbox_range_bytes{frame_bytes, 1LL << 30};
inline constexpr range in_flight_range_bytes{1LL << 20, 1LL << 36};
/// Messages a second of one shop's buyers: no shop is faster than the broker.
inline constexpr range shop_rate_range{0, 1'000'000};
/// About a million descriptors is what a Linux process may open.
inline constexpr range connections_range{1, 1'000'000};
/// Beyond a hundred thousand a second no machine shakes hands.
inline constexpr range handshakes_range{1, 100'000};
/// Messages a second of one session: no peer is faster than the broker.
inline constexpr range token_rate_range{0, 1'000'000};
/// Days a token may last: ten years are for ever.
inline constexpr range token_days_range{1, 3'650};
/// More threads than any machine has cores gain nothing.
inline constexpr range lanes_range{0, 256};
inline constexpr range waiting_line_range{0, 1'000'000};
/// Conversations one account holds: no person has more, a robot account may.
inline constexpr range cap_range{0, 100'000};
/// A grace is for a lost connection, not for a shift: an hour.
inline constexpr range grace_range_ms{0, 3'600'000};
/// Minutes: a day.
inline constexpr range repeat_entry_range_min{0, 1'440};
/// Percent of a cap: at 100 an agent has no room anyway.
inline constexpr range overwork_range_percent{0, 100};
/// Waits for a reply or in line: a day, as for repeat entry.
inline constexpr range waited_range_s{0, 86'400};
/// There are three classes: three steps lift a buyer of the lowest above all.
inline constexpr range ageing_range_classes{1, 3};
/// An agent's part of new buyers against the others' 1: beyond, the others get none.
inline constexpr double agent_weight = 100;
/// A second, for tests of silence, to a week.
inline constexpr range session_silence_range_ms{1'000, 604'800'000};

} // namespace fenliu::limits
