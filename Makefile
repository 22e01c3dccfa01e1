# Muster: every task a person runs. `make` builds ./muster, libmuster.a and libmuster.so.
#
#   make run      install what is missing, build, and run the main demonstration
#   make check    install what is missing, build, and pass the tests (T=word: only what matches)
#   make store-soak  kill a writer of `store` 1,000 times (RUNS=n) and look what is left
#   make library  list every module and function beside OTP's, in docs/LIBRARY.md
#   make bench    time programs here and, where it is installed, on erl
#   make deps     install the packages the build and the tests need
#   make install  PREFIX=/usr/local
#   make check-arm64   run the tests of the AArch64 encoder under an emulator
#   make format   lay out the C files; make layers checks who includes whom
#   make debug | asan | tsan | gcstress     other builds, each in a folder of its own, then tested
#   make tiers    every test that is an Erlang program, interpreted, in each tier of native code, under stress (long)
#   make stallstress  the tests with threads that stop now and then, as on a busy machine
#   make interference TIME=60 SEED=1   processes killed, suspended, traced and reloaded at work (also MODE=tsan)
#   make exitstress  the language programs, native code leaving for the interpreter all the time
#   make diff-random N=100000 SEED=1   random programs: the interpreter, native code of both tiers, and erl
#   make fuzz F=scan|load|etf|run TIME=60    random input, with sanitizers, for so many seconds
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
CFLAGS_fuzz = -O1 -g -DMUSTER_ASSERTS -DMUSTER_SMALL_TABLES -fno-omit-frame-pointer \
    -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined \
    -fno-sanitize=pointer-overflow # it minds that nothing is added to NULL
CFLAGS_tsan = -O1 -g -DMUSTER_SMALL_TABLES -fsanitize=thread
CFLAGS += -std=gnu11 -D_GNU_SOURCE -pthread -I. -I$(BUILD)/gen -fno-strict-aliasing -fPIC $(WARN) \
    $(CFLAGS_$(MODE)) $(EXTRA_CFLAGS)
ALLOCATOR_release = -ljemalloc_pic
ALLOCATOR_debug = -ljemalloc_pic
# Static archives where Debian ships them, so that the binary runs where the packages are not.
LIBS = -Wl,-Bstatic $(ALLOCATOR_$(MODE)) -lgmp -lpcre2-8 -lz -lcrypto -lutf8proc -lsqlite3 -Wl,-Bdynamic \
    -ldl -lm -lpthread
# The shared library shares: not all of Debian's archives are position-independent.
SHARED_LIBS = -lgmp -lpcre2-8 -lz -lcrypto -lutf8proc -lsqlite3 -ldl -lm -lpthread
# Addresses within the program itself take a tenth of the room, and of the time when it starts.
LDFLAGS_release = -Wl,-z,pack-relative-relocs
LDFLAGS += -pthread $(LDFLAGS_$(MODE)) $(filter -fsanitize%,$(CFLAGS_$(MODE)))

ROOMS ?= runtime runtime/term sched proc gc compiler compiler/erl compiler/core compiler/bytecode \
    compiler/asm compiler/jit
SOURCES = $(filter-out runtime/main.c,$(wildcard $(addsuffix /*.c,$(ROOMS))))
OBJECTS = $(SOURCES:%.c=$(BUILD)/%.o)
C_TESTS = $(wildcard tests/c/*/*_test.c)
FUZZ_TARGETS = scan load etf
LIBRARY = $(wildcard stdlib/*.erl)
LIBRARY_CODE = $(LIBRARY:stdlib/%.erl=$(BUILD)/stdlib/%.mbc)
# Of what programs call.
LIBRARY_DOCS = $(patsubst stdlib/%.erl,$(BUILD)/stdlib/%.docs,$(filter-out stdlib/muster_%,$(LIBRARY)))
HEADERS = $(sort $(wildcard stdlib/include/*/*.hrl))
# One handler's code for each instruction, not one shared by all.
CFLAGS_runtime_interpret = $(if $(findstring clang,$(CC)),,-fno-gcse -fno-crossjumping)

.DEFAULT_GOAL = all
.PHONY: all run check check-arm64 bench deps deps-run deps-arm64 deps-fuzz install format layers debug asan \
    tsan gcstress exitstress stallstress interference tiers diff-random fuzz store-soak library clean c-tests

ifeq ($(MODE),release)
all: muster libmuster.a libmuster.so
else
all: $(BUILD)/muster
endif

$(BUILD)/%.o: %.c
	@mkdir -p $(dir $@)
	$(V)$(CC) $(CFLAGS) $(CFLAGS_$(subst /,_,$*)) -MMD -MP -c $< -o $@

$(BUILD)/rooms.a: $(OBJECTS)
	@rm -f $@
	$(V)ar rcs $@ $^

# The library is compiled by a Muster that has only its headers, then carried by the real binary.
$(BUILD)/muster-boot: $(BUILD)/runtime/main.o $(BUILD)/rooms.a $(BUILD)/gen/no_library.o
	$(V)$(CC) $(CFLAGS) -o $@ $^ $(LDFLAGS) $(LIBS)

$(BUILD)/stdlib/%.mbc: stdlib/%.erl $(BUILD)/muster-boot
	@mkdir -p $(dir $@)
	$(V)cd stdlib && $(abspath $(BUILD))/muster-boot compile -o $(abspath $(BUILD))/stdlib $(<F)

# It is the library that makes its documentation.
$(BUILD)/stdlib/%.docs: stdlib/%.erl tools/docs.erl $(BUILD)/stdlib/muster_docs.mbc | $(LIBRARY_CODE)
	$(V)$(BUILD)/muster-boot run -pa $(BUILD)/stdlib tools/docs.erl $< $@

$(BUILD)/gen/no_library.c: tools/embed.sh $(HEADERS)
	@mkdir -p $(dir $@)
	$(V)sh tools/embed.sh $(HEADERS) > $@

$(BUILD)/gen/library.c: tools/embed.sh $(LIBRARY_CODE) $(HEADERS) $(LIBRARY_DOCS)
	@mkdir -p $(dir $@)
	$(V)sh tools/embed.sh $(sort $(LIBRARY_CODE)) $(HEADERS) $(sort $(LIBRARY_DOCS)) > $@

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c $(LIBRARY_CODE_FOR_$*)
	$(V)$(CC) $(CFLAGS) -c $< -o $@

$(BUILD)/gen/library.o: $(LIBRARY_CODE) $(HEADERS) $(LIBRARY_DOCS)
$(BUILD)/gen/no_library.o: $(HEADERS)

$(BUILD)/muster: $(BUILD)/runtime/main.o $(BUILD)/rooms.a $(BUILD)/gen/library.o
	$(V)$(CC) $(CFLAGS) -o $@ $^ $(LDFLAGS) $(LIBS)

# One that runs goes on with the file it has.
muster: $(BUILD)/muster
	$(V)cp --remove-destination $< $@

# Under another name, for an archive has one member of each: there is runtime/library.o, too.
libmuster.a: $(BUILD)/rooms.a $(BUILD)/gen/library.o
	$(V)cp $(BUILD)/rooms.a $@ && cp $(BUILD)/gen/library.o $(BUILD)/gen/library_code.o && \
	    ar rs $@ $(BUILD)/gen/library_code.o 2>/dev/null

libmuster.so: $(OBJECTS) $(BUILD)/gen/library.o
	$(V)$(CC) -shared -Wl,-soname,libmuster.so -Wl,--version-script=tools/libmuster.map -o $@ $^ $(LDFLAGS) $(SHARED_LIBS)

$(BUILD)/tests/c/%_test: tests/c/%_test.c $(BUILD)/rooms.a
	@mkdir -p $(dir $@)
	$(V)$(CC) $(CFLAGS) -MMD -MP $< -o $@ $(LDFLAGS) $(BUILD)/rooms.a $(BUILD_EXTRA) -lcmocka $(LIBS)

# Tests of the whole machine need its library.
$(patsubst %.c,$(BUILD)/%,$(wildcard tests/c/runtime/*_test.c)): $(BUILD)/gen/library.o
$(BUILD)/tests/c/runtime/%: BUILD_EXTRA = $(BUILD)/gen/library.o
# Native code is read back by capstone.
$(BUILD)/tests/c/jit/encode_%: BUILD_EXTRA = -lcapstone

C_TEST_PROGRAMS = $(patsubst %.c,$(BUILD)/%,$(if $(filter-out c,$(T)),$(foreach t,$(C_TESTS),\
    $(if $(findstring $(T),$(t)),$(t))),$(C_TESTS))) \
    $(if $(filter-out c fuzz,$(T)),,$(FUZZ_TARGETS:%=$(BUILD)/tests/fuzz/%_replay))

c-tests: $(C_TEST_PROGRAMS)
	@MODE=$(MODE) PARTS=c sh tests/run.sh c $^

# ---- tasks ----

DEPENDENCIES = gcc make libc6-dev libatomic-ops-dev libjemalloc-dev libgmp-dev libpcre2-dev zlib1g-dev \
    libssl-dev libutf8proc-dev libsqlite3-dev libcapstone-dev libcmocka-dev
CHECK_DEPENDENCIES = $(DEPENDENCIES) erlang-base erlang-crypto erlang-dev erlang-eunit

# Installs what is missing, and asks for nothing when nothing is.
define install_missing
	@missing=""; for package in $(1); do \
	    dpkg -s $$package 2>/dev/null | grep -q '^Status: install ok' || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	    echo "installing:$$missing"; \
	    sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	    $$sudo apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends \
	        $$missing >/dev/null; \
	fi
endef

deps:
	$(call install_missing,$(CHECK_DEPENDENCIES))

deps-fuzz:
	$(call install_missing,$(DEPENDENCIES) clang)

deps-run:
	$(call install_missing,$(DEPENDENCIES))

JOBS ?= $(shell nproc)

run: deps-run
	@$(MAKE) --no-print-directory -j$(JOBS) muster
	./muster run examples/coffee_shop.erl

check: deps
	@$(MAKE) --no-print-directory $(if $(V),-s) -j$(JOBS) all $(C_TEST_PROGRAMS)
	@$(MAKE) --no-print-directory layers
	@MUSTER=$(abspath $(if $(filter release,$(MODE)),muster,$(BUILD)/muster)) MODE=$(MODE) \
	    $(if $(RUN_DEBUG),MUSTER_DEBUG=$(RUN_DEBUG)) \
	    sh tests/run.sh "$(T)" $(C_TEST_PROGRAMS)

bench: all
	sh tests/bench/run.sh $(or $(B),all)

# Writes docs/LIBRARY.md: every module and function beside OTP's.
library: all
	@sh tools/library.sh

RUNS ?= 1000
store-soak: all
	@sh tests/store/soak.sh $(RUNS)

debug:
	$(MAKE) MODE=debug check
# Slow builds get more time.
asan:
	@PARTS="c lang errors otp store stdlib" UNIT_LIMIT=300 TIMEOUT=300 SLOWNESS=5 $(MAKE) MODE=asan check
# Races need several schedulers.
tsan:
	@PARTS="c lang" MODES= UNIT_LIMIT=600 TIMEOUT=300 $(MAKE) MODE=tsan check
# Native code leaves for the interpreter every few instructions, wherever it stands.
exitstress:
	@RUN_DEBUG=exit_stress MODES="--jit=quick --jit-threshold 1:--jit=optimised --jit-threshold 1" \
	    PARTS=lang TIMEOUT=300 $(MAKE) check
# Each way to run in turn; TIERS="--jit=quick --jit-threshold 1" is one of them.
tiers: all
	@MUSTER=$(abspath $(if $(filter release,$(MODE)),muster,$(BUILD)/muster)) MODE=$(MODE) \
	    sh tests/tiers.sh "$(T)"
interference: all
	$(if $(filter release,$(MODE)),./muster,$(BUILD)/muster) run $(OPTIONS) \
	    tests/lang/processes_under_interference/processes_under_interference.erl \
	    $(or $(TIME),60) $(or $(PROCESSES),30) $(or $(SEED),1)
# As on a machine that has too much to do: what counts on time or order fails.
stallstress:
	@RUN_DEBUG=stall PARTS="lang otp store" JOBS=$$((2 * $$(nproc))) $(MAKE) check
# Collects at every chance, with every invariant checked after it.
gcstress:
	@RUN_DEBUG=gc_stress,gc_verify PARTS=lang TIMEOUT=300 \
	    SKIP="tests/lang/heavy.list tests/lang/heavy_verified.list" \
	    $(MAKE) MODE=debug check

# Random programs must do on Muster, in whatever way it runs them, what they do on erl. Of what differs
# a few are made small.
N ?= 10000
SEED ?= 1
diff-random: all
	@REDUCE=3 sh tests/diff/gen/run.sh $(SEED) $(N)

# The encoder for AArch64: its code run by an emulator, with a C compiler for that processor.
ARM64_CC = aarch64-linux-gnu-gcc
ARM64_TESTS = machine_run machine_flow cache
ARM64_SOURCES = $(patsubst %,compiler/jit/%.c,machine layout encode encode_x86 encode_x86_pieces \
    encode_x86_integer encode_x86_test encode_x86_float encode_arm64 stack_rows \
    code_memory cache cache_symbols) runtime/term/mem.c runtime/term/base.c
deps-arm64:
	$(call install_missing,gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user)
check-arm64: deps-arm64
	@mkdir -p build/arm64
	@for test in $(ARM64_TESTS); do \
	    $(ARM64_CC) -static -std=gnu11 -D_GNU_SOURCE -DMUSTER_ASSERTS -DEMULATED -DSAMPLE=4 $(WARN) -O1 \
	        -Itests/c/jit/plain -I. tests/c/jit/$${test}_test.c $(ARM64_SOURCES) \
	        -o build/arm64/$$test -lpthread -lm && \
	    timeout 300 qemu-aarch64 build/arm64/$$test || exit 1; \
	done

# libFuzzer is clang's. What it makes of the corpus grows in build/fuzz/corpus; what it finds lies in
# build/fuzz/found, to be moved to tests/fuzz/corpus/F, where every check tries it.
F ?= scan
TIME ?= 60
fuzz: deps-fuzz
	@$(if $(filter load,$(F)),$(MAKE) --no-print-directory -s -j$(JOBS) muster) # compiles what is damaged then
	@$(MAKE) --no-print-directory $(if $(V),-s) -j$(JOBS) MODE=fuzz CC=clang build/fuzz/tests/fuzz/$(F)
	@sh tests/fuzz/fuzz.sh $(F) $(TIME)

# run.c is a program of its own.
$(BUILD)/tests/fuzz/run: tests/fuzz/run.c $(BUILD)/rooms.a $(BUILD)/gen/library.o
	@mkdir -p $(dir $@)
	$(V)$(CC) $(CFLAGS) $< -o $@ $(LDFLAGS) $(BUILD)/rooms.a $(BUILD)/gen/library.o $(LIBS)
$(BUILD)/tests/fuzz/%: tests/fuzz/%.c $(BUILD)/rooms.a $(BUILD)/gen/no_library.o
	@mkdir -p $(dir $@)
	$(V)$(CC) $(CFLAGS) $< -o $@ $(LDFLAGS) -fsanitize=fuzzer $(BUILD)/rooms.a $(BUILD)/gen/no_library.o $(LIBS)
$(BUILD)/tests/fuzz/%_replay: tests/fuzz/%.c tests/fuzz/replay.c $(BUILD)/rooms.a $(BUILD)/gen/no_library.o
	@mkdir -p $(dir $@)
	$(V)$(CC) $(CFLAGS) -DFUZZ_CORPUS='"tests/fuzz/corpus/$*"' $< tests/fuzz/replay.c -o $@ $(LDFLAGS) $(BUILD)/rooms.a $(BUILD)/gen/no_library.o $(LIBS)

layers:
	@sh tools/layers.sh

COMPLETIONS = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
install: all
	install -D -m 755 muster $(DESTDIR)$(PREFIX)/bin/muster
	install -D -m 644 libmuster.a $(DESTDIR)$(PREFIX)/lib/libmuster.a
	install -D -m 755 libmuster.so $(DESTDIR)$(PREFIX)/lib/libmuster.so
	install -D -m 644 runtime/muster.h $(DESTDIR)$(PREFIX)/include/muster.h
	@mkdir -p $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/share/man/man1 $(COMPLETIONS)
	sed -e 's|@PREFIX@|$(PREFIX)|' -e "s|@VERSION@|$$(./muster version | cut -d' ' -f2)|" \
	    tools/muster.pc.in > $(DESTDIR)$(PREFIX)/lib/pkgconfig/muster.pc
	sh tools/manual.sh ./muster > $(DESTDIR)$(PREFIX)/share/man/man1/muster.1
	install -m 644 tools/completion.bash $(COMPLETIONS)/muster

format:
	clang-format -i $(SOURCES) $(wildcard $(addsuffix /*.h,$(ROOMS))) $(C_TESTS)

clean:
	rm -rf build muster libmuster.a libmuster.so

-include $(OBJECTS:.o=.d) $(BUILD)/runtime/main.d
