package dev.sitelift

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import java.io.File
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse

/** The repository. */
internal val root: File = File(checkNotNull(System.getProperty("sitelift.root")) { "run the tests with Maven" }).canonicalFile

/** The loopback test server, started once for all tests. It ends when this process does, as its standard input closes then. */
internal object TestServer {
    private val ready: JsonObject = run {
        val program = listOf("release", "debug").map { File(root, "target/$it/sitelift-testserver") }
            .filter { it.exists() }.maxByOrNull { it.lastModified() } ?: error("the test server is missing: run `make testserver`")
        val process = ProcessBuilder(program.path, "--pages", File(root, "tests/fixtures/pages").path)
            .redirectError(ProcessBuilder.Redirect.INHERIT).start()
        Json.parseToJsonElement(process.inputStream.bufferedReader().readLine()).jsonObject
    }
    private val http: HttpClient = HttpClient.newHttpClient()

    val url: String = text("url")
    val httpsUrl: String = text("https_url")
    val port: String = text("port")
    val silentUrl: String = "http://127.0.0.1:${text("silent_port")}"

    fun inFlight(): Long = stats().getValue("in_flight").jsonPrimitive.long

    private fun stats(): JsonObject {
        val answer = http.send(HttpRequest.newBuilder(URI("$url/stats")).build(), HttpResponse.BodyHandlers.ofString())
        return Json.parseToJsonElement(answer.body()).jsonObject
    }

    private fun text(name: String): String = ready.getValue(name).jsonPrimitive.content
}

/** Options that reach the test server. */
internal val local: FetchOptions = FetchOptions(allowPrivateNetworks = true)

/** Waits until the condition holds; fails when it does not in time. */
internal fun until(what: String, seconds: Int = 5, condition: () -> Boolean) {
    val end = System.nanoTime() + seconds * 1_000_000_000L
    while (!condition()) {
        if (System.nanoTime() > end) error("not so after $seconds s: $what")
        Thread.sleep(10)
    }
}
