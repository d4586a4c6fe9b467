// What calls cost from Swift: one line of JSON, nanoseconds by row; with `growth COUNT`, what calls leave behind. See bench.py.
import Foundation
import Sitelift

@main
struct Calls {
    static func main() throws {
        if CommandLine.arguments.dropFirst().first == "growth" {
            let grown = try growth(calls: Int(CommandLine.arguments[2])!)
            return print(String(decoding: try JSONSerialization.data(withJSONObject: grown), as: UTF8.self))
        }
        let root = ProcessInfo.processInfo.environment["SITELIFT_ROOT"]!
        let page = try Data(contentsOf: URL(fileURLWithPath: "\(root)/tests/fixtures/pages/news-en.html"))
        let site = try Site(html: page, baseURL: "https://a.example/")
        let data = TestData(data: "test", len: 0)
        var rows: [String: Double] = [:]
        rows["add"] = median { _ = Interop.add(2, 3) }
        rows["greet"] = median { _ = Interop.greet("World") }
        rows["hello_there"] = median { _ = Interop.helloThere(data) }
        rows["raise"] = median { _ = try? Interop.parseJSON("[1, oops]") }
        rows["site_echo"] = median { _ = Interop.echo(site) }
        rows["extract"] = median { _ = try! Site(html: page, baseURL: "https://a.example/") }
        print(String(decoding: try JSONSerialization.data(withJSONObject: rows), as: UTF8.self))
    }

    /// Nanoseconds of one call: the median of 9 rounds of 0.1 s, after one that is not counted.
    static func median(_ call: () -> Void) -> Double {
        var count = 1
        var rounds: [Double] = []
        while rounds.count < 10 {
            let start = DispatchTime.now().uptimeNanoseconds
            for _ in 0..<count { call() }
            let took = Double(DispatchTime.now().uptimeNanoseconds - start)
            if took < 5e7 { count *= 2 } else { rounds.append(took / Double(count)) }
        }
        return rounds.dropFirst().sorted()[4]
    }
}
