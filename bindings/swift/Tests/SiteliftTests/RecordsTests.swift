import Foundation
import Sitelift
import XCTest

/// Records that cross into Rust and back are what they were.
final class RecordsTests: XCTestCase {
    func testTestData() {
        for text in ["", "test", "né🦀", "a\0b", String(repeating: "x", count: 1_000_000)] {
            for len in [0, -1, Int64.max, Int64.min] {
                let data = TestData(data: text, len: len)
                XCTAssertEqual(Interop.echo(data), data)
            }
        }
    }

    func testListsAndAbsentOnes() {
        let nested = [[TestData(data: "a", len: 1), nil], [], [nil]]
        XCTAssertEqual(Interop.echo(nested), nested)
        XCTAssertEqual(Interop.echo([]), [])
    }

    func testASiteWithNothing() {
        XCTAssertEqual(Interop.echo(Site()), Site())
    }

    func testASiteWithEverything() throws {
        for seed in 1...20 {
            let site = try Filling.value(Site.self, seed: seed)
            let back = Interop.echo(site)
            XCTAssertEqual(back, site)
            XCTAssertEqual(back.hashValue, site.hashValue)
            XCTAssertEqual(site.links.count, 2)
            XCTAssertNotNil(site.error)
            for child in Mirror(reflecting: back).children {
                XCTAssertNotEqual("\(child.value)", "nil", child.label ?? "")
            }
        }
    }

    func testCodable() throws {
        let site = try Filling.value(Site.self, seed: 7)
        XCTAssertEqual(try JSONDecoder().decode(Site.self, from: JSONEncoder().encode(site)), site)
        XCTAssertEqual(String(decoding: try JSONEncoder().encode([PageKind.consentWall]), as: UTF8.self), #"["consent_wall"]"#)
        XCTAssertThrowsError(try JSONDecoder().decode([Part].self, from: Data(#"["nothing"]"#.utf8)))
    }

    func testRecordsAreValues() {
        var site = Site(url: "https://a.example/", links: [Link(url: "https://b.example/", text: "b", rel: nil, internal: false)])
        let copy = site
        site.title = "t"
        XCTAssertNotEqual(site, copy)
        XCTAssertEqual("\(Problem(kind: .timeout, url: "http://a.example/", detail: "gone"))", "http://a.example/: gone")
    }
}
