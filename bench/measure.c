/* measure: run a command and say what it cost, as one JSON line on file descriptor 3 (or standard error where 3 is closed).
 *
 *   measure COMMAND ARGUMENT... 3>figures.json
 *
 * {"wall_s":1.2345,"cpu_s":1.0001,"peak_kb":12345,"status":0}. CPU is user plus system time of the command and of the children it waited
 * for. A process started by a large program would count that program's memory as its own peak, since the kernel keeps the mark across
 * exec: that is why this small one exists. Ends with the command's exit status, 128 + n after signal n.
 */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

int main(int count, char **arguments) {
    if (count < 2 || strcmp(arguments[1], "--help") == 0) {
        fputs("usage: measure COMMAND ARGUMENT... 3>figures.json\n", count < 2 ? stderr : stdout);
        return count < 2 ? 2 : 0;
    }
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    pid_t child = fork();
    if (child < 0) {
        perror("measure: fork");
        return 126;
    }
    if (child == 0) {
        close(3);
        execvp(arguments[1], arguments + 1);
        perror(arguments[1]);
        _exit(127);
    }
    int status = 0;
    struct rusage used;
    if (wait4(child, &status, 0, &used) < 0) {
        perror("measure: wait4");
        return 126;
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    double wall = (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
    char line[160];
    int length = snprintf(line, sizeof line, "{\"wall_s\":%.4f,\"cpu_s\":%.4f,\"peak_kb\":%ld,\"status\":%d}\n", wall,
                          seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss, code);
    if (write(3, line, (size_t)length) != length)
        fputs(line, stderr);
    return code;
}
