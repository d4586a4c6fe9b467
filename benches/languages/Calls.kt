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

fun main() {
    val page = File(System.getenv("SITELIFT_ROOT"), "tests/fixtures/pages/news-en.html").readBytes()
    val site = Site.fromHtml(page, "https://a.example/")
    val data = TestData("test", 0)
    val rows = mapOf(
        "add" to median { Interop.add(2, 3) },
        "greet" to median { Interop.greet("World") },
        "hello_there" to median { Interop.helloThere(data) },
        "raise" to median { runCatching { Interop.parseJson("[1, oops]") } },
        "site_echo" to median { Interop.echo(site) },
        "extract" to median { Site.fromHtml(page, "https://a.example/") },
    )
    println(rows.entries.joinToString(", ", "{", "}") { "\"${it.key}\": ${it.value}" })
}
