/* Writes down what a program does to the files below a folder, in the order in which it does it: loaded
 * in front of the C library by the fault suites, which compile it themselves. What a disk may look like
 * after the power went is made from that.
 *
 *   RECORD_BELOW  the folder
 *   RECORD_TO     the file that it is written to, a line a call:
 *                   open PATH | empty PATH        made or opened to write; the second lost its content
 *                   write PATH HEXADECIMAL        at its end
 *                   length PATH BYTES | sync PATH | rename PATH PATH | unlink PATH
 *                   said TEXT                     on the standard output
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int to = -1;
static const char *below;
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_open)(const char *, int, ...);

__attribute__((constructor)) static void begin(void) {
    real_write = dlsym(RTLD_NEXT, "write");
    real_open = dlsym(RTLD_NEXT, "open64");
    const char *file = getenv("RECORD_TO");
    below = getenv("RECORD_BELOW");
    if (file && below) to = real_open(file, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
}

static void say(const char *bytes, size_t n) {
    if (to >= 0) real_write(to, bytes, n);
}

static void note(const char *what, const char *path, const char *rest) {
    char line[3 * PATH_MAX];
    int n = snprintf(line, sizeof line, "%s %s%s%s\n", what, path, *rest ? " " : "", rest);
    if (n > 0 && (size_t)n < sizeof line) say(line, (size_t)n);
}

static int is_below(const char *path) { return to >= 0 && !strncmp(path, below, strlen(below)); }

/* The path of an open file below the folder. */
static const char *path_of(int fd, char *path) {
    char link[64];
    if (to < 0) return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, PATH_MAX - 1);
    if (n < 0) return NULL;
    path[n] = 0;
    return is_below(path) ? path : NULL;
}

static void note_bytes(const char *what, const char *path, const unsigned char *bytes, size_t n) {
    char *hex = malloc(2 * n + 1), *line = malloc(2 * n + PATH_MAX + 32);
    for (size_t i = 0; i < n; i++) sprintf(hex + 2 * i, "%02x", bytes[i]);
    hex[2 * n] = 0;
    int length = sprintf(line, "%s %s%s%s\n", what, path, *path ? " " : "", hex);
    say(line, (size_t)length);
    free(hex);
    free(line);
}

ssize_t write(int fd, const void *bytes, size_t n) {
    char path[PATH_MAX];
    ssize_t done = real_write(fd, bytes, n);
    if (done > 0 && fd == 1) {
        say("said ", 5);
        say(bytes, (size_t)done);
    } else if (done > 0 && path_of(fd, path)) {
        note_bytes("write", path, bytes, (size_t)done);
    }
    return done;
}

#define REAL(name, type, ...)                                   \
    static type (*real)(__VA_ARGS__);                           \
    if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

int ftruncate64(int fd, off64_t size) {
    REAL("ftruncate64", int, int, off64_t);
    char path[PATH_MAX], bytes[32];
    int done = real(fd, size);
    if (!done && path_of(fd, path)) {
        snprintf(bytes, sizeof bytes, "%lld", (long long)size);
        note("length", path, bytes);
    }
    return done;
}

#define SYNC(name)                                              \
    int name(int fd) {                                          \
        REAL(#name, int, int);                                  \
        char path[PATH_MAX];                                    \
        int done = real(fd);                                    \
        if (!done && path_of(fd, path)) note("sync", path, ""); \
        return done;                                            \
    }
SYNC(fsync)
SYNC(fdatasync)

int rename(const char *from, const char *onto) {
    REAL("rename", int, const char *, const char *);
    int done = real(from, onto);
    if (!done && is_below(onto)) note("rename", from, onto);
    return done;
}

int unlink(const char *path) {
    REAL("unlink", int, const char *);
    int done = real(path);
    if (!done && is_below(path)) note("unlink", path, "");
    return done;
}

#define OPENED(name)                                                            \
    REAL(name, int, const char *, int, ...);                                    \
    mode_t mode = 0;                                                            \
    if (flags & O_CREAT) {                                                      \
        va_list rest;                                                           \
        va_start(rest, flags);                                                  \
        mode = va_arg(rest, mode_t);                                            \
        va_end(rest);                                                           \
    }                                                                           \
    int fd = real(path, flags, mode);                                           \
    if (fd >= 0 && (flags & O_CREAT) && is_below(path))                         \
        note(flags & O_TRUNC ? "empty" : "open", path, "");                     \
    return fd

int open(const char *path, int flags, ...) { OPENED("open"); }

int open64(const char *path, int flags, ...) { OPENED("open64"); }
