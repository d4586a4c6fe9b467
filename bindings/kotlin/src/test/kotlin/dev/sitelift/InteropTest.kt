package dev.sitelift

import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import kotlin.experimental.xor
import kotlin.random.Random

/** The small functions, each against what it promises. */
class InteropTest {
    @Test
    fun greetings() {
        assertEquals("Hello from Rust!", Interop.greeting())
        assertEquals("Hello, Zoë 🦀!", Interop.greet("Zoë 🦀"))
        Interop.helloWorld()
    }

    @Test
    fun numbers() {
        assertEquals(5, Interop.add(2, 3))
        assertEquals(Long.MIN_VALUE, Interop.add(Long.MAX_VALUE, 1))
        assertEquals(5050, Interop.gsum(100))
        assertEquals(0, Interop.gsum(0))
        assertThrows(IllegalArgumentException::class.java) { Interop.gsum(-1) }
        assertEquals(10, Interop.printThis(4, "tintin"))
        assertEquals(5, Interop.printThis(-1, "é🦀"))
    }

    @Test
    fun `a record in and a record out`() {
        val data = TestData("test", 0)
        assertEquals(TestData("Hello there from Rust code 'test';", 34), Interop.helloThere(data))
        assertEquals(TestData("test", 0), data)
    }

    @Test
    fun json() {
        assertEquals("""{"b":[1,2.5,null],"a":"é"}""", Interop.parseJson(""" {"b": [1, 2.5, null], "a": "é"} """))
        val error = assertThrows(SiteliftException.InvalidJson::class.java) { Interop.parseJson("{\n \"a\": oops}") }
        assertEquals(2u, error.line)
        assertTrue(error.column > 0u)
        assertTrue(error.message.startsWith("not valid JSON"), error.message)
    }

    @Test
    fun `websocket mask`() {
        val key = byteArrayOf(0x37, 0xfa.toByte(), 0x21, 0x3d)
        // RFC 6455, section 5.7
        val masked = byteArrayOf(0x7f, 0x9f.toByte(), 0x4d, 0x51, 0x58)
        assertArrayEquals(masked, Interop.websocketMask("Hello".encodeToByteArray(), key))
        for (size in listOf(0, 1, 7, 8, 9, 65_536, 262_144)) {
            val payload = Random(size).nextBytes(size)
            val copy = payload.copyOf()
            val expected = ByteArray(size) { payload[it] xor key[it % 4] }
            assertArrayEquals(expected, Interop.websocketMask(payload, key))
            assertArrayEquals(copy, payload)
        }
        val error = assertThrows(SiteliftException.InvalidArgument::class.java) { Interop.websocketMask(key, byteArrayOf(1)) }
        assertEquals("key", error.argument)
        assertEquals("key: a masking key has 4 bytes, this one has 1", error.message)
    }

    @Test
    fun `protocol buffers`() {
        val text = "né🦀".encodeToByteArray()
        val message = byteArrayOf(0x0a, text.size.toByte()) + text + byteArrayOf(0x10, 0x63)
        val answer = byteArrayOf(0x0a, text.size.toByte()) + text + byteArrayOf(0x10, text.size.toByte())
        assertArrayEquals(answer, Interop.getDataInfo(message))
        assertArrayEquals(byteArrayOf(), Interop.getDataInfo(byteArrayOf()))
        val error = assertThrows(SiteliftException.InvalidProtobuf::class.java) { Interop.getDataInfo(byteArrayOf(0x0a, 0x7f)) }
        assertTrue(error.message.startsWith("not a Pack message"), error.message)
    }

    @Test
    fun version() = assertTrue(Regex("""\d+\.\d+\.\d+""").containsMatchIn(Interop.version()))
}
