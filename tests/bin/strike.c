/* Strikes a program at its N-th call that changes something outside of it: loaded in front of the C
 * library by the fault suites, which compile it themselves. A process may be killed before or after
 * the call, or the call may fail.
 *
 *   STRIKE_CALLS  which calls are counted, letters: d data in files, s syncs, t talk on sockets and on
 *                 the standard output, n names in folders
 *   STRIKE_AT     at which of them, from 1
 *   STRIKE_HOW    before, after (the kill), or the number of an error
 *   STRIKE_ON     set: at all from there on (errors)
 *   STRIKE_NOTE   a file that is made when it strikes
 *   STRIKE_COUNT  a file into which a program that comes to its end writes how many calls there were
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *calls = "", *note, *count;
static long at;
static int failure, before, goes_on;
static atomic_long counted;

static int (*real_open)(const char *, int, ...);

__attribute__((constructor)) static void begin(void) {
    const char *how = getenv("STRIKE_HOW"), *place = getenv("STRIKE_AT");
    real_open = dlsym(RTLD_NEXT, "open64");
    if (!how || !place) return;
    if (getenv("STRIKE_CALLS")) calls = getenv("STRIKE_CALLS");
    note = getenv("STRIKE_NOTE");
    count = getenv("STRIKE_COUNT");
    at = atol(place);
    before = !strcmp(how, "before");
    failure = before || !strcmp(how, "after") ? 0 : atoi(how);
    goes_on = getenv("STRIKE_ON") != NULL;
}

__attribute__((destructor)) static void end(void) {
    int fd = count ? real_open(count, O_CREAT | O_TRUNC | O_WRONLY, 0600) : -1;
    if (fd < 0) return;
    /* The library's own way to write is none of the calls. */
    dprintf(fd, "%ld", atomic_load(&counted));
    close(fd);
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* Whether this call is the one. */
static int is_struck(char kind) {
    if (!at || !strchr(calls, kind)) return 0;
    long n = atomic_fetch_add(&counted, 1) + 1;
    if (n != at && !(goes_on && n > at)) return 0;
    if (note) {
        int fd = real_open(note, O_CREAT | O_WRONLY, 0600);
        if (fd >= 0) close(fd);
    }
    return 1;
}

/* Does a call, or strikes it. */
#define STRUCK(kind, type, call)                \
    do {                                        \
        int struck = is_struck(kind);           \
        if (struck && failure) {                \
            errno = failure;                    \
            return -1;                          \
        }                                       \
        if (struck && before) die();            \
        type done = call;                       \
        if (struck) die();                      \
        return done;                            \
    } while (0)

#define REAL(name, type, ...)                                   \
    static type (*real)(__VA_ARGS__);                           \
    if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

/* What writing to a descriptor is; 0 for what stays inside of the program. */
static char kind_of(int fd) {
    struct stat found;
    if (fd == 1) return 't';
    if (fstat(fd, &found)) return 0;
    if (S_ISREG(found.st_mode)) return 'd';
    return S_ISSOCK(found.st_mode) ? 't' : 0;
}

ssize_t write(int fd, const void *bytes, size_t n) {
    REAL("write", ssize_t, int, const void *, size_t);
    char kind = kind_of(fd);
    if (!kind) return real(fd, bytes, n);
    STRUCK(kind, ssize_t, real(fd, bytes, n));
}

ssize_t writev(int fd, const struct iovec *parts, int n) {
    REAL("writev", ssize_t, int, const struct iovec *, int);
    char kind = kind_of(fd);
    if (!kind) return real(fd, parts, n);
    STRUCK(kind, ssize_t, real(fd, parts, n));
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t place) {
    REAL("pwrite64", ssize_t, int, const void *, size_t, off64_t);
    STRUCK('d', ssize_t, real(fd, bytes, n, place));
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t place) {
    REAL("pwrite", ssize_t, int, const void *, size_t, off_t);
    STRUCK('d', ssize_t, real(fd, bytes, n, place));
}

int ftruncate64(int fd, off64_t size) {
    REAL("ftruncate64", int, int, off64_t);
    STRUCK('d', int, real(fd, size));
}

int ftruncate(int fd, off_t size) {
    REAL("ftruncate", int, int, off_t);
    STRUCK('d', int, real(fd, size));
}

int fsync(int fd) {
    REAL("fsync", int, int);
    STRUCK('s', int, real(fd));
}

int fdatasync(int fd) {
    REAL("fdatasync", int, int);
    STRUCK('s', int, real(fd));
}

ssize_t send(int fd, const void *bytes, size_t n, int flags) {
    REAL("send", ssize_t, int, const void *, size_t, int);
    STRUCK('t', ssize_t, real(fd, bytes, n, flags));
}

ssize_t sendto(int fd, const void *bytes, size_t n, int flags, const struct sockaddr *to, socklen_t size) {
    REAL("sendto", ssize_t, int, const void *, size_t, int, const struct sockaddr *, socklen_t);
    STRUCK('t', ssize_t, real(fd, bytes, n, flags, to, size));
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    REAL("sendmsg", ssize_t, int, const struct msghdr *, int);
    STRUCK('t', ssize_t, real(fd, message, flags));
}

int unlink(const char *path) {
    REAL("unlink", int, const char *);
    STRUCK('n', int, real(path));
}

int rename(const char *from, const char *to) {
    REAL("rename", int, const char *, const char *);
    STRUCK('n', int, real(from, to));
}

/* A file is only counted when it may be made anew. */
#define OPENED(name)                                            \
    REAL(name, int, const char *, int, ...);                    \
    mode_t mode = 0;                                            \
    if (flags & O_CREAT) {                                      \
        va_list rest;                                           \
        va_start(rest, flags);                                  \
        mode = va_arg(rest, mode_t);                            \
        va_end(rest);                                           \
    } else {                                                    \
        return real(path, flags);                               \
    }                                                           \
    STRUCK('n', int, real(path, flags, mode))

int open(const char *path, int flags, ...) { OPENED("open"); }

int open64(const char *path, int flags, ...) { OPENED("open64"); }
