#!/bin/sh
# The linker of Windows libraries, as rustc calls it. cargo-zigbuild's own drops rustc's list of what is exported, and Zig then exports every symbol; this
# gives Zig the list by another name. cargo-zigbuild tells its linker in the variable below.
for argument; do
    shift
    case $argument in
        -Wl,*/list.def)
            list=${argument#-Wl,}
            argument=${list%list.def}exported.def
            cp "$list" "$argument"
            ;;
    esac
    set -- "$@" "$argument"
done
exec "$CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER" "$@"
