/* runtime/stats.c: see stats.h. Schedulers count as they go, whether anyone asks or not (sched.h);
 * the collector's pauses are timed when gc_stats_enabled was set at start. */
#include "runtime/stats.h"

#include "compiler/jit/thread.h"
#include "gc/collect.h"
#include "proc/process.h"
#include "runtime/native.h"
#include "runtime/term/mem.h"
#include "sched/sched.h"

typedef unsigned long long Figure;

static void print_row(FILE *file, const char *name, const SchedStats *s)
{
    fprintf(file, "  %-9s %9llu %12llu %9llu %10llu %9.1f %7llu %7llu %7llu %7llu\n", name,
            (Figure) s->slices, (Figure) s->reductions, (Figure) s->spawned, (Figure) s->messages,
            (double) s->busy_ns / 1e6, (Figure) s->steals, (Figure) s->stolen, (Figure) s->parks,
            (Figure) s->timers_fired);
}

static void print_schedulers(FILE *file)
{
    SchedStats all = {0}, one;
    fprintf(file, "  %-9s %9s %12s %9s %10s %9s %7s %7s %7s %7s\n", "scheduler", "slices",
            "reductions", "spawned", "messages", "busy ms", "steals", "stolen", "parks", "timers");
    for (unsigned i = 0; i < sched_count(); i++) {
        char name[16];
        sched_stats(i, &one);
        snprintf(name, sizeof name, "%u", i + 1);
        print_row(file, name, &one);
        all.slices += one.slices;
        all.reductions += one.reductions;
        all.spawned += one.spawned;
        all.messages += one.messages;
        all.busy_ns += one.busy_ns;
        all.steals += one.steals;
        all.stolen += one.stolen;
        all.parks += one.parks;
        all.timers_fired += one.timers_fired;
    }
    if (sched_count() > 1) {
        print_row(file, "all", &all);
    }
}

static void print_collections(FILE *file)
{
    GcStats gc;
    gc_stats_read(&gc);
    fprintf(file,
            "  collections: %llu minor, %llu major; pauses: median %.1f us, 99th %.1f us, "
            "max %.1f us, total %.1f ms; words copied %llu, reclaimed %llu\n",
            (Figure) gc.minor_count, (Figure) gc.major_count, (double) gc.pause_median_ns / 1e3,
            (double) gc.pause_p99_ns / 1e3, (double) gc.pause_max_ns / 1e3,
            (double) gc.pause_total_ns / 1e6, (Figure) gc.words_copied,
            (Figure) gc.words_reclaimed);
}

static void print_native_code(FILE *file)
{
    JitStats jit;
    jit_stats(&jit);
    fprintf(file, "  native code: %llu functions, %llu of them optimised, %llu KiB, in %.1f ms\n",
            (Figure) jit.functions, (Figure) jit.optimised, (Figure) jit.code_bytes / 1024,
            (double) jit.compile_ns / 1e6);
}

static void print_memory(FILE *file)
{
    MemStats all;
    if (!mem_stats(&all)) {
        fprintf(file, "  memory: this build's allocator tells nothing\n");
        return;
    }
    fprintf(file, "  %-9s %9s %13s %13s %13s\n", "memory", "threads", "allocated KiB",
            "resident KiB", "mapped KiB");
    MemArenaStats arena;
    for (unsigned i = 0; mem_arena_stats(i, &arena); i++) {
        if (arena.mapped_bytes > 0) {
            char name[16];
            snprintf(name, sizeof name, "arena %u", i);
            fprintf(file, "  %-9s %9u %13zu %13zu %13zu\n", name, arena.threads,
                    arena.allocated_bytes / 1024, arena.resident_bytes / 1024,
                    arena.mapped_bytes / 1024);
        }
    }
    fprintf(file, "  %-9s %9s %13zu %13zu %13zu\n", "all", "", all.allocated_bytes / 1024,
            all.resident_bytes / 1024, all.mapped_bytes / 1024);
}

void stats_print(FILE *file)
{
    fprintf(file, "stats: %.3f s, %u scheduler%s, %zu processes at the end\n",
            (double) sched_wall_ns() / 1e9, sched_count(), sched_count() == 1 ? "" : "s",
            processes_count());
    print_schedulers(file);
    print_collections(file);
    if (!native_options.off) {
        print_native_code(file);
    }
    print_memory(file);
}
