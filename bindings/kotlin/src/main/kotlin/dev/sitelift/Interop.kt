package dev.sitelift

/** Small functions that show, and let anyone measure, how values cross the boundary. */
public object Interop {
    /** The version of the library. */
    @JvmStatic
    public fun version(): String = nativeVersion()

    /** `Hello from Rust!` */
    @JvmStatic
    public fun greeting(): String = nativeGreeting()

    /** `Hello, <name>!` */
    @JvmStatic
    public fun greet(name: String): String = nativeGreet(name)

    /** Prints `Hello, world!` and a line feed to the process's standard output. */
    @JvmStatic
    public fun helloWorld(): Unit = nativeHelloWorld()

    /** Prints the number and the text in one line on standard output, and returns the number plus the text's length in bytes. */
    @JvmStatic
    public fun printThis(number: Long, text: String): Long = nativePrintThis(number, text)

    /** The sum, which wraps around at the ends of 64 bits (two's complement). */
    @JvmStatic
    public fun add(a: Long, b: Long): Long = nativeAdd(a, b)

    /** The sum of 0 to [n], both included, counted up one by one: a loop for benchmarks. Wraps around at 64 bits. */
    @JvmStatic
    public fun gsum(n: Long): Long {
        require(n >= 0) { "n: $n is below 0" }
        return nativeGsum(n.toULong()).toLong()
    }

    /**
     * A record in, a new record out: its `data` is `Hello there from Rust code '<data>';`, its `len` the length of that in
     * bytes.
     */
    @JvmStatic
    public fun helloThere(data: TestData): TestData = nativeHelloThere(data)

    /** Returns the record it was given. */
    @JvmStatic
    public fun echo(data: TestData): TestData = nativeEchoTestData(data)

    /** Returns the records it was given, lists and absent ones included. */
    @JvmStatic
    public fun echo(data: List<List<TestData?>>): List<List<TestData?>> = nativeEchoNested(data)

    /** Returns the record it was given. */
    @JvmStatic
    public fun echo(site: Site): Site = nativeEchoSite(site)

    /**
     * Parses JSON text (RFC 8259) and returns it in its shortest form, the order of keys kept.
     *
     * @throws SiteliftException.InvalidJson which names line and column.
     */
    @JvmStatic
    public fun parseJson(text: String): String = nativeParseJson(text)

    /**
     * Masks or unmasks a WebSocket payload (RFC 6455, section 5.3) and returns it; the argument is not changed.
     *
     * @param key the 4 bytes of the masking key as they stand on the wire.
     * @throws SiteliftException.InvalidArgument when the key has another length.
     */
    @JvmStatic
    public fun websocketMask(payload: ByteArray, key: ByteArray): ByteArray =
        nativeWebsocketMask(direct(payload), direct(key))

    /**
     * A `Pack` message in, a `Pack` message out (Protocol Buffers: `string data = 1; int64 len = 2;`): `data` as it was, `len` set to
     * its length in bytes.
     *
     * @throws SiteliftException.InvalidProtobuf when the bytes are no such message.
     */
    @JvmStatic
    public fun getDataInfo(message: ByteArray): ByteArray = nativeGetDataInfo(direct(message))
}
