// By how many KiB calls make the process grow. See bench.py; the tests run it, too.
import Foundation
import Sitelift

/// Calls that end well, calls that end badly, and great records: what is left behind of each.
func growth(calls: Int) throws -> [String: Int] {
    let root = ProcessInfo.processInfo.environment["SITELIFT_ROOT"]!
    let page = try Data(contentsOf: URL(fileURLWithPath: "\(root)/tests/fixtures/pages/news-en.html"))
    let site = try Site(html: page, baseURL: "https://a.example/")
    let data = TestData(data: "test", len: 0)
    return [
        "calls": grown(calls) { _ = Interop.helloThere(data) },
        "errors": grown(calls) {
            do {
                _ = try Interop.parseJSON("[1, oops]")
                preconditionFailure("it was to fail")
            } catch {}
        },
        "records": grown(calls / 500) { _ = Interop.echo(site) },
    ]
}

/// KiB that so many calls leave behind, after a part of them made all caches warm.
private func grown(_ count: Int, _ call: () -> Void) -> Int {
    for _ in 0..<max(count / 4, 100) { call() }
    let before = resident()
    for _ in 0..<count { call() }
    return resident() - before
}

private func resident() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS") } ?? ""
    return Int(line.filter(\.isNumber)) ?? 0
}
