import Sitelift
import XCTest

/// `Growth.swift` stands beside the benchmarks, and is copied here with them.
final class GrowthTests: XCTestCase {
    func testCallsLeaveNothingBehind() throws {
        #if os(Linux)
        for (what, kib) in try growth(calls: 100_000) {
            // 42 bytes a call would be more.
            XCTAssertLessThan(kib, what == "records" ? 8_192 : 4_096, what)
        }
        #else
        throw XCTSkip("reads /proc")
        #endif
    }
}
