package dev.sitelift

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File

/** The program is the benchmark's. In a process of its own, whose heap keeps its size: all that grows is memory that is not Java's. */
class GrowthTest {
    @Test
    fun `calls leave nothing behind`() {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val heap = listOf("-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC")
        val program = listOf("-cp", System.getProperty("java.class.path"), "dev.sitelift.bench.GrowthKt", "100000")
        val process = ProcessBuilder(listOf(java) + heap + program).redirectError(ProcessBuilder.Redirect.INHERIT)
            .apply { environment()["SITELIFT_ROOT"] = root.path }.start()
        val grown = Json.parseToJsonElement(process.inputStream.bufferedReader().readText()).jsonObject
        assertEquals(0, process.waitFor())
        for ((what, kib) in grown) {
            // Code that the compiler makes meanwhile counts, too; 84 bytes a call would be more.
            assertTrue(kib.jsonPrimitive.long < 8_192, "$what grew by $kib KiB")
        }
        assertEquals(setOf("calls", "errors", "records"), grown.keys)
    }
}
