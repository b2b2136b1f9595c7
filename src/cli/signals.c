/* Ctrl-C, SIGTERM and SIGHUP (the terminal went away; unless it is ignored, as under nohup), met by a thread of their own: the first
 * cancels what the session runs, the second ends the process at once. Sinks write to hidden files until they commit, so that nothing
 * half-visible is left either way. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli_int.h"

static void watched(sigset_t *set) {
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    struct sigaction hangup;
    if (sigaction(SIGHUP, NULL, &hangup) == 0 && hangup.sa_handler != SIG_IGN)
        sigaddset(set, SIGHUP);
}

static void met(cli_signals *signals, int number) {
    bool interactive = atomic_load(&signals->interactive) && number == SIGINT;
    if (number != SIGINT)
        atomic_store(&signals->terminated, true);
    if (atomic_exchange(&signals->seen, true) && !interactive)
        _exit(CLI_CANCELLED); /* tidy: the user asked twice, so that unwinding, which may hang, is not wanted */
    weir_mutex_lock(&signals->mutex);
    if (signals->session != NULL && interactive)
        weir_session_interrupt(signals->session);
    else if (signals->session != NULL)
        weir_session_cancel(signals->session);
    weir_mutex_unlock(&signals->mutex);
}

static void watch(void *context) {
    cli_signals *signals = context;
    sigset_t set;
    watched(&set);
    while (!atomic_load(&signals->stop)) {
        int number = 0;
        if (sigwait(&set, &number) == 0 && !atomic_load(&signals->stop))
            met(signals, number);
    }
}

weir_status cli_signals_start(cli_signals *signals, weir_error *error) {
    sigset_t set;
    *signals = (cli_signals){0};
    weir_mutex_init(&signals->mutex);
    watched(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    weir_status status = weir_thread_start(&signals->thread, "signals", watch, signals, error);
    signals->running = status == WEIR_OK;
    return status;
}

void cli_signals_watch(cli_signals *signals, weir_session *session) {
    weir_mutex_lock(&signals->mutex);
    signals->session = session;
    weir_mutex_unlock(&signals->mutex);
    if (session != NULL && atomic_load(&signals->seen))
        weir_session_cancel(session);
}

void cli_signals_stop(cli_signals *signals) {
    if (signals->running) {
        atomic_store(&signals->stop, true);
        pthread_kill(signals->thread.handle, SIGTERM);
        weir_thread_join(&signals->thread);
    }
    weir_mutex_deinit(&signals->mutex);
}
