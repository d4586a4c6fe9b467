#!/bin/sh
# toolchain.sh kotlin|swift: is what the language's tests need here, or can it be fetched? Else says what is missing. In CI, where the machine is nobody's,
# Java and Maven are installed if need be; Swift is fetched by swift.sh --prepare.
has() { command -v "$1" >/dev/null 2>&1; }
has_java() { has mvn && has javac && [ "$(javac -version 2>&1 | sed 's/^javac \([0-9]*\).*/\1/')" -ge 17 ]; }

case $1 in
    kotlin)
        has_java && exit
        if [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && has apt-get; then
            { apt-get update -qq && apt-get install -qq --no-install-recommends maven default-jdk-headless; } >&2
            has_java && exit
        fi
        echo "Kotlin: needs Maven 3.8 or later and a JDK 17 or later (Debian: apt-get install maven openjdk-17-jdk-headless);" \
            "here are mvn: $(command -v mvn || echo none), javac: $(if has javac; then javac -version 2>&1; else echo none; fi)" >&2
        ;;
    swift)
        has swift && exit
        # swift.sh makes a chroot with Swift in it.
        [ "$(id -u)" = 0 ] && { has debootstrap || has apt-get; } && exit
        echo 'Swift: needs Swift 6 (swift.org, Xcode), or root on a Debian machine, to make a chroot with it' >&2
        ;;
    *)
        echo "toolchain.sh: no such language: $1" >&2
        ;;
esac
exit 1
