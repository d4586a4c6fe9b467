package dev.sitelift

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext

/**
 * Fetches pages with one set of options and one connection pool. Safe to share between threads and coroutines.
 *
 * ```
 * Client(FetchOptions(concurrency = 32u)).use { client ->
 *     client.stream(urls).collect { site -> println(site.title) }
 * }
 * ```
 *
 * Cancelling a coroutine stops its requests. What went wrong with a page stands in its [Site.error]; calls fail only with
 * [SiteliftException.Closed], when the client is closed before or during them.
 *
 * @param options every one has a default.
 * @throws SiteliftException.InvalidArgument when an option is out of its range.
 * @throws SiteliftException.InvalidSelector when a rule of [FetchOptions.select] is not valid CSS.
 */
public class Client @JvmOverloads constructor(options: FetchOptions = FetchOptions()) : AutoCloseable {
    private val native: NativeClient = NativeClient(options)

    /** Fetches and lifts one page. */
    public suspend fun fetch(url: String): Site = working { it.fetch(url) }

    /**
     * Fetches and lifts many pages: one record for each URL, in the order given. Equal URLs (fragments aside) are fetched once and
     * returned at every index.
     */
    public suspend fun fetchAll(urls: Collection<String>): List<Site> = working { it.fetchAll(urls.toList()) }

    /** As [fetch], and blocks the thread until it is done. Interrupting the thread stops the request. */
    @Throws(InterruptedException::class)
    public fun fetchBlocking(url: String): Site = runBlocking { fetch(url) }

    /** As [fetchAll], and blocks the thread until it is done. Interrupting the thread stops the requests. */
    @Throws(InterruptedException::class)
    public fun fetchAllBlocking(urls: Collection<String>): List<Site> = runBlocking { fetchAll(urls) }

    /**
     * Fetches and lifts many pages and hands each over as it comes: in the order given, or with [ordered] off each as soon as it is
     * there. Nothing is fetched before the flow is collected; each collector fetches anew.
     *
     * A slow collector stops the fetching. An ordered flow holds at most [lookAhead] pages behind one that is slow (default:
     * 256, or twice the concurrency if more).
     */
    public fun stream(urls: Collection<String>, ordered: Boolean = true, lookAhead: Int? = null): Flow<Site> {
        val list = urls.toList()
        val window = window(lookAhead)
        return flow { read(open { it.stream(list, ordered, window) }) }
    }

    /**
     * As [stream], with URLs that come one after another; any number of them passes through in bounded memory. A failure of [urls]
     * ends the flow with it.
     */
    public fun stream(urls: Flow<String>, ordered: Boolean = true, lookAhead: Int? = null): Flow<Site> {
        val window = window(lookAhead)
        return flow {
            val pages = open { it.openStream(ordered, window) }
            coroutineScope {
                val feeder = launch {
                    urls.collect { url -> feed(pages, url) }
                    pages.finish()
                }
                read(pages)
                feeder.cancel()
            }
        }
    }

    /** What this client has done so far. */
    public fun stats(): Stats = open { it.stats() }

    /** Whether [close] was called. */
    public val isClosed: Boolean
        get() = native.uniffiIsDestroyed

    /** Ends all calls and flows of this client with [SiteliftException.Closed], now and later. May be called twice. */
    override fun close() {
        if (!isClosed) {
            open { it.shutdown() }
            native.destroy()
        }
    }

    /** A record is read where a computation belongs, not on the caller's thread, which may be a user interface's. */
    private suspend fun <R> working(call: suspend (NativeClient) -> R): R =
        withContext(Dispatchers.Default) { open { call(it) } }

    private inline fun <R> open(call: (NativeClient) -> R): R =
        try {
            call(native)
        } catch (error: IllegalStateException) {
            // The generated client's own answer after it was given back.
            if (error is CancellationException || !isClosed) throw error
            throw SiteliftException.Closed("the client is closed; make a new one to go on").apply { initCause(error) }
        }

    private suspend fun FlowCollector<Site>.read(pages: NativeStream) {
        try {
            while (true) {
                val batch = withContext(Dispatchers.Default) { pages.nextBatch(BATCH) }
                if (batch.isEmpty()) break
                batch.forEach { emit(it) }
            }
        } finally {
            pages.cancel()
            pages.destroy()
        }
    }

    private companion object {
        /** Pages that cross at once: enough to make a crossing cheap, few enough to be handed on soon. */
        private val BATCH: UInt = 16u

        private fun window(lookAhead: Int?): UInt? {
            require(lookAhead == null || lookAhead >= 0) { "lookAhead: $lookAhead is not a number of pages" }
            return lookAhead?.toUInt()
        }

        /** The reader says why a stream has ended; the feeder just stops. */
        private suspend fun feed(pages: NativeStream, url: String) {
            try {
                pages.feed(listOf(url))
            } catch (_: SiteliftException.Closed) {
                throw CancellationException("the stream has ended")
            }
        }
    }
}
