#ifndef APP_DOOR_H
#define APP_DOOR_H
/* Who may come in: whoever shows the one-time key once, and then the cookie it gave. Other users of this
 * computer, and pages of other sites in the same browser, have neither. */
#include "ui/room.h"

struct door {
    uint16_t port;
    char cookie_name[32]; /* respite_7464: cookies are shared by all ports of a host */
    char session[65];     /* 64 hex digits, of this run */
    uint8_t form_key[32];
    char origin[40]; /* http://127.0.0.1:7464 */
};
void door_open(struct door *door, uint16_t port);
/* Make a new one-time key, kept in the file “key” of the data folder (0600), and the address that holds it,
 * in the arena. */
MUST bool door_key(struct arena *arena, const char *data_dir, uint16_t port, const char **url,
                   struct err *err);
/* True when the request may go on to its route. Else `reply` is made: the page that takes the key and sets
 * the cookie, or a refusal. */
bool door_let_in(const struct door *door, const char *data_dir, const struct request *request,
                 struct reply *reply);
#endif
