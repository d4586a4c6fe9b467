// By how many KiB calls make the process grow: one line of JSON. See bench.py; the tests run it, too.
package dev.sitelift.bench

import dev.sitelift.Interop
import dev.sitelift.Site
import dev.sitelift.SiteliftException
import dev.sitelift.TestData
import dev.sitelift.fromHtml
import java.io.File

/** After the garbage is gone. The heap is to be of a fixed size, with its pages there from the beginning. */
private fun resident(): Long {
    repeat(3) { System.gc(); Thread.sleep(50) }
    return File("/proc/self/status").readLines().first { it.startsWith("VmRSS") }.filter { it.isDigit() }.toLong()
}

/** What that many calls leave behind, after a part of them made the compiler and all caches warm. */
private fun grown(count: Int, call: () -> Any?): Long {
    repeat(maxOf(count / 4, 100)) { call() }
    val before = resident()
    repeat(count) { call() }
    return resident() - before
}

/** Calls that end well, calls that end badly, and great records. */
private fun growth(calls: Int): Map<String, Long> {
    val data = TestData("test", 0)
    val site = Site.fromHtml(File(System.getenv("SITELIFT_ROOT"), "tests/fixtures/pages/news-en.html").readBytes(), "https://a.example/")
    fun bad() = try {
        Interop.parseJson("[1, oops]")
        error("it was to fail")
    } catch (error: SiteliftException.InvalidJson) {
        error.line
    }
    return mapOf(
        "calls" to grown(calls) { Interop.helloThere(data) },
        "errors" to grown(calls) { bad() },
        "records" to grown(calls / 500) { Interop.echo(site) },
    )
}

fun main(arguments: Array<String>) {
    println(growth(arguments[0].toInt()).entries.joinToString(", ", "{", "}") { "\"${it.key}\": ${it.value}" })
}
