import Foundation
import Sitelift
import XCTest

/// The small functions, each against what it promises.
final class InteropTests: XCTestCase {
    func testGreetings() {
        XCTAssertEqual(Interop.greeting(), "Hello from Rust!")
        XCTAssertEqual(Interop.greet("Zoë 🦀"), "Hello, Zoë 🦀!")
        Interop.helloWorld()
    }

    func testNumbers() {
        XCTAssertEqual(Interop.add(2, 3), 5)
        XCTAssertEqual(Interop.add(.max, 1), .min)
        XCTAssertEqual(Interop.gsum(100), 5050)
        XCTAssertEqual(Interop.gsum(0), 0)
        XCTAssertEqual(Interop.printThis(4, "tintin"), 10)
        XCTAssertEqual(Interop.printThis(-1, "é🦀"), 5)
    }

    func testARecordInAndARecordOut() {
        let data = TestData(data: "test", len: 0)
        XCTAssertEqual(Interop.helloThere(data), TestData(data: "Hello there from Rust code 'test';", len: 34))
    }

    func testJSON() throws {
        XCTAssertEqual(try Interop.parseJSON(#" {"b": [1, 2.5, null], "a": "é"} "#), #"{"b":[1,2.5,null],"a":"é"}"#)
        XCTAssertThrowsError(try Interop.parseJSON("{\n \"a\": oops}")) { error in
            guard case let SiteliftError.InvalidJson(line, column, reason) = error else { return XCTFail("\(error)") }
            XCTAssertEqual(line, 2)
            XCTAssertGreaterThan(column, 0)
            XCTAssertEqual(error.localizedDescription, reason)
        }
    }

    func testWebsocketMask() throws {
        let key = Data([0x37, 0xfa, 0x21, 0x3d])
        // RFC 6455, section 5.7
        XCTAssertEqual(try Interop.websocketMask(Data("Hello".utf8), key: key), Data([0x7f, 0x9f, 0x4d, 0x51, 0x58]))
        for size in [0, 1, 7, 8, 9, 65_536, 262_144] {
            let payload = Data((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 37) })
            let expected = Data(payload.enumerated().map { $1 ^ key[$0 % 4] })
            XCTAssertEqual(try Interop.websocketMask(payload, key: key), expected)
        }
        XCTAssertThrowsError(try Interop.websocketMask(key, key: Data([1]))) { error in
            XCTAssertEqual(error.localizedDescription, "key: a masking key has 4 bytes, this one has 1")
        }
    }

    func testProtocolBuffers() throws {
        let text = Data("né🦀".utf8)
        let message = Data([0x0a, UInt8(text.count)]) + text + Data([0x10, 0x63])
        let answer = Data([0x0a, UInt8(text.count)]) + text + Data([0x10, UInt8(text.count)])
        XCTAssertEqual(try Interop.dataInfo(message), answer)
        XCTAssertEqual(try Interop.dataInfo(Data()), Data())
        XCTAssertThrowsError(try Interop.dataInfo(Data([0x0a, 0x7f]))) { error in
            XCTAssertTrue(error.localizedDescription.hasPrefix("not a Pack message"), error.localizedDescription)
        }
    }

    func testVersion() {
        XCTAssertNotNil(Interop.version.range(of: #"^\d+\.\d+\.\d+"#, options: .regularExpression))
    }
}
