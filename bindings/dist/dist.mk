# What is released, in target/dist: a wheel for each platform, the JAR with the libraries of all, the Swift archive, with checksums and what they are
# made of. `targets.py` has the platforms; those that can't be built here are named in the end. DIST_TARGETS="TRIPLE…" builds these only, and fails
# where it can't. Others are built where they are (.github/workflows/release.yml).

DIST         := target/dist
DIST_TARGETS ?=
DIST_HOST    := x86_64-unknown-linux-gnu
VERSION      := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)

.PHONY: dist dist-wheels dist-libraries dist-jar dist-swift dist-check

$(VENV)/.zig: $(VENV)/.tools
	$(PY) -m pip install --quiet 'cargo-zigbuild>=0.20,<1' 'ziglang>=0.13,<0.16'
	@touch $@

# One after the other: they share cargo's folders.
dist: $(VENV)/.zig
	@rm -rf $(DIST) target/kotlin/dist
	$(MAKE) dist-wheels
	$(MAKE) native NATIVE_PROFILE=dist
	$(MAKE) dist-libraries
	$(MAKE) dist-jar dist-swift NATIVE_PROFILE=dist
	$(MAKE) dist-check

dist-wheels: $(VENV)/.zig
	@mkdir -p $(DIST)
	$(PY) bindings/dist/build.py wheels $(DIST) $(DIST_TARGETS)

# Beside that of this machine, which is there when the sources were generated from it.
dist-libraries: $(VENV)/.zig
	$(PY) bindings/dist/build.py libraries target/native/dist/jna $(DIST_TARGETS)

dist-jar: has-java native
	@mkdir -p $(DIST)
	$(MVN) --quiet -Prelease $(if $(GITHUB_REPOSITORY),-Dhome=https://github.com/$(GITHUB_REPOSITORY)) -DskipTests package
	cp target/kotlin/$(NATIVE_PROFILE)/sitelift-$(VERSION)*.jar target/kotlin/$(NATIVE_PROFILE)/sitelift-$(VERSION).pom $(DIST)/

# The same package with the library of another processor, if it was built; $(1) is JNA's name of it, $(2) everybody's.
SWIFT_ARCHIVE = [ ! -e $(NATIVE)/jna/linux-$(1) ] || { cp $(NATIVE)/jna/linux-$(1)/libsitelift.so $(SWIFT_PACKAGE)/lib/ \
	&& tar -C $(dir $(SWIFT_PACKAGE)) --sort=name --owner=0 --group=0 --numeric-owner --mtime=2026-01-01 \
		--exclude=sitelift/Tests --exclude=sitelift/Benchmarks -czf $(DIST)/sitelift-swift-$(VERSION)-linux-$(2).tar.gz sitelift; }

dist-swift: swift-package
	@mkdir -p $(DIST)
	$(call SWIFT_ARCHIVE,aarch64,aarch64)
	$(call SWIFT_ARCHIVE,x86-64,x86_64)

dist-check: $(VENV)/.tools
	$(PY) bindings/dist/check.py $(DIST) $(DIST_TARGETS)
