package dev.sitelift

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import java.io.File

/** The cases that the tests of all languages read. */
class CasesTest {
    private val cases = File(root, "tests/cases")
    private val pages = checkNotNull(File(cases, "pages").listFiles { file -> file.extension == "json" }).sorted()

    @Test
    fun `there are cases`() = assertTrue(pages.size >= 40, "only ${pages.size}")

    @TestFactory
    fun pages(): List<DynamicTest> = pages.map { DynamicTest.dynamicTest(it.nameWithoutExtension) { page(it) } }

    private fun page(file: File) {
        val case = Json.parseToJsonElement(file.readText()).jsonObject
        val html = File(root, "tests/fixtures/pages/${case.text("page")}").readBytes()
        val site = plain(Site.fromHtml(html, case.text("url"), case.text("content_type"))).jsonObject
        keep(file.name, site)
        val expect = case.getValue("expect").jsonObject
        assertTrue(expect.isNotEmpty())
        val found = JsonObject(expect.mapValues { (name, expected) -> found(site, name, expected) })
        assertEquals(comparable(expect), comparable(found))
    }

    /** What the record has for a field of a case: `x_count` is a length, `x_first` as many items as are expected. */
    private fun found(site: JsonObject, name: String, expected: JsonElement): JsonElement {
        if (name == "json_ld_errors") {
            return JsonPrimitive(site.list("json_ld").count { it.jsonObject["error"] !is JsonNull })
        }
        site[name]?.let { return it }
        if (name.endsWith("_count")) return JsonPrimitive(site.list(name.removeSuffix("_count")).size)
        check(name.endsWith("_first")) { "the case names $name, which Site does not have" }
        return JsonArray(site.list(name.removeSuffix("_first")).take(expected.jsonArray.size))
    }

    /** Equal where the values are, however the keys are ordered and the numbers written. */
    private fun comparable(json: JsonElement): Any? =
        when (json) {
            is JsonNull -> null
            is JsonObject -> json.mapValues { comparable(it.value) }.toSortedMap()
            is JsonArray -> json.map(::comparable)
            is JsonPrimitive -> if (json.isString) json.content else json.content.toDoubleOrNull() ?: json.content
        }

    /** Kept for `make test-languages`, which compares the languages. */
    private fun keep(name: String, site: JsonObject) {
        val folder = File(root, "target/cases/kotlin").apply { mkdirs() }
        File(folder, name).writeText(site.toString())
    }

    @TestFactory
    fun problems(): List<DynamicTest> = problems.map { DynamicTest.dynamicTest(it.text("name")) { problem(it) } }

    private val problems = Json.parseToJsonElement(File(cases, "problems.json").readText()).jsonArray.map { it.jsonObject }

    private fun problem(case: JsonObject) {
        val site = if ("html" in case) lifted(case) else fetched(case)
        case.text("error")?.let { assertEquals(it, site.error?.kind?.name?.lowercase(), site.error.toString()) }
        case.text("warning")?.let { expected ->
            assertEquals(null, site.error)
            assertTrue(site.warnings.any { it.kind.name.lowercase() == expected }, site.warnings.toString())
        }
        (listOfNotNull(site.error) + site.warnings).forEach {
            assertEquals(if (it.url.isEmpty()) it.detail else "${it.url}: ${it.detail}", it.toString())
        }
    }

    private fun lifted(case: JsonObject): Site {
        val repeated = checkNotNull(case.text("html")).repeat(checkNotNull(case.text("repeat")).toInt())
        return Site.fromHtml(repeated + case.text("then"))
    }

    private fun fetched(case: JsonObject): Site {
        val patience = mapOf("allow_private_networks" to JsonPrimitive(true), "timeout" to JsonPrimitive(10),
            "read_timeout" to JsonPrimitive(0.5), "connect_timeout" to JsonPrimitive(2), "backoff" to JsonPrimitive(0.01))
        val options = options(JsonObject(patience + case["options"]?.jsonObject.orEmpty()))
        val url = checkNotNull(case.text("url")).replace("{http}", TestServer.url).replace("{https}", TestServer.httpsUrl)
            .replace("{silent}", TestServer.silentUrl).replace("{port}", TestServer.port)
        return Client(options).use { it.fetchBlocking(url) }
    }

    /** Only a defect of sitelift itself can't be brought about. */
    @Test
    fun `every category is met`() {
        val met = problems.map { it.text("error") ?: it.text("warning") }.toSet()
        assertEquals(ProblemKind.entries.map { it.name.lowercase() }.toSet() - "internal", met)
    }

    private fun JsonObject.text(name: String): String? = this[name]?.jsonPrimitive?.contentOrNull

    private fun JsonObject.list(name: String): JsonArray = checkNotNull(this[name]) { "no list $name in the record" }.jsonArray
}
