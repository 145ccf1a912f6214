#ifndef ANON_ENTRY_H
#define ANON_ENTRY_H
/* The entries of the record (PROTOCOL section 5): canonical JSON, at most 65,535 bytes, with a type field
 * `t`. Those that this folder reads have a struct of their own; of others the kind's name, `at`, `pk` and
 * `proof` are read, and the JSON is there for the room that knows them. Reading is strict: a missing, extra
 * or ill-typed member refuses an entry of a known kind; an unknown kind is kept as ENTRY_OTHER. */
#include <jansson.h>
#include <stdint.h>

#include "anon/epoch.h"
#include "anon/moderation.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/span.h"

enum { ENTRY_MOST = 65535, ENTRY_LIST = 16, ENTRY_ACTS_MOST = 512 }; /* of one batch */
enum entry_kind {
    ENTRY_OTHER,
    ENTRY_GENESIS,
    ENTRY_RULES,
    ENTRY_KEY,
    ENTRY_ROSTER,
    ENTRY_OPEN,
    ENTRY_CLOSE,
    ENTRY_BATCH,
    ENTRY_ACT,
    ENTRY_ANSWER,
    ENTRY_SURVEY,
    ENTRY_PEER,
    ENTRY_BREAK,
    ENTRY_MODERATOR,
    ENTRY_VOUCHER,
    ENTRY_END,
    ENTRY_MODERATION,
    ENTRY_LISTENER,
    ENTRY_COUNSELLOR,
    ENTRY_HOURS,
};
struct entry_texts {
    struct span at[ENTRY_LIST];
    size_t n;
};
/* {"at","board":[url],"by","issuer":[url],"lab","log":[vkey],"origin_info","promise":vkey,"protocol":1,
 * "roles":"both|issuer|board","t","trial":bool,"vouchers":[],"zone"}; log: this log's vkey first, then,
 * split, the other operator's; promise: the board's promise vkey, in both logs. zone: an IANA name. */
struct entry_genesis {
    struct span lab, by, roles, zone, origin_info, promise;
    struct entry_texts issuer, board, log;
    bool trial;
};
/* {"at","batch":seconds (trial) |
 * "slots":[6,12,18],"fetch":[600,960],"floor","letters":4,"policy":b64,"quota",
 * "retention":14,"send":[540,1080],"t","witnesses":[vkey]}: fetch and send are minutes of the lab's day. */
struct entry_rules {
    int64_t floor, quota, batch, letters, retention;
    int64_t slot[24]; /* hours of the lab's day, ascending; none when batch is set */
    size_t slots;
    int64_t fetch_from, fetch_to, send_from, send_to;
    uint8_t policy[32];
    struct entry_texts witnesses;
};
/* {"at","challenge":b64,"crowd":b64 (general only),"epoch" | "survey","issue_from","issue_to","spend_from",
 * "spend_to","spki":b64,"t","use":"general|survey"} */
struct entry_key {
    bool survey;
    day_t epoch;       /* general */
    uint8_t id_of[16]; /* survey */
    struct windows windows;
    uint8_t spki[342], key_id[32], crowd[32]; /* key_id, digest: computed here. crowd: the hash */
    struct span challenge;
    uint8_t digest[32];
};
/* roster {"at","epoch","members","root","t"}, open {"at","epoch","holders","root","t"} */
struct entry_list {
    day_t epoch;
    int64_t n;
    uint8_t root[32];
};
/* {"at","counsellors"?,"epoch" | "survey","issued","members","t"} by the issuer, {"at","epoch" | "survey",
 * "spent","t"} by the board: what is not said is -1. counsellors: how many keys of counsellors, who are no
 * members, had the quota too; 0 is not written */
struct entry_close {
    bool survey;
    day_t epoch;
    uint8_t id_of[16];
    int64_t members, issued, spent, counsellors;
};
/* {"count","day","keys":{"2026-W48":17},"n","series":"board|letters|answers","slot","survey" (answers),"t"};
 * slot: its number in the day, from 0 (trial: always 0) */
struct entry_batch {
    struct span series;
    int64_t n, slot, count;
    day_t day;
    struct {
        day_t epoch;
        int64_t n;
    } key[4];
    size_t keys;
    uint8_t survey[16];
};
/* {"at","closes","group":{"n","name","roster","root"},"opens",…,"t"}: what the issuing of passes needs of a
 * survey; the rest is that of pulse/. whole: all of it is there. */
struct entry_survey {
    bool whole;
    int64_t opens, closes, roster, n; /* roster: log index of the group's list; n: how many it has */
    uint8_t root[32];
};
/* moderator, voucher {"at","from","name","pk","proof","t","to"}: from and to are UTC days, both of the term.
 * The proof leaves out "at": who holds the key signs before the lab knows when it will log it. */
struct entry_person {
    struct span name;
    uint8_t pk[32], proof[64];
    day_t from, to;
};
/* listener {"at","from","name","pk","proof","t","to","voucher":{"name","pk"},"vsig"}: the name may be "". The
 * proof leaves out "voucher" and "vsig" too, since it comes first; vsig is over "respite/vouch/v1\n" and the
 * entry without "at" and "vsig". */
struct entry_listener {
    struct entry_person person;
    struct span voucher; /* name */
    uint8_t voucher_pk[32], vsig[64];
};
/* counsellor {"at","employer","from","name","pk","proof","t","to","where"}: where: the key's words can be
 * compared there, outside the lab (an own web page, a telephone number). */
struct entry_counsellor {
    struct entry_person person;
    struct span employer, where;
};
/* hours {"at","c","counsellor","slots","t","week"}: c: SHA-256 of the signed record (anon/hours.h); slots:
 * how many times are in it. */
struct entry_hours {
    uint8_t counsellor[32], c[32];
    day_t week;
    int64_t slots;
};
/* end {"at","pk","reason","t","what":"moderator|voucher|…"}: the lab ends a term, at once and on record. */
struct entry_end {
    struct span what, reason;
    uint8_t pk[32];
};
struct entry {
    enum entry_kind kind;
    struct span t, bytes; /* bytes: what was read */
    int64_t at;           /* 0 where the kind has none: batch, act, answer */
    union {
        struct entry_genesis genesis;
        struct entry_rules rules;
        struct entry_key key;
        struct entry_list list;
        struct entry_close close;
        struct entry_batch batch;
        struct {
            uint8_t c[32], survey[16];
        } act; /* act, answer */
        struct entry_survey survey;
        struct {
            struct span note;
            bool has_epoch;
            day_t epoch;
        } peer; /* {"at","epoch"?,"note","t"} */
        struct {
            uint64_t size;
            uint8_t root[32];
            struct span reason;
        } broken; /* {"at","reason","root","size","t"}: the head that was lost */
        struct entry_person person;
        struct entry_listener listener;
        struct entry_counsellor counsellor;
        struct entry_hours hours;
        struct entry_end end;
        struct moderation moderation; /* {"at","do","pk","prev","reason","sig","t","target"} */
    };
};
/* Read one; what it points into lives in `bytes` and `arena`. */
MUST bool entry_read(struct span bytes, struct arena *arena, struct entry *out, struct err *err);
/* Append the canonical JSON of an entry of a kind with a struct here. */
MUST bool entry_write(const struct entry *entry, struct buf *out, struct err *err);
/* What a proof is over: "respite/<t>/v1\n" and the entry without "at", "proof", "voucher" and "vsig". */
MUST bool entry_proof_text(json_t *o, struct span t, struct buf *out, struct err *err);
/* Sign the proof of a moderator's, voucher's, listener's or counsellor's entry: pk and proof are set. */
/* The person of such an entry; of no other. */
struct entry_person *entry_person_of(struct entry *entry);
MUST bool entry_prove(struct entry *entry, const struct sign_key *key, struct err *err);
/* Vouch for a proven listener's entry: voucher_pk and vsig are set; and whether that is so. */
MUST bool entry_vouch(struct entry *entry, const struct sign_key *key, struct err *err);
MUST bool entry_vouched(const struct entry *entry, bool *good, struct err *err);
/* The leaf entry of an act: {"c":"…","t":"act"}, its leaf hash and the item's id, its first 16 bytes. */
void entry_act_leaf(const uint8_t c[static 32], struct buf *out, uint8_t leaf[static 32]);
#endif
