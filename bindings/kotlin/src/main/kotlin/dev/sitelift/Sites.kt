@file:JvmName("Sites")

package dev.sitelift

import java.nio.ByteBuffer

/**
 * Fetches and lifts many pages: one record for each URL, in the order given; a page that failed is a record with an
 * [Site.error]. To fetch more than once, keep a [Client], which keeps its connections.
 *
 * @throws SiteliftException.InvalidArgument when an option is out of its range.
 * @throws SiteliftException.InvalidSelector when a rule of [FetchOptions.select] is not valid CSS.
 */
public suspend fun Site.Companion.fromUrls(
    urls: Collection<String>,
    options: FetchOptions = FetchOptions(),
): List<Site> = Client(options).use { it.fetchAll(urls) }

/** As [fromUrls], of one page. */
public suspend fun Site.Companion.fromUrl(url: String, options: FetchOptions = FetchOptions()): Site =
    Client(options).use { it.fetch(url) }

/** As [fromUrls], and blocks the thread until it is done. Interrupting the thread stops the requests. */
@JvmOverloads
@Throws(InterruptedException::class)
public fun Site.Companion.fromUrlsBlocking(
    urls: Collection<String>,
    options: FetchOptions = FetchOptions(),
): List<Site> = Client(options).use { it.fetchAllBlocking(urls) }

/**
 * Lifts HTML that is already there; nothing is fetched.
 *
 * @param html as it was received; its encoding is found out as browsers do.
 * @param baseUrl what relative URLs are resolved against; absent: they are left out.
 * @param contentType the HTTP header, whose `charset` counts as it does in browsers; absent: HTML.
 * @param select CSS rules by name, as in [FetchOptions.select].
 * @param parts the wanted parts, as in [FetchOptions.parts].
 * @param keepBody whether the record holds the decoded text, too.
 * @throws SiteliftException.InvalidArgument when [baseUrl] is no absolute URL.
 * @throws SiteliftException.InvalidSelector when a rule is not valid CSS.
 */
@JvmOverloads
public fun Site.Companion.fromHtml(
    html: ByteArray,
    baseUrl: String? = null,
    contentType: String? = null,
    select: Map<String, String> = emptyMap(),
    parts: List<Part>? = null,
    keepBody: Boolean = true,
): Site = nativeExtract(direct(html), baseUrl, contentType, select, parts, keepBody)

/** As the other [fromHtml], of text that is decoded already. */
@JvmOverloads
public fun Site.Companion.fromHtml(
    html: String,
    baseUrl: String? = null,
    select: Map<String, String> = emptyMap(),
    parts: List<Part>? = null,
    keepBody: Boolean = true,
): Site = fromHtml(html.encodeToByteArray(), baseUrl, "text/html; charset=utf-8", select, parts, keepBody)

/** The bytes where the library can read them: outside the heap, whose objects move. */
internal fun direct(bytes: ByteArray): ByteBuffer = ByteBuffer.allocateDirect(bytes.size).put(bytes).flip()
