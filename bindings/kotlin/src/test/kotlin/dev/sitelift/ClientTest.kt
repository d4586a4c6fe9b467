package dev.sitelift

import dev.sitelift.example.card

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.atomic.AtomicReference
import kotlin.concurrent.thread

/** Clients and streams, against the loopback server. */
class ClientTest {
    private fun pages(count: Int): List<String> = List(count) { "${TestServer.url}/n/$it" }

    @Test
    fun `from urls`() = runBlocking {
        val urls = pages(3) + "no-scheme.example" + pages(1)
        val sites = Site.fromUrls(urls, local)
        assertEquals(urls, sites.map { it.url })
        assertEquals(listOf(null, null, null, ProblemKind.INVALID_URL, null), sites.map { it.error?.kind })
        assertTrue(sites[0].title!!.isNotEmpty() && sites[0].body!!.isNotEmpty())
        assertEquals(urls, Site.fromUrlsBlocking(urls, local).map { it.url })
        assertEquals(200, Site.fromUrl(urls[0], local).status?.toInt())
        assertEquals(emptyList<Site>(), Site.fromUrls(emptyList()))
    }

    @Test
    fun `from html`() {
        val site = Site.fromHtml("<title>Café</title><a href=/x>y</a>", baseUrl = "https://a.example/", select = mapOf("a" to "a::attr(href)"))
        assertEquals("Café", site.title)
        assertEquals(listOf("https://a.example/x"), site.links.map { it.url })
        assertEquals(mapOf("a" to listOf("/x")), site.selected)
        val error = assertThrows(SiteliftException.InvalidArgument::class.java) { Site.fromHtml("", baseUrl = "/x") }
        assertEquals("base_url", error.argument)
    }

    @Test
    fun `bad options are exceptions with a message`() {
        val range = assertThrows(SiteliftException.InvalidArgument::class.java) { Client(FetchOptions(concurrency = 0u)) }
        assertEquals("concurrency", range.argument)
        assertEquals("concurrency: 0 is not between 1 and 10000", range.message)
        val rule = assertThrows(SiteliftException.InvalidSelector::class.java) { Client(FetchOptions(select = mapOf("p" to "p["))) }
        assertEquals(listOf("p", "p["), listOf(rule.name, rule.selector))
        assertTrue(rule.message.contains("not a valid CSS selector"), rule.message)
    }

    @Test
    fun `a thousand pages in order`() = runBlocking {
        Client(local).use { client ->
            val urls = pages(1_000)
            assertEquals(urls, client.stream(urls).map { it.url }.toList())
            assertEquals(1_000L, client.stats().pages.toLong())
            assertEquals(urls.toSet(), client.stream(urls, ordered = false, lookAhead = 8).map { it.url }.toList().toSet())
        }
    }

    @Test
    fun `urls that come one after another`() = runBlocking {
        Client(local).use { client ->
            val endless = flow { generateSequence(0) { it + 1 }.forEach { emit("${TestServer.url}/n/$it") } }
            assertEquals(pages(300), withTimeout(60_000) { client.stream(endless).take(300).map { it.url }.toList() })
            val urls = pages(50)
            assertEquals(urls, client.stream(urls.asFlow()).map { it.url }.toList())
            assertEquals(emptyList<Site>(), client.stream(emptyList<String>().asFlow()).toList())
        }
    }

    @Test
    fun `a failing source ends the stream with its failure`() {
        val failing: Flow<String> = flow { emit("${TestServer.url}/n/0"); delay(50); error("no more") }
        Client(local).use { client ->
            val error = assertThrows(IllegalStateException::class.java) { runBlocking { client.stream(failing).collect() } }
            assertEquals("no more", error.message)
        }
    }

    @Test
    fun `cancelling stops the requests`() = runBlocking {
        until("idle") { TestServer.inFlight() == 0L }
        Client(local.copy(perHost = 100u)).use { client ->
            val batch = launch(Dispatchers.Default) { client.fetchAll(List(20) { "${TestServer.url}/delay/30000?$it" }) }
            until("20 requests") { TestServer.inFlight() == 20L }
            batch.cancelAndJoin()
            until("no request") { TestServer.inFlight() == 0L }
            val stream = launch(Dispatchers.Default) { client.stream(List(20) { "${TestServer.url}/delay/30000?$it" }).collect() }
            until("20 requests") { TestServer.inFlight() == 20L }
            stream.cancelAndJoin()
            until("no request") { TestServer.inFlight() == 0L }
            assertEquals(null, client.fetch("${TestServer.url}/n/0").error)
        }
    }

    @Test
    fun `interrupting stops a blocking call`() {
        until("idle") { TestServer.inFlight() == 0L }
        Client(local).use { client ->
            val thrown = AtomicReference<Throwable>()
            val worker = thread { thrown.set(runCatching { client.fetchBlocking("${TestServer.url}/delay/30000") }.exceptionOrNull()) }
            until("a request") { TestServer.inFlight() == 1L }
            worker.interrupt()
            worker.join(5_000)
            assertInstanceOf(InterruptedException::class.java, thrown.get())
            until("no request") { TestServer.inFlight() == 0L }
        }
    }

    @Test
    fun `closing ends calls and streams`() {
        val client = Client(local)
        val thrown = AtomicReference<Throwable>()
        val worker = thread {
            thrown.set(runCatching { runBlocking { client.stream(listOf("${TestServer.url}/delay/30000")).collect() } }.exceptionOrNull())
        }
        until("a request") { TestServer.inFlight() >= 1L }
        client.close()
        client.close()
        worker.join(5_000)
        assertInstanceOf(SiteliftException.Closed::class.java, thrown.get())
        assertTrue(client.isClosed)
        for (call in listOf<() -> Any>({ client.fetchBlocking("http://a.example/") }, { client.stats() },
            { runBlocking { client.stream(listOf("http://a.example/")).toList() } })) {
            val error = assertThrows(SiteliftException.Closed::class.java) { call() }
            assertEquals("the client is closed; make a new one to go on", error.message)
        }
        until("no request") { TestServer.inFlight() == 0L }
    }

    @Test
    fun `one client, many threads and coroutines`() = runBlocking {
        Client(local.copy(perHost = 64u)).use { client ->
            val threads = List(8) { n ->
                thread { repeat(25) { assertEquals(null, client.fetchBlocking("${TestServer.url}/n/${n * 25 + it}").error) } }
            }
            val sites = List(200) { async(Dispatchers.Default) { client.fetch("${TestServer.url}/n/$it?c") } }.awaitAll()
            threads.forEach { it.join() }
            assertEquals(200, sites.count { it.error == null && it.status?.toInt() == 200 })
            assertEquals(400L, client.stats().pages.toLong())
            assertEquals(0L, client.stats().inFlight.toLong())
        }
    }

    @Test
    fun `the example`() {
        val page = "<title>T</title><meta property=og:description content=D><meta property=og:site_name content=S>"
        assertEquals("| T\n| D\n| S", card(Site.fromHtml(page)))
        assertEquals("No preview: x: gone", card(Site(error = Problem(ProblemKind.TIMEOUT, "x", "gone"))))
    }
}
