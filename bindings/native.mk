# The library, and the sources generated from it, as the Kotlin and Swift packages take them; below target/native/<profile>.
#
#   lib/     the library             jna/<platform>/   the same, where JNA looks for it
#   kotlin/  generated Kotlin        swift/            generated Swift, and the header in swift/SiteliftFFI

NATIVE_PROFILE ?= debug
NATIVE         := target/native/$(NATIVE_PROFILE)
BINDGEN        := target/debug/uniffi-bindgen
OS             := $(shell uname -s)
LIBRARY        := $(if $(filter Darwin,$(OS)),libsitelift.dylib,libsitelift.so)
JNA_PLATFORM   := $(if $(filter Darwin,$(OS)),darwin,linux)-$(subst _,-,$(patsubst arm64,aarch64,$(shell uname -m)))

.PHONY: native swift-package has-java test-kotlin test-swift jar bench-languages bench-native

native: $(NATIVE)/.generated

$(BINDGEN): $(RUST_SOURCES)
	$(CARGO) build --quiet --features bindgen --bin uniffi-bindgen
	@touch $@

# Cargo's own output is replaced by every build with other features, so a copy is kept; its debug information would be most of it.
# The copy in lib/ has UniFFI's metadata among its symbols; what is released has no symbols (dist/dist.mk).
ifeq ($(NATIVE_PROFILE),dist)
BUILD_LIBRARY = $(PY) bindings/dist/build.py library $(DIST_HOST) $@
SHIP_LIBRARY  = $(PY) bindings/dist/finish.py
else
BUILD_LIBRARY = $(CARGO) build --quiet $(if $(filter release,$(NATIVE_PROFILE)),--release) -p sitelift --lib --features uniffi \
	&& strip -S -o $@ target/$(NATIVE_PROFILE)/$(LIBRARY)
SHIP_LIBRARY  = cp
endif

$(NATIVE)/lib/$(LIBRARY): $(RUST_SOURCES) | $(if $(filter dist,$(NATIVE_PROFILE)),$(VENV)/.zig)
	@mkdir -p $(@D)
	$(BUILD_LIBRARY)

$(NATIVE)/.generated: $(BINDGEN) $(NATIVE)/lib/$(LIBRARY)
	@rm -rf $(NATIVE)/kotlin $(NATIVE)/swift $(NATIVE)/jna
	@mkdir -p $(NATIVE)/swift/SiteliftFFI $(NATIVE)/jna/$(JNA_PLATFORM)
	$(BINDGEN) generate --no-format --language kotlin --out-dir $(NATIVE)/kotlin $(NATIVE)/lib/$(LIBRARY)
	$(BINDGEN) generate --no-format --language swift --out-dir $(NATIVE)/swift $(NATIVE)/lib/$(LIBRARY)
	@mv $(NATIVE)/swift/SiteliftFFI.h $(NATIVE)/swift/SiteliftFFI/
	@rm $(NATIVE)/swift/SiteliftFFI.modulemap
	$(SHIP_LIBRARY) $(NATIVE)/lib/$(LIBRARY) $(NATIVE)/jna/$(JNA_PLATFORM)/$(LIBRARY)
	@touch $@

MVN := mvn --batch-mode --no-transfer-progress -f bindings/kotlin/pom.xml -Dnative.directory=$(CURDIR)/$(NATIVE) \
	-Dkotlin.directory=$(CURDIR)/target/kotlin/$(NATIVE_PROFILE)

# Said before anything is built.
has-java:
	@bindings/toolchain.sh kotlin

test-kotlin: has-java native testserver
	@rm -rf target/cases/kotlin
	$(MVN) test $(if $(TEST),-Dtest='$(TEST)')

# Into the local Maven repository, for projects on this machine.
jar: has-java native
	$(MVN) --quiet -DskipTests install

# Its name is the one that SwiftPM knows the package by.
SWIFT_PACKAGE := target/swift/$(NATIVE_PROFILE)/sitelift

swift-package: native
	@rm -rf $(SWIFT_PACKAGE)
	@mkdir -p $(SWIFT_PACKAGE)/lib
	@cp -r bindings/swift/Package.swift bindings/swift/Sources bindings/swift/Tests LICENSE-* $(SWIFT_PACKAGE)/
	@cp -r examples/swift $(SWIFT_PACKAGE)/Examples
	@mkdir $(SWIFT_PACKAGE)/Benchmarks && cp benches/languages/*.swift $(SWIFT_PACKAGE)/Benchmarks/
	@cp benches/languages/Growth.swift $(SWIFT_PACKAGE)/Tests/SiteliftTests/
	@cp $(NATIVE)/swift/Sitelift.swift $(SWIFT_PACKAGE)/Sources/Sitelift/Generated.swift
	@cp $(NATIVE)/swift/SiteliftFFI/SiteliftFFI.h $(SWIFT_PACKAGE)/Sources/SiteliftFFI/
	@cp $(NATIVE)/jna/$(JNA_PLATFORM)/$(LIBRARY) $(SWIFT_PACKAGE)/lib/

SWIFT       := bindings/swift/swift.sh
SWIFT_FLAGS := --package-path $(SWIFT_PACKAGE) --scratch-path target/swift/$(NATIVE_PROFILE)/build --jobs 2 \
	-Xlinker -L$(CURDIR)/$(SWIFT_PACKAGE)/lib -Xlinker -rpath -Xlinker $(CURDIR)/$(SWIFT_PACKAGE)/lib

test-swift: swift-package testserver
	@rm -rf target/cases/swift
	$(SWIFT) --prepare
	SITELIFT_ROOT=$(CURDIR) $(SWIFT) test $(SWIFT_FLAGS) --disable-swift-testing $(if $(TEST),--filter '$(TEST)')

# What calls cost from each language, and whether they leak, in one run. The libraries are release builds, whatever the profile of the tests.
bench-languages: $(VENV)/.installed
	$(MAKE) bench-native NATIVE_PROFILE=release

KOTLIN_BENCH = java -Xms256m -Xmx256m -XX:+AlwaysPreTouch -XX:+UseSerialGC \
	-cp target/kotlin/$(NATIVE_PROFILE)/classes:target/kotlin/$(NATIVE_PROFILE)/test-classes:$$(cat target/kotlin/classpath)
SWIFT_BENCH  = $(SWIFT) run --skip-build $(SWIFT_FLAGS) -c release calls

bench-native: native swift-package
	$(MVN) --quiet test-compile
	$(MVN) --quiet dependency:build-classpath -Dmdep.outputFile=$(CURDIR)/target/kotlin/classpath
	$(SWIFT) --prepare
	$(SWIFT) build $(SWIFT_FLAGS) -c release --product calls
	$(PY) benches/languages/bench.py "$(KOTLIN_BENCH) dev.sitelift.bench.CallsKt" "$(KOTLIN_BENCH) dev.sitelift.bench.GrowthKt" \
		"$(SWIFT_BENCH)" "$(SWIFT_BENCH) growth"
