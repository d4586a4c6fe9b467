// What calls cost from Kotlin: one line of JSON, nanoseconds by row. See bench.py.
package dev.sitelift.bench

import dev.sitelift.Interop
import dev.sitelift.Site
import dev.sitelift.TestData
import dev.sitelift.fromHtml
import java.io.File

/** Nanoseconds of one call: the median of 9 rounds of 0.1 s, after 10 that warm the compiler up. */
fun median(call: () -> Any?): Double {
    var count = 1
    val rounds = ArrayList<Double>()
    while (rounds.size < 19) {
        val start = System.nanoTime()
        repeat(count) { call() }
        val took = (System.nanoTime() - start).toDouble()
        if (took < 5e7) count *= 2 else rounds.add(took / count)
    }
    return rounds.drop(10).sorted()[4]
}

/** After the garbage is gone. */
fun resident(): Long {
    repeat(3) { System.gc(); Thread.sleep(50) }
    return File("/proc/self/status").readLines().first { it.startsWith("VmRSS") }.filter { it.isDigit() }.toLong()
}

fun main() {
    val page = File(System.getenv("SITELIFT_ROOT"), "tests/fixtures/pages/news-en.html").readBytes()
    val site = Site.fromHtml(page, "https://a.example/")
    val data = TestData("test", 0)
    val rows = mutableMapOf(
        "add" to median { Interop.add(2, 3) },
        "greet" to median { Interop.greet("World") },
        "hello_there" to median { Interop.helloThere(data) },
        "site_echo" to median { Interop.echo(site) },
        "extract" to median { Site.fromHtml(page, "https://a.example/") },
    )
    repeat(100_000) { Interop.helloThere(data) }
    val before = resident()
    repeat(1_000_000) { Interop.helloThere(data) }
    repeat(2_000) { Interop.echo(site) }
    rows["kib_grown"] = (resident() - before).toDouble()
    println(rows.entries.joinToString(", ", "{", "}") { "\"${it.key}\": ${it.value}" })
}
