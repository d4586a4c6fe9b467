# What is released for Linux on x86-64, in target/dist: the wheel, the JAR and the Swift archive, with checksums and what they are made of.
# Other platforms are built where they are (.github/workflows/release.yml).

DIST        := target/dist
DIST_TARGET := x86_64-unknown-linux-gnu
# The oldest C library that it loads with: that of manylinux2014.
DIST_GLIBC  := 2.17
VERSION     := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)

# Zig's linker knows the old C library. No path of this machine goes into the library. Its metadata stands among the symbols, which the generators need.
DIST_ENVIRONMENT = PATH='$(CURDIR)/$(VENV)/bin':"$$PATH" CARGO_PROFILE_RELEASE_STRIP=none \
	RUSTFLAGS='--remap-path-prefix=$(or $(CARGO_HOME),$(HOME)/.cargo)/registry/src=registry --remap-path-prefix=$(CURDIR)=sitelift'

.PHONY: dist dist-wheel dist-jar dist-swift

$(VENV)/.zig: $(VENV)/.tools
	$(PY) -m pip install --quiet 'cargo-zigbuild>=0.20,<1' 'ziglang>=0.13,<0.16'
	@touch $@

dist: $(VENV)/.zig
	@rm -rf $(DIST)
	@mkdir -p $(DIST)
	$(MAKE) dist-wheel
	$(MAKE) dist-jar dist-swift NATIVE_PROFILE=dist
	$(PY) bindings/dist_check.py $(DIST)

dist-wheel: $(VENV)/.zig
	cd bindings/python && $(DIST_ENVIRONMENT) maturin build --release --quiet --zig --target $(DIST_TARGET) \
		--compatibility manylinux2014 --out ../../$(DIST)

dist-jar: native
	$(MVN) --quiet -Prelease -DskipTests package
	cp target/kotlin/$(NATIVE_PROFILE)/sitelift-$(VERSION)*.jar $(DIST)/
	cp bindings/kotlin/pom.xml $(DIST)/sitelift-$(VERSION).pom

dist-swift: swift-package
	tar -C target/swift/$(NATIVE_PROFILE) --sort=name --owner=0 --group=0 --numeric-owner --mtime=2026-01-01 \
		--exclude=package/Tests --exclude=package/Benchmarks --transform 's/^package/sitelift-swift-$(VERSION)/' -czf $(DIST)/sitelift-swift-$(VERSION)-linux-x86_64.tar.gz package
