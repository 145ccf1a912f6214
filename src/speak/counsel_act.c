/* The act that takes a counsellor's time, read and written with the same code at both ends. */
#include "anon/item.h"
#include "base/words.h"
#include "codec/b64.h"
#include "codec/canon.h"
#include "codec/json.h"
#include "crypt/box.h"
#include "speak/counsel_lab.h"

#include "base/banned.h"

json_t *slot_act(const uint8_t slot[static 16], struct span box)
{
    char hex[33];
    item_hex(slot, hex);
    json_t *act = json_pack("{s:s}", "slot", hex);
    if (act && canon_put_b64(act, "box", box.p, box.n))
        return act;
    json_decref(act);
    return NULL;
}

bool slot_act_read(const json_t *act, uint8_t slot[static 16], uint8_t box[static 1024], struct err *err)
{
    static const char *const keys[] = {"box", "slot", NULL};
    return canon_only(act, keys, err) && canon_hex(act, "slot", slot, 16, err) &&
           canon_b64(act, "box", box, BOX_SMALL, err);
}
