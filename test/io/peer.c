/* Who holds the other end of a connection, while many others come and go. */
#include "test/test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/peer.h"

enum { OTHERS = 150, ROUNDS = 200, LOOKING = 4 };

static int listen_at(struct sockaddr_in *at)
{
    socklen_t n = sizeof *at;
    *at = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)at, sizeof *at), 0);
    assert_int_equal(listen(fd, 64), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)at, &n), 0);
    return fd;
}

static int join(const struct sockaddr_in *at)
{
    struct linger at_once = {1, 0};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (const struct sockaddr *)at, sizeof *at) != 0) {
        close(fd);
        return -1;
    }
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    return fd;
}

struct others {
    struct sockaddr_in at;
    int listening;
    atomic_bool over;
};

/* Connections of which the oldest ends as the next begins, so that rows of the table move. */
static void *come_and_go(void *arg)
{
    struct others *o = arg;
    int near[OTHERS], far[OTHERS];
    for (int i = 0; i < OTHERS; i++)
        near[i] = far[i] = -1;
    for (int i = 0; !atomic_load(&o->over); i = (i + 1) % OTHERS) {
        if (near[i] >= 0)
            close(near[i]);
        if (far[i] >= 0)
            close(far[i]);
        near[i] = join(&o->at);
        far[i] = near[i] < 0 ? -1 : accept(o->listening, NULL, NULL);
    }
    for (int i = 0; i < OTHERS; i++) {
        if (near[i] >= 0)
            close(near[i]);
        if (far[i] >= 0)
            close(far[i]);
    }
    return NULL;
}

struct looking {
    int table;
    int unknown;
};

/* As the threads of a server do: all of them read the one table. */
static void *look(void *arg)
{
    struct looking *l = arg;
    struct sockaddr_in at;
    int listening = listen_at(&at);
    for (int i = 0; i < ROUNDS; i++) {
        uid_t uid = (uid_t)-1;
        int near = join(&at), far = accept(listening, NULL, NULL);
        l->unknown += !peer_user(l->table, far, &uid) || uid != geteuid();
        close(near);
        close(far);
    }
    close(listening);
    return NULL;
}

void test_peer__a_user_is_known_while_others_come_and_go(void **state)
{
    (void)state;
    struct others others = {0};
    struct sockaddr_in at;
    pthread_t thread, looks[LOOKING];
    struct looking l[LOOKING];
    int listening = listen_at(&at), table = peer_table(listening), unknown = 0;
    assert_true(table >= 0);
    others.listening = listen_at(&others.at);
    assert_int_equal(pthread_create(&thread, NULL, come_and_go, &others), 0);
    for (int i = 0; i < LOOKING; i++) {
        l[i] = (struct looking){table, 0};
        assert_int_equal(pthread_create(&looks[i], NULL, look, &l[i]), 0);
    }
    for (int i = 0; i < LOOKING; i++) {
        pthread_join(looks[i], NULL);
        unknown += l[i].unknown;
    }
    atomic_store(&others.over, true);
    pthread_join(thread, NULL);
    close(table);
    close(listening);
    close(others.listening);
    assert_int_equal(unknown, 0);
}

void test_peer__an_end_that_was_closed_proves_nothing(void **state)
{
    (void)state;
    struct sockaddr_in at;
    uid_t uid;
    int listening = listen_at(&at), table = peer_table(listening), near = join(&at);
    int far = accept(listening, NULL, NULL);
    assert_true(peer_user(table, far, &uid));
    close(near);
    assert_false(peer_user(table, far, &uid));
    assert_false(peer_user(-1, far, &uid));
    close(far);
    close(table);
    close(listening);
}
