#!/bin/sh
# toolchain.sh kotlin|swift: is what the language's tests need here, or can the make target fetch it? Else says what is missing.
has() { command -v "$1" >/dev/null 2>&1; }

case $1 in
    kotlin)
        has mvn && has javac && exit
        echo 'Kotlin: needs Maven 3.8 or later and a JDK 17 or later (Debian: apt-get install maven openjdk-17-jdk-headless)' >&2
        ;;
    swift)
        has swift && exit
        # swift.sh makes a chroot with Swift in it.
        [ "$(id -u)" = 0 ] && { has debootstrap || has apt-get; } && exit
        echo 'Swift: needs Swift 6 (swift.org, Xcode), or root on a Debian machine, to make a chroot with it' >&2
        ;;
esac
exit 1
