# Muster: every task a person runs. `make` builds ./muster, libmuster.a and libmuster.so.
#
#   make run      install what is missing, build, and run the main demonstration
#   make check    install what is missing, build, and pass the tests (T=word: only what matches)
#   make bench    time programs here and, where it is installed, on erl
#   make deps     install the packages the build and the tests need
#   make install  PREFIX=/usr/local
#   make format   lay out the C files; make layers checks who includes whom
#   make debug | asan | tsan | gcstress     other builds, each in a folder of its own, then tested
#
# MODE: release (default), debug, asan (with UBSan), tsan.  BUILD: where objects go.

MODE ?= release
BUILD ?= build/$(MODE)
PREFIX ?= /usr/local
CC = gcc
V ?= @

WARN = -Wall -Wextra -Werror -Wno-unused-parameter -Wno-missing-field-initializers
CFLAGS_release = -O2 -g1 -fno-plt
CFLAGS_debug = -O1 -g -DMUSTER_ASSERTS -DMUSTER_SMALL_TABLES
CFLAGS_asan = -O1 -g -DMUSTER_ASSERTS -DMUSTER_SMALL_TABLES -fsanitize=address,undefined \
    -fno-sanitize-recover=undefined -fno-omit-frame-pointer
CFLAGS_tsan = -O1 -g -DMUSTER_SMALL_TABLES -fsanitize=thread
CFLAGS += -std=gnu11 -D_GNU_SOURCE -pthread -I. -I$(BUILD)/gen -fno-strict-aliasing -fPIC $(WARN) \
    $(CFLAGS_$(MODE)) $(EXTRA_CFLAGS)
ALLOCATOR_release = -ljemalloc_pic
ALLOCATOR_debug = -ljemalloc_pic
# Static archives where Debian ships them, so that the binary runs where the packages are not.
LIBS = -Wl,-Bstatic $(ALLOCATOR_$(MODE)) -lgmp -lpcre2-8 -lz -lcrypto -lutf8proc -Wl,-Bdynamic \
    -ldl -lm -lpthread
LDFLAGS += -pthread -rdynamic $(filter -fsanitize%,$(CFLAGS_$(MODE)))

ROOMS ?= runtime runtime/term sched proc gc compiler compiler/erl compiler/core compiler/bytecode \
    compiler/asm compiler/jit
SOURCES = $(filter-out runtime/main.c,$(wildcard $(addsuffix /*.c,$(ROOMS))))
OBJECTS = $(SOURCES:%.c=$(BUILD)/%.o)
C_TESTS = $(wildcard tests/c/*/*_test.c)

.DEFAULT_GOAL = all
.PHONY: all run check bench deps install format layers debug asan tsan gcstress clean c-tests

$(BUILD)/%.o: %.c
	@mkdir -p $(dir $@)
	$(V)$(CC) $(CFLAGS) $(CFLAGS_$(subst /,_,$*)) -MMD -MP -c $< -o $@

$(BUILD)/rooms.a: $(OBJECTS)
	@rm -f $@
	$(V)ar rcs $@ $^

$(BUILD)/tests/c/%_test: tests/c/%_test.c $(BUILD)/rooms.a
	@mkdir -p $(dir $@)
	$(V)$(CC) $(CFLAGS) -MMD -MP $< -o $@ $(LDFLAGS) $(BUILD)/rooms.a -lcmocka $(LIBS)

c-tests: $(patsubst %.c,$(BUILD)/%,$(foreach t,$(C_TESTS),$(if $(findstring $(T),$(t)),$(t))))
	@for test in $^; do timeout 300 $$test || exit 1; done

format:
	clang-format -i $(SOURCES) $(wildcard $(addsuffix /*.h,$(ROOMS))) $(C_TESTS)

-include $(OBJECTS:.o=.d)
