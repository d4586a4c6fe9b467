import Foundation
import Sitelift
import XCTest

/// The repository.
let root = URL(fileURLWithPath: ProcessInfo.processInfo.environment["SITELIFT_ROOT"] ?? FileManager.default.currentDirectoryPath)

/// The loopback test server, started once for all tests. It ends when this process does, as its standard input closes then.
struct TestServer: Sendable {
    let url: String
    let httpsURL: String
    let silentURL: String
    let port: String
    private let process: Process
    private let input: Pipe

    static let shared = TestServer()

    private init() {
        let programs = ["release", "debug"].map { root.appendingPathComponent("target/\($0)/sitelift-testserver") }
        func built(_ file: URL) -> Date? { try? file.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate }
        guard let program = programs.filter({ built($0) != nil }).max(by: { built($0)! < built($1)! }) else {
            fatalError("the test server is missing below \(root.path): run `make testserver`")
        }
        process = Process()
        input = Pipe()
        let output = Pipe()
        process.executableURL = program
        process.arguments = ["--pages", root.appendingPathComponent("tests/fixtures/pages").path]
        process.standardInput = input
        process.standardOutput = output
        try! process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let more = output.fileHandleForReading.availableData
            precondition(!more.isEmpty, "the test server ended before it was ready")
            line += more
        }
        let ready = try! JSONSerialization.jsonObject(with: line) as! [String: Any]
        url = ready["url"] as! String
        httpsURL = ready["https_url"] as! String
        silentURL = "http://127.0.0.1:\(ready["silent_port"]!)"
        port = "\(ready["port"]!)"
    }

    /// How many requests wait for their answer right now.
    func inFlight() async throws -> Int {
        let site = try await Site.from(url: "\(url)/stats", options: FetchOptions(allowPrivateNetworks: true))
        let stats = try JSONSerialization.jsonObject(with: Data(XCTUnwrap(site.body).utf8)) as! [String: Any]
        return stats["in_flight"] as! Int
    }

    /// Waits until so many requests are in flight; fails when they are not in time.
    func until(inFlight wanted: Int, line: UInt = #line) async throws {
        for _ in 0..<500 {
            if try await inFlight() == wanted { return }
            try await Task.sleep(nanoseconds: 10_000_000)
        }
        let found = try await inFlight()
        XCTFail("never \(wanted) requests in flight, but \(found)", line: line)
    }
}

func assertThrows<T>(
    _ call: @autoclosure () async throws -> T, line: UInt = #line, _ check: (any Error) throws -> Void
) async rethrows {
    do {
        _ = try await call()
    } catch {
        return try check(error)
    }
    XCTFail("nothing was thrown", line: line)
}
