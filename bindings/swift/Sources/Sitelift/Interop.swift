import Foundation

/// Small functions that show, and let anyone measure, how values cross the boundary.
public enum Interop {
    /// The version of the library.
    public static var version: String { nativeVersion() }

    /// `Hello from Rust!`
    public static func greeting() -> String { nativeGreeting() }

    /// `Hello, <name>!`
    public static func greet(_ name: String) -> String { nativeGreet(name: name) }

    /// Prints `Hello, world!` and a line feed to the process's standard output.
    public static func helloWorld() { nativeHelloWorld() }

    /// Prints the number and the text in one line on standard output, and returns the number plus the text's length in bytes.
    public static func printThis(_ number: Int64, _ text: String) -> Int64 { nativePrintThis(number: number, text: text) }

    /// The sum, which wraps around at the ends of 64 bits (two's complement).
    public static func add(_ a: Int64, _ b: Int64) -> Int64 { nativeAdd(a: a, b: b) }

    /// The sum of 0 to `n`, both included, counted up one by one: a loop for benchmarks. Wraps around at 64 bits.
    public static func gsum(_ n: UInt64) -> UInt64 { nativeGsum(n: n) }

    /// A record in, a new record out: its `data` is `Hello there from Rust code '<data>';`, its `len` the length of that in bytes.
    public static func helloThere(_ data: TestData) -> TestData { nativeHelloThere(data: data) }

    /// Returns the record it was given.
    public static func echo(_ data: TestData) -> TestData { nativeEchoTestData(data: data) }

    /// Returns the records it was given, lists and absent ones included.
    public static func echo(_ data: [[TestData?]]) -> [[TestData?]] { nativeEchoNested(data: data) }

    /// Returns the record it was given.
    public static func echo(_ site: Site) -> Site { nativeEchoSite(site: site) }

    /// Parses JSON text (RFC 8259) and returns it in its shortest form, the order of keys kept.
    ///
    /// - Throws: ``SiteliftError/InvalidJson(line:column:reason:)``.
    public static func parseJSON(_ text: String) throws -> String { try nativeParseJson(text: text) }

    /// Masks or unmasks a WebSocket payload (RFC 6455, section 5.3) and returns it; the argument is not changed.
    ///
    /// - Parameter key: The 4 bytes of the masking key as they stand on the wire.
    /// - Throws: ``SiteliftError/InvalidArgument(argument:reason:)`` when the key has another length.
    public static func websocketMask(_ payload: Data, key: Data) throws -> Data {
        try nativeWebsocketMask(payload: payload, key: key)
    }

    /// A `Pack` message in, a `Pack` message out (Protocol Buffers: `string data = 1; int64 len = 2;`): `data` as it was, `len` set to its
    /// length in bytes.
    ///
    /// - Throws: ``SiteliftError/InvalidProtobuf(reason:)`` when the bytes are no such message.
    public static func dataInfo(_ message: Data) throws -> Data { try nativeGetDataInfo(message: message) }
}
