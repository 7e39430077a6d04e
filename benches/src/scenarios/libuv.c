/* The scenarios with libuv: SCENARIO AMOUNT. Prints the port that it listens on, or 0, and then the
 * nanoseconds that the scenario took, by the clock and of processors. */

#define _GNU_SOURCE
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#define PING "PING\n"
#define PING_SIZE 5
#define TIMERS_PER_MS 1000
#define ACCEPTORS 2

static void check(int result, const char *what) {
    if (result < 0) {
        fprintf(stderr, "%s: %s\n", what, uv_strerror(result));
        exit(1);
    }
}

/* The stopwatch. */

static uint64_t start_elapsed, start_cpu;

static uint64_t now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void start_watch(void) {
    start_cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    start_elapsed = now(CLOCK_MONOTONIC);
}

static void finish(void) {
    uint64_t elapsed = now(CLOCK_MONOTONIC) - start_elapsed;
    uint64_t cpu = now(CLOCK_PROCESS_CPUTIME_ID) - start_cpu;
    printf("%llu %llu\n", (unsigned long long)elapsed, (unsigned long long)cpu);
    fflush(stdout);
    _exit(0);
}

static void announce(int port) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    printf("%d 0\n", port);
    fflush(stdout);
}

static uint64_t amount;

static void give_buffer(uv_handle_t *handle, size_t size, uv_buf_t *buffer) {
    static char bytes[64];
    (void)handle;
    (void)size;
    *buffer = uv_buf_init(bytes, sizeof bytes);
}

static int port_of(const struct sockaddr_storage *address) {
    return ntohs(((const struct sockaddr_in *)address)->sin_port);
}

/* TCP round trips: a client and a server of the same loop. */

typedef struct {
    uv_write_t request;
    char bytes[64];
} write_t;

static uv_tcp_t listener, server, client;
static uint64_t round_trips, ping_received;

static void written(uv_write_t *request, int status) {
    check(status, "write");
    free(request);
}

static void send_tcp(uv_stream_t *stream, const char *bytes, size_t count) {
    write_t *write = malloc(sizeof *write);
    memcpy(write->bytes, bytes, count);
    uv_buf_t buffer = uv_buf_init(write->bytes, (unsigned)count);
    check(uv_write(&write->request, stream, &buffer, 1, written), "write");
}

static void server_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer) {
    check((int)count, "read");
    send_tcp(stream, buffer->base, (size_t)count);
}

static void client_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer) {
    check((int)count, "read");
    for (ssize_t i = 0; i < count; i++) {
        if (buffer->base[i] != PING[ping_received++]) {
            fprintf(stderr, "the answer is wrong\n");
            exit(1);
        }
    }
    if (ping_received == PING_SIZE) {
        ping_received = 0;
        if (++round_trips == amount)
            finish();
        send_tcp(stream, PING, PING_SIZE);
    }
}

static void accepted(uv_stream_t *stream, int status) {
    check(status, "listen");
    check(uv_tcp_init(stream->loop, &server), "init");
    check(uv_accept(stream, (uv_stream_t *)&server), "accept");
    check(uv_tcp_nodelay(&server, 1), "nodelay");
    check(uv_read_start((uv_stream_t *)&server, give_buffer, server_read), "read");
}

static void connected(uv_connect_t *request, int status) {
    check(status, "connect");
    check(uv_tcp_nodelay(&client, 1), "nodelay");
    check(uv_read_start(request->handle, give_buffer, client_read), "read");
    start_watch();
    send_tcp(request->handle, PING, PING_SIZE);
}

static int listen_tcp(uv_tcp_t *handle) {
    struct sockaddr_in address;
    struct sockaddr_storage bound;
    int size = sizeof bound;
    check(uv_ip4_addr("127.0.0.1", 0, &address), "address");
    check(uv_tcp_bind(handle, (struct sockaddr *)&address, 0), "bind");
    check(uv_tcp_getsockname(handle, (struct sockaddr *)&bound, &size), "getsockname");
    return port_of(&bound);
}

static void ping_pongs(uv_loop_t *loop) {
    static uv_connect_t request;
    struct sockaddr_in address;
    announce(0);
    check(uv_tcp_init(loop, &listener), "init");
    check(uv_tcp_init(loop, &client), "init");
    check(uv_ip4_addr("127.0.0.1", listen_tcp(&listener), &address), "address");
    check(uv_listen((uv_stream_t *)&listener, 128, accepted), "listen");
    check(uv_tcp_connect(&request, &client, (struct sockaddr *)&address, connected), "connect");
}

/* UDP round trips: two sockets of the same loop. */

typedef struct {
    uv_udp_send_t request;
    char bytes[64];
} datagram_t;

static uv_udp_t udp_server, udp_client;
static struct sockaddr_in udp_address;

static void sent(uv_udp_send_t *request, int status) {
    check(status, "send");
    free(request);
}

static void send_udp(uv_udp_t *socket, const char *bytes, size_t count,
                     const struct sockaddr *peer) {
    datagram_t *datagram = malloc(sizeof *datagram);
    memcpy(datagram->bytes, bytes, count);
    uv_buf_t buffer = uv_buf_init(datagram->bytes, (unsigned)count);
    check(uv_udp_send(&datagram->request, socket, &buffer, 1, peer, sent), "send");
}

static void server_received(uv_udp_t *socket, ssize_t count, const uv_buf_t *buffer,
                            const struct sockaddr *peer, unsigned flags) {
    (void)flags;
    check((int)count, "receive");
    if (peer != NULL)
        send_udp(socket, buffer->base, (size_t)count, peer);
}

static void client_received(uv_udp_t *socket, ssize_t count, const uv_buf_t *buffer,
                            const struct sockaddr *peer, unsigned flags) {
    (void)flags;
    check((int)count, "receive");
    if (peer == NULL)
        return;
    if (count != PING_SIZE || memcmp(buffer->base, PING, PING_SIZE) != 0) {
        fprintf(stderr, "the answer is wrong\n");
        exit(1);
    }
    if (++round_trips == amount)
        finish();
    send_udp(socket, PING, PING_SIZE, (struct sockaddr *)&udp_address);
}

static void udp_pings(uv_loop_t *loop) {
    struct sockaddr_storage bound;
    int size = sizeof bound;
    announce(0);
    check(uv_ip4_addr("127.0.0.1", 0, &udp_address), "address");
    check(uv_udp_init(loop, &udp_server), "init");
    check(uv_udp_init(loop, &udp_client), "init");
    check(uv_udp_bind(&udp_server, (struct sockaddr *)&udp_address, 0), "bind");
    check(uv_udp_bind(&udp_client, (struct sockaddr *)&udp_address, 0), "bind");
    check(uv_udp_getsockname(&udp_server, (struct sockaddr *)&bound, &size), "getsockname");
    check(uv_ip4_addr("127.0.0.1", port_of(&bound), &udp_address), "address");
    check(uv_udp_recv_start(&udp_server, give_buffer, server_received), "receive");
    check(uv_udp_recv_start(&udp_client, give_buffer, client_received), "receive");
    start_watch();
    send_udp(&udp_client, PING, PING_SIZE, (struct sockaddr *)&udp_address);
}

/* Timers. */

static uint64_t fired;

static void fire(uv_timer_t *timer) {
    (void)timer;
    if (++fired == amount)
        finish();
}

static void timers(uv_loop_t *loop) {
    announce(0);
    start_watch();
    uv_timer_t *all = malloc(amount * sizeof *all);
    if (all == NULL)
        check(UV_ENOMEM, "timers");
    for (uint64_t i = 0; i < amount; i++) {
        check(uv_timer_init(loop, &all[i]), "init");
        check(uv_timer_start(&all[i], fire, 1 + i / TIMERS_PER_MS, 0), "start");
    }
}

/* Wakes from other threads. */

static uv_async_t async;
static uint64_t seen;

static void wake(uv_async_t *handle) {
    (void)handle;
    if (++seen == amount)
        finish();
}

static void hammer(void *argument) {
    (void)argument;
    for (;;)
        uv_async_send(&async);
}

static void pummel(uv_loop_t *loop, int threads) {
    announce(0);
    check(uv_async_init(loop, &async, wake), "init");
    start_watch();
    for (int i = 0; i < threads; i++) {
        uv_thread_t thread;
        check(uv_thread_create(&thread, hammer, NULL), "thread");
    }
}

/* Accepts on several threads. */

static atomic_uint_least64_t accepts_left;

static void closed(uv_handle_t *handle) { free(handle); }

static void accept_and_close(uv_stream_t *stream, int status) {
    check(status, "listen");
    uv_tcp_t *connection = malloc(sizeof *connection);
    check(uv_tcp_init(stream->loop, connection), "init");
    /* Another loop may have been faster. */
    int is_accepted = uv_accept(stream, (uv_stream_t *)connection) == 0;
    uv_close((uv_handle_t *)connection, closed);
    if (is_accepted && atomic_fetch_sub(&accepts_left, 1) == 1)
        finish();
}

static void accept_all(void *argument) {
    uv_loop_t loop;
    uv_tcp_t shared;
    check(uv_loop_init(&loop), "loop");
    check(uv_tcp_init(&loop, &shared), "init");
    check(uv_tcp_open(&shared, dup(*(uv_os_fd_t *)argument)), "open");
    check(uv_listen((uv_stream_t *)&shared, 4096, accept_and_close), "listen");
    uv_run(&loop, UV_RUN_DEFAULT);
}

static void multi_accept(uv_loop_t *loop) {
    static uv_os_fd_t descriptor;
    uv_thread_t threads[ACCEPTORS];
    accepts_left = amount;
    check(uv_tcp_init(loop, &listener), "init");
    int port = listen_tcp(&listener);
    check(uv_fileno((uv_handle_t *)&listener, &descriptor), "fileno");
    start_watch();
    for (int i = 0; i < ACCEPTORS; i++)
        check(uv_thread_create(&threads[i], accept_all, &descriptor), "thread");
    /* It listens as soon as one of them does, and refuses before. */
    check(uv_listen((uv_stream_t *)&listener, 4096, accept_and_close), "listen");
    announce(port);
    for (int i = 0; i < ACCEPTORS; i++)
        uv_thread_join(&threads[i]);
}

int main(int count, char **arguments) {
    if (count != 3) {
        fprintf(stderr, "usage: scenarios-libuv SCENARIO AMOUNT\n");
        return 1;
    }
    const char *scenario = arguments[1];
    int threads = 0;
    amount = strtoull(arguments[2], NULL, 10);
    uv_loop_t *loop = uv_default_loop();
    if (strcmp(scenario, "ping-pongs") == 0)
        ping_pongs(loop);
    else if (strcmp(scenario, "udp-pings") == 0)
        udp_pings(loop);
    else if (strcmp(scenario, "timers") == 0)
        timers(loop);
    else if (sscanf(scenario, "pummel-%d", &threads) == 1)
        pummel(loop, threads);
    else if (strcmp(scenario, "multi-accept") == 0)
        multi_accept(loop);
    else
        check(UV_EINVAL, scenario);
    return uv_run(loop, UV_RUN_DEFAULT);
}
