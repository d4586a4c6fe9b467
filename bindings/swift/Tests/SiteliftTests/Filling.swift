/// Makes a value of any decodable type in which every field holds something, so that new fields need nothing in the tests.
struct Filling: Decoder {
    let seed: Int
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    static func value<T: Decodable>(_ type: T.Type, seed: Int) throws -> T {
        // An enum is its last case, a dictionary has a key that is text; all else decodes itself.
        if let cases = type as? any CaseIterable.Type, let last = lastCase(cases) as? T { return last }
        return try T(from: Filling(seed: seed))
    }

    private static func lastCase<C: CaseIterable>(_ type: C.Type) -> Any? { Array(type.allCases).last }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Fields<Key>(seed: seed))
    }

    func unkeyedContainer() -> any UnkeyedDecodingContainer { Items(seed: seed) }

    func singleValueContainer() -> any SingleValueDecodingContainer { Scalar(seed: seed) }
}

private struct Fields<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let seed: Int
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { ["", "key \(seed) é"].compactMap { Key(stringValue: $0) } }

    private func seed(_ key: Key) -> Int { key.stringValue.utf8.reduce(seed) { ($0 &* 31 &+ Int($1)) & 0xffff } }

    func contains(_ key: Key) -> Bool { true }
    func decodeNil(forKey key: Key) -> Bool { false }
    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try Filling.value(type, seed: seed(key)) }
    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedDecodingContainer<Nested> {
        KeyedDecodingContainer(Fields<Nested>(seed: seed(key)))
    }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer { Items(seed: seed(key)) }
    func superDecoder() -> any Decoder { Filling(seed: seed) }
    func superDecoder(forKey key: Key) -> any Decoder { Filling(seed: seed(key)) }
}

private struct Items: UnkeyedDecodingContainer {
    let seed: Int
    var codingPath: [any CodingKey] { [] }
    var count: Int? { 2 }
    var currentIndex = 0
    var isAtEnd: Bool { currentIndex >= 2 }

    init(seed: Int) { self.seed = seed }

    mutating func decodeNil() -> Bool { false }
    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        currentIndex += 1
        return try Filling.value(type, seed: seed + currentIndex)
    }
    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedDecodingContainer<Nested> {
        currentIndex += 1
        return KeyedDecodingContainer(Fields<Nested>(seed: seed + currentIndex))
    }
    mutating func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer { Items(seed: seed + 1) }
    mutating func superDecoder() -> any Decoder { Filling(seed: seed) }
}

private struct Scalar: SingleValueDecodingContainer {
    let seed: Int
    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { false }
    func decode(_ type: Bool.Type) -> Bool { true }
    func decode(_ type: String.Type) -> String { "text \(seed) é 漢字 🦀 \0 \"\n" }
    func decode(_ type: Double.Type) -> Double { Double(seed) + 0.25 }
    func decode(_ type: Float.Type) -> Float { Float(seed) + 0.25 }
    func decode(_ type: Int.Type) -> Int { .min + seed }
    func decode(_ type: Int8.Type) -> Int8 { .min }
    func decode(_ type: Int16.Type) -> Int16 { .min }
    func decode(_ type: Int32.Type) -> Int32 { .min + Int32(seed) }
    func decode(_ type: Int64.Type) -> Int64 { .min + Int64(seed) }
    func decode(_ type: UInt.Type) -> UInt { .max - UInt(seed) }
    func decode(_ type: UInt8.Type) -> UInt8 { UInt8(truncatingIfNeeded: seed) }
    func decode(_ type: UInt16.Type) -> UInt16 { .max - UInt16(truncatingIfNeeded: seed) }
    func decode(_ type: UInt32.Type) -> UInt32 { .max - UInt32(seed) }
    func decode(_ type: UInt64.Type) -> UInt64 { .max - UInt64(seed) }
    func decode<T: Decodable>(_ type: T.Type) throws -> T { try Filling.value(type, seed: seed) }
}
