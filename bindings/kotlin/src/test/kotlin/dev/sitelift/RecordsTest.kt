package dev.sitelift

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Test

/** Records that cross into Rust and back are what they were. */
class RecordsTest {
    @Test
    fun `test data`() {
        for (text in listOf("", "test", "né🦀", "a\u0000b", "x".repeat(1_000_000))) {
            for (len in listOf(0L, -1L, Long.MAX_VALUE, Long.MIN_VALUE)) {
                val data = TestData(text, len)
                assertEquals(data, Interop.echo(data))
            }
        }
    }

    @Test
    fun `lists and absent ones`() {
        val nested = listOf(listOf(TestData("a", 1), null), emptyList(), listOf(null))
        assertEquals(nested, Interop.echo(nested))
        assertEquals(emptyList<List<TestData?>>(), Interop.echo(emptyList()))
    }

    @Test
    fun `a site with nothing`() = assertEquals(Site(), Interop.echo(Site()))

    @Test
    fun `a site with everything`() {
        for (seed in 1..20) {
            val site = full(Site::class, seed) as Site
            val back = Interop.echo(site)
            assertEquals(site, back)
            assertEquals(site.hashCode(), back.hashCode())
            assertNotEquals(Site(), back)
        }
    }

    @Test
    fun `records are values`() {
        val site = Site(url = "https://a.example/", links = listOf(Link("https://b.example/", "b", null, false)))
        assertEquals(site, site.copy())
        assertNotEquals(site, site.copy(title = "t"))
        assertEquals("http://a.example/: gone", Problem(ProblemKind.TIMEOUT, "http://a.example/", "gone").toString())
    }
}
