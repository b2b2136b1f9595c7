/* POSIX threads; see thread.h. */
#include "os/thread.h"

#include <assert.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef struct start {
    void (*run)(void *context);
    void *context;
    const char *name;
} start;

static void *thread_main(void *argument) {
    start at = *(start *)argument;
    free(argument); /* tidy: see weir_thread_start */
    if (at.name != NULL) {
        char shown[16];
        snprintf(shown, sizeof(shown), "%s", at.name);
        pthread_setname_np(pthread_self(), shown);
    }
    at.run(at.context);
    return NULL;
}

weir_status weir_thread_start(weir_thread *thread, const char *name, void (*run)(void *context), void *context, weir_error *error) {
    /* Handed to the new thread, which outlives the caller's frame and account; a few bytes outside of the memory accounts. */
    start *at = malloc(sizeof(start)); /* tidy: outside of the accounts, as said above */
    if (at == NULL)
        return weir_fail_memory(error, "a thread", sizeof(start));
    *at = (start){.run = run, .context = context, .name = name};
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int code = pthread_create(&thread->handle, NULL, thread_main, at);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (code == 0)
        return WEIR_OK;
    free(at); /* tidy: as above */
    return weir_fail(error, WEIR_RUNTIME, "The system gives no more threads (%s).",
                     code == EAGAIN ? "its limit is reached" : "not allowed");
}

void weir_thread_join(weir_thread *thread) {
    int code = pthread_join(thread->handle, NULL);
    assert(code == 0);
    (void)code;
}

uint32_t weir_thread_cpu_count(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 0)
        return (uint32_t)CPU_COUNT(&set);
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (uint32_t)count : 1;
}

/* The calls below fail only on misuse, which debug builds catch. */
static void check(int code) {
    assert(code == 0);
    (void)code;
}

void weir_mutex_init(weir_mutex *mutex) { check(pthread_mutex_init(&mutex->mutex, NULL)); }
void weir_mutex_deinit(weir_mutex *mutex) { check(pthread_mutex_destroy(&mutex->mutex)); }
void weir_mutex_lock(weir_mutex *mutex) { check(pthread_mutex_lock(&mutex->mutex)); }
void weir_mutex_unlock(weir_mutex *mutex) { check(pthread_mutex_unlock(&mutex->mutex)); }

void weir_condition_init(weir_condition *condition) {
    pthread_condattr_t attributes;
    check(pthread_condattr_init(&attributes));
    check(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC));
    check(pthread_cond_init(&condition->condition, &attributes));
    check(pthread_condattr_destroy(&attributes));
}

void weir_condition_deinit(weir_condition *condition) { check(pthread_cond_destroy(&condition->condition)); }
void weir_condition_wait(weir_condition *condition, weir_mutex *mutex) { check(pthread_cond_wait(&condition->condition, &mutex->mutex)); }

bool weir_condition_wait_ns(weir_condition *condition, weir_mutex *mutex, int64_t nanoseconds) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    if (nanoseconds < 0)
        nanoseconds = 0;
    until.tv_sec += nanoseconds / 1000000000;
    until.tv_nsec += nanoseconds % 1000000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    int code = pthread_cond_timedwait(&condition->condition, &mutex->mutex, &until);
    assert(code == 0 || code == ETIMEDOUT);
    return code == 0;
}

void weir_condition_signal(weir_condition *condition) { check(pthread_cond_signal(&condition->condition)); }
void weir_condition_broadcast(weir_condition *condition) { check(pthread_cond_broadcast(&condition->condition)); }
