/* The table of what a lab can see. Each table of its database stands in some row: a test looks. */
#include "anon/sees.h"

#include "base/words.h"
#include "codec/json.h"
#include "ui/wrap.h"

#include "base/banned.h"

const struct sees_row sees_rows[] = {
    {SEES_NAMED, N_("sees.row.member", "the name, a random id, the week of joining"), "member"},
    {SEES_NAMED,
     N_("sees.row.keys", "the hash of the secret that the computer shows, a random number for the lists of "
                         "members, the key that it confirms the record with"),
     "member"},
    {SEES_NAMED,
     N_("sees.row.passes",
        "that the passes of a week were collected, as every member does and counsellors may, "
        "and the hash of that request; until the week's sums are in the record"),
     "issued"},
    {SEES_NAMED, N_("sees.row.cosigned", "that the computer confirmed the record of a week"), "cosigned"},
    {SEES_NAMED,
     N_("sees.row.invited", "invitations: the name, the day, the hash of the code, for seven days"),
     "invite"},
    {SEES_NAMED, N_("sees.row.gone", "of who left: the name as a keyed hash, until their last week is over"),
     "gone"},
    {SEES_BARE, N_("sees.bare.posts", "posts and votes: their text and the day"),
     "waiting batch thread_item placed series held_back"},
    {SEES_BARE,
     N_("sees.bare.flags",
        "what members tell the moderators about a post, until they decide, at most 28 days; "
        "what was decided"),
     "flag moderated"},
    {SEES_BARE,
     N_("sees.row.cards",
        "cards of listeners: a key that is new every week, languages, topics, open or paused"),
     "waiting batch placed"},
    {SEES_BARE,
     N_("sees.bare.hours",
        "open hours of counsellors; which times are taken, a closed box and a key used once "
        "with each, until the time is over"),
     "counsel_hours counsel_slot counsel_taken"},
    {SEES_BARE,
     N_("sees.bare.circles",
        "circles: theme and lines, as everybody reads them; which made-up keys came, said yes or no, stayed "
        "and left, and the day; not who they are, what is said in them, or when they meet"),
     "circle_row waiting batch placed"},
    {SEES_BARE,
     N_("sees.bare.battles",
        "battles of the arena: prompt and answers until the vote, at most two days; then "
        "the vote, with its day and no more; models, boards"),
     "battle battle_holder battle_vote arena_model arena_published"},
    {SEES_BARE, N_("sees.bare.letters", "letters: sealed and padded, for 14 days"), "waiting batch"},
    {SEES_BARE,
     N_("sees.bare.answers", "answers: bare numbers until the release, then a noisy mean and no more"),
     "waiting batch"},
    {SEES_BARE,
     N_("sees.row.spent",
        "passes that were used, and the hash of what each was used for, until 14 days after "
        "their week"),
     "spent summed"},
    {SEES_BARE, N_("sees.row.lists", "the lists of members and holders of a week, as hashes"),
     "roster_left roster_list roster_copy"},
    {SEES_BARE,
     N_("sees.row.log", "the record that everybody has: hashes, counts and keys; records of other labs that "
                        "this one confirms or follows"),
     "log_head log_entry log_tile witnessed witness_asked issuer_head issuer_entry"},
    {SEES_BARE, N_("sees.row.issuing", "the keys that passes are signed with, sealed, and what is due when"),
     "issuer_key issuing rotated setting job quiet held received clock_seen migration"},
    {SEES_BARE, N_("sees.row.sent", "what this lab itself asked of other labs, and when"), "sent"},
    {SEES_ABSENT, N_("sees.row.who", "who used a pass, and which member wrote what"), ""},
    {SEES_ABSENT, N_("sees.row.when", "the time of any request, an address of a computer, an e-mail address"),
     ""},
    {SEES_ABSENT,
     N_("sees.row.at_home",
        "hours, check-ins, notes, leave plans, drafts, reading: none of it leaves a member's "
        "computer"),
     ""},
    {SEES_WATCH,
     N_("sees.row.request",
        "the time and the address of each request (through a proxy or Tor: not the member's)"),
     ""},
    {SEES_WATCH, N_("sees.row.on", "that a computer was on at up to two moments of a weekday"), ""},
    {SEES_WATCH, N_("sees.watch.3", "answers without names, before a release"), ""},
    {SEES_WATCH,
     N_("sees.row.counsel", "when a counsellor's computer asks who took a time, for letters or for passes"),
     ""},
    {SEES_WATCH, N_("sees.row.battle", "that a computer asks for a battle of the arena, and when"), ""},
    {SEES_WATCH,
     N_("sees.row.order", "the order in which acts came since the last batch, in the database's own files"),
     ""},
    {SEES_WATCH,
     N_("sees.row.net", "the network: who talks to the lab; padded sizes; moments drawn beforehand"), ""},
    {SEES_UNSOLVED,
     N_("sees.invent", "The lab could invent members, and, with both roles, add votes of its own."), ""},
    {SEES_UNSOLVED,
     N_("sees.row.weeks", "A name that is kept for weeks is narrowed down by who was there in each of them."),
     ""},
    {SEES_UNSOLVED,
     N_("sees.row.alone", "The lab could keep a record of its own for one member: comparing the words of the "
                          "week with a colleague shows it."),
     ""},
    {SEES_UNSOLVED, N_("sees.row.style", "How somebody writes can give them away."), ""},
    {.where = NULL}};

const char *sees_heading(enum sees_kind kind)
{
    switch (kind) {
    case SEES_NAMED:
        return tr("sees.named.lab", "Everything in the lab's database that has a member's name on it");
    case SEES_BARE:
        return tr("sees.bare", "What is there without a name");
    case SEES_ABSENT:
        return tr("sees.absent", "What is not there");
    case SEES_WATCH:
        return tr("sees.watch", "Whoever watches the running server also sees:");
    default:
        return tr("sees.unsolved", "What nothing here prevents");
    }
}

static const char *kind_name(enum sees_kind kind)
{
    static const char *const names[SEES_KINDS] = {"named", "bare", "absent", "watch", "unsolved"};
    return names[kind];
}

static bool write_json(struct buf *out, struct err *err)
{
    AUTO_JSON json_t *list = json_array();
    for (const struct sees_row *row = sees_rows; list && row->where; row++)
        if (json_array_append_new(list, json_pack("{s:s,s:s,s:s}", "kind", kind_name(row->kind), "what",
                                                  words_of(row->what), "where", row->where)))
            return fail_memory(err);
    AUTO_JSON json_t *o = json_pack("{s:O}", "rows", list);
    return o ? json_write(o, out, err) : fail_memory(err);
}

static void write_row(struct buf *out, const struct sees_row *row)
{
    struct buf AUTO_BUF line;
    buf_init(&line, 4096);
    buf_printf(&line, "  %s%s%s%s", words_of(row->what), row->where[0] ? "  [" : "", row->where,
               row->where[0] ? "]" : "");
    wrap_text(out, buf_text(&line), 80, 4);
}

static void write_text(struct buf *out)
{
    for (enum sees_kind kind = 0; kind < SEES_KINDS; kind++) {
        buf_printf(out, "%s%s\n", kind ? "\n" : "", sees_heading(kind));
        for (const struct sees_row *row = sees_rows; row->where; row++)
            if (row->kind == kind)
                write_row(out, row);
    }
    buf_add_byte(out, '\n');
    wrap_text(out, tr("sees.tables", "In brackets: the tables of the lab's database."), 80, 0);
}

int cmd_lab_sees(struct app *app)
{
    struct err err = {0};
    struct buf AUTO_BUF out;
    buf_init(&out, 1 << 20);
    bool done = true;
    if (cli_has(app->cli, "json"))
        done = write_json(&out, &err);
    else
        write_text(&out);
    return done && buf_ok(&out, &err) && cmd_print(&out, &err) ? 0 : cmd_failed(&err);
}
