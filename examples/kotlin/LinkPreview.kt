// A link-preview card for each URL, as text.
package dev.sitelift.example

import dev.sitelift.FetchOptions
import dev.sitelift.Part
import dev.sitelift.Site
import dev.sitelift.fromUrl
import kotlinx.coroutines.runBlocking

// What a card shows needs none of the parts that cost something.
val options = FetchOptions(timeout = 10.0, keepBody = false, parts = listOf(Part.META))

fun card(site: Site): String {
    site.error?.let { return "No preview: $it" }
    val lines = listOfNotNull(
        site.title ?: site.finalUrl,
        site.description?.let { if (it.length > 120) it.take(119) + "…" else it },
        site.image?.let { "[picture] $it" },
        listOfNotNull(site.siteName, site.author, site.publishedAt?.take(10)).joinToString(" · "),
    )
    return lines.filter { it.isNotEmpty() }.joinToString("\n") { "| $it" }
}

fun main(arguments: Array<String>) {
    if (arguments.isEmpty()) return println("usage: LinkPreview URL…")
    runBlocking {
        for (url in arguments) println(card(Site.fromUrl(url, options)) + "\n")
    }
}
