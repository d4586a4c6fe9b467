/* A part of Windows that older Wine lacks, and that Rust's standard library takes random numbers from. Put into Wine's own folder, for checks only. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) {
    return RtlGenRandom(data, (ULONG)length);
}
