/* Threads, locks and conditions: thin wrappers over POSIX threads that cannot fail where POSIX's cannot fail in practice.
 *
 * A lock or condition is initialised in place, is not copied, and is deinitialised by its owner when nobody uses it any more.
 */
#ifndef WEIR_OS_THREAD_H
#define WEIR_OS_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

typedef struct weir_thread {
    pthread_t handle;
} weir_thread;

/* Run `run(context)` on a new thread; it must be joined. Signals are blocked in it, so that they reach the main thread. `name` (up to 15
 * bytes shown) is for debuggers and must live on. WEIR_RUNTIME when the system gives no more threads. */
weir_status weir_thread_start(weir_thread *thread, const char *name, void (*run)(void *context), void *context,
                              weir_error *error) WEIR_MUST_USE;
void weir_thread_join(weir_thread *thread);
/* Processors this process may use (its affinity mask), at least 1. */
uint32_t weir_thread_cpu_count(void);

typedef struct weir_mutex {
    pthread_mutex_t mutex;
} weir_mutex;

void weir_mutex_init(weir_mutex *mutex);
void weir_mutex_deinit(weir_mutex *mutex);
void weir_mutex_lock(weir_mutex *mutex);
void weir_mutex_unlock(weir_mutex *mutex);

typedef struct weir_condition {
    pthread_cond_t condition;
} weir_condition;

void weir_condition_init(weir_condition *condition);
void weir_condition_deinit(weir_condition *condition);
/* The caller holds the mutex. Wake-ups can be spurious: wait in a loop. */
void weir_condition_wait(weir_condition *condition, weir_mutex *mutex);
/* False: the time ran out (measured on the monotonic clock). */
bool weir_condition_wait_ns(weir_condition *condition, weir_mutex *mutex, int64_t nanoseconds);
void weir_condition_signal(weir_condition *condition);
void weir_condition_broadcast(weir_condition *condition);

#endif
