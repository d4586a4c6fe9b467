import Foundation
import Sitelift
import XCTest

/// Clients and streams, against the loopback server.
final class ClientTests: XCTestCase {
    private let server = TestServer.shared
    private let local = FetchOptions(allowPrivateNetworks: true)
    private let patient = FetchOptions(perHost: 100, allowPrivateNetworks: true)

    private func pages(_ count: Int) -> [String] { (0..<count).map { "\(server.url)/n/\($0)" } }

    private func slow(_ count: Int) -> [String] { (0..<count).map { "\(server.url)/delay/30000?\($0)" } }

    private func urls(_ sites: Sites) async throws -> [String] {
        var urls: [String] = []
        for try await site in sites { urls.append(site.url) }
        return urls
    }

    func testFromURLs() async throws {
        let urls = pages(3) + ["no-scheme.example"] + pages(1)
        let sites = try await Site.from(urls: urls, options: local)
        XCTAssertEqual(sites.map(\.url), urls)
        XCTAssertEqual(sites.map { $0.error?.kind }, [nil, nil, nil, .invalidUrl, nil])
        XCTAssertFalse(try XCTUnwrap(sites[0].title).isEmpty)
        let one = try await Site.from(url: urls[0], options: local)
        XCTAssertEqual(one.status, 200)
        let none = try await Site.from(urls: [])
        XCTAssertEqual(none, [])
    }

    func testFromHTML() throws {
        let site = try Site(
            html: "<title>Café</title><a href=/x>y</a>", baseURL: "https://a.example/", select: ["a": "a::attr(href)"])
        XCTAssertEqual(site.title, "Café")
        XCTAssertEqual(site.links.map(\.url), ["https://a.example/x"])
        XCTAssertEqual(site.selected, ["a": ["/x"]])
        XCTAssertNil(try Site(html: Data()).title)
        XCTAssertThrowsError(try Site(html: "", baseURL: "/x")) { error in
            guard case SiteliftError.InvalidArgument(argument: "base_url", reason: _) = error else { return XCTFail("\(error)") }
        }
    }

    func testBadOptionsAreErrorsWithAMessage() {
        XCTAssertThrowsError(try Client(FetchOptions(concurrency: 0))) { error in
            XCTAssertEqual(error.localizedDescription, "concurrency: 0 is not between 1 and 10000")
        }
        XCTAssertThrowsError(try Client(FetchOptions(select: ["p": "p["]))) { error in
            guard case SiteliftError.InvalidSelector(name: "p", selector: "p[", reason: _) = error else { return XCTFail("\(error)") }
        }
    }

    func testAThousandPagesInOrder() async throws {
        let client = try Client(local)
        let asked = pages(1_000)
        let inOrder = try await urls(client.stream(asked))
        XCTAssertEqual(inOrder, asked)
        XCTAssertEqual(client.stats.pages, 1_000)
        let asDone = try await urls(client.stream(asked, ordered: false, lookAhead: 8))
        XCTAssertEqual(Set(asDone), Set(asked))
    }

    func testURLsThatComeOneAfterAnother() async throws {
        let client = try Client(local)
        let url = server.url
        let count = Counter()
        let endless = AsyncStream { await "\(url)/n/\(count.next())" }
        var found: [String] = []
        for try await site in client.stream(endless) {
            found.append(site.url)
            if found.count == 300 { break }
        }
        XCTAssertEqual(found, pages(300))
        let finite = AsyncStream { more in
            pages(50).forEach { more.yield($0) }
            more.finish()
        }
        let all = try await urls(client.stream(finite))
        XCTAssertEqual(all, pages(50))
    }

    func testAFailingSourceEndsTheStreamWithItsFailure() async throws {
        let url = "\(server.url)/n/0"
        let failing = AsyncThrowingStream<String, any Error> { more in
            more.yield(url)
            more.finish(throwing: URLError(.cancelled))
        }
        let client = try Client(local)
        try await assertThrows(await urls(client.stream(failing))) { XCTAssertTrue($0 is URLError, "\($0)") }
    }

    func testCancellingStopsTheRequests() async throws {
        try await server.until(inFlight: 0)
        let client = try Client(patient)
        let batch = Task { [slow = slow(20)] in try await client.fetchAll(slow) }
        try await server.until(inFlight: 20)
        batch.cancel()
        try await assertThrows(await batch.value) { XCTAssertTrue($0 is CancellationError, "\($0)") }
        try await server.until(inFlight: 0)
        let stream = Task { [slow = slow(20)] in
            for try await _ in client.stream(slow) {}
        }
        try await server.until(inFlight: 20)
        stream.cancel()
        try await assertThrows(await stream.value) { XCTAssertTrue($0 is CancellationError, "\($0)") }
        try await server.until(inFlight: 0)
        let site = try await client.fetch("\(server.url)/n/0")
        XCTAssertNil(site.error)
    }

    func testLeavingAStreamStopsTheRequests() async throws {
        try await server.until(inFlight: 0)
        let client = try Client(patient)
        for try await site in client.stream(["\(server.url)/n/0"] + slow(20)) {
            XCTAssertNil(site.error)
            try await server.until(inFlight: 20)
            break
        }
        try await server.until(inFlight: 0)
    }

    func testClosingEndsCallsAndStreams() async throws {
        try await server.until(inFlight: 0)
        let client = try Client(local)
        let call = Task { [slow = slow(1)] in try await client.fetchAll(slow) }
        try await server.until(inFlight: 1)
        client.close()
        client.close()
        let closed = { (error: any Error) in
            guard case SiteliftError.Closed = error else { return XCTFail("\(error)") }
            XCTAssertEqual(error.localizedDescription, "the client is closed; make a new one to go on")
        }
        try await assertThrows(await call.value) { closed($0) }
        try await assertThrows(await client.fetch("http://a.example/")) { closed($0) }
        try await assertThrows(await urls(client.stream(["http://a.example/"]))) { closed($0) }
        XCTAssertTrue(client.isClosed)
        try await server.until(inFlight: 0)
    }

    func testOneClientManyTasks() async throws {
        let client = try Client(patient)
        let url = server.url
        let good = try await withThrowingTaskGroup(of: Bool.self) { group in
            for n in 0..<400 {
                group.addTask {
                    let site = try await client.fetch("\(url)/n/\(n)?t")
                    return site.error == nil && site.status == 200
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        XCTAssertEqual(good, 400)
        XCTAssertEqual(client.stats.pages, 400)
        XCTAssertEqual(client.stats.inFlight, 0)
    }
}

private actor Counter {
    private var count = -1

    func next() -> Int {
        count += 1
        return count
    }
}
