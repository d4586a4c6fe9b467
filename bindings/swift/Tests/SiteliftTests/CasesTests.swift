import Foundation
import Sitelift
import XCTest

/// The cases that the tests of all languages read.
final class CasesTests: XCTestCase {
    private typealias JSON = [String: Any]

    private let cases = root.appendingPathComponent("tests/cases")

    private func read(_ file: URL) throws -> Any { try JSONSerialization.jsonObject(with: Data(contentsOf: file)) }

    func testPages() throws {
        let files = try FileManager.default.contentsOfDirectory(at: cases.appendingPathComponent("pages"), includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }
        XCTAssertGreaterThanOrEqual(files.count, 40)
        for file in files {
            let page = try read(file) as! JSON
            let html = try Data(contentsOf: root.appendingPathComponent("tests/fixtures/pages/\(page["page"]!)"))
            let site = try Site(html: html, baseURL: page["url"] as? String, contentType: page["content_type"] as? String)
            let record = try plain(site)
            try keep(file.lastPathComponent, record)
            let expect = page["expect"] as! JSON
            XCTAssertFalse(expect.isEmpty)
            for (field, expected) in expect {
                let found = try found(record, field, expected)
                XCTAssertEqual(comparable(found), comparable(expected), "\(file.lastPathComponent): \(field)")
            }
        }
    }

    /// The record as the case files have it: its JSON, with names in snake case.
    private func plain(_ site: Site) throws -> JSON {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return try JSONSerialization.jsonObject(with: encoder.encode(site)) as! JSON
    }

    /// What the record has for a field of a case: `x_count` is a length, `x_first` as many items as are expected.
    private func found(_ record: JSON, _ field: String, _ expected: Any) throws -> Any {
        func list(_ name: some StringProtocol) throws -> [Any] {
            try XCTUnwrap(record[String(name)] as? [Any], "no list \(name) in the record")
        }
        if field == "json_ld_errors" {
            return try list("json_ld").filter { ($0 as! JSON)["error"] is String }.count
        }
        if let value = record[field] { return value }
        if field.hasSuffix("_count") { return try list(field.dropLast(6)).count }
        if field.hasSuffix("_first") { return Array(try list(field.dropLast(6)).prefix((expected as! [Any]).count)) }
        // Absent fields are not written; that a name is one at all, the other languages check.
        return NSNull()
    }

    /// Equal where the values are, whether an absent field is null or missing.
    private func comparable(_ value: Any) -> String {
        switch value {
        case let object as JSON:
            let fields = object.filter { !($0.value is NSNull) }.sorted { $0.key < $1.key }
            return "{" + fields.map { "\($0.key): \(comparable($0.value))" }.joined(separator: ", ") + "}"
        case let list as [Any]: return "[" + list.map(comparable).joined(separator: ", ") + "]"
        case let text as String: return text.debugDescription
        case is NSNull: return "null"
        default: return "\(value)"
        }
    }

    /// Kept for `make test-languages`, which compares the languages.
    private func keep(_ name: String, _ record: JSON) throws {
        let folder = root.appendingPathComponent("target/cases/swift")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try JSONSerialization.data(withJSONObject: record).write(to: folder.appendingPathComponent(name))
    }

    func testProblems() async throws {
        let problems = try read(cases.appendingPathComponent("problems.json")) as! [JSON]
        for problem in problems {
            let name = problem["name"] as! String
            let site = try problem["html"] is String ? lifted(problem) : await fetched(problem)
            XCTAssertEqual(site.error?.kind.name, problem["error"] as? String, "\(name): \(String(describing: site.error))")
            if let expected = problem["warning"] as? String {
                XCTAssertTrue(site.warnings.contains { $0.kind.name == expected }, "\(name): \(site.warnings)")
            }
            for found in [site.error].compactMap({ $0 }) + site.warnings {
                XCTAssertEqual(found.localizedDescription, found.url.isEmpty ? found.detail : "\(found.url): \(found.detail)")
            }
        }
        let met = Set(problems.map { ($0["error"] ?? $0["warning"]) as! String })
        // Only a defect of sitelift itself can't be brought about.
        XCTAssertEqual(met, Set(ProblemKind.allCases.map(\.name)).subtracting(["internal"]))
    }

    private func lifted(_ problem: JSON) throws -> Site {
        let repeated = String(repeating: problem["html"] as! String, count: problem["repeat"] as! Int)
        return try Site(html: repeated + (problem["then"] as! String))
    }

    private func fetched(_ problem: JSON) async throws -> Site {
        let server = TestServer.shared
        let base = FetchOptions(
            backoff: 0.01, timeout: 10, connectTimeout: 2, readTimeout: 0.5, allowPrivateNetworks: true)
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        var options = try JSONSerialization.jsonObject(with: encoder.encode(base)) as! JSON
        options.merge(problem["options"] as? JSON ?? [:]) { _, new in new }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let url = [
            "{http}": server.url, "{https}": server.httpsURL, "{silent}": server.silentURL, "{port}": server.port,
        ].reduce(problem["url"] as! String) { $0.replacingOccurrences(of: $1.key, with: $1.value) }
        let data = try JSONSerialization.data(withJSONObject: options)
        return try await Site.from(url: url, options: decoder.decode(FetchOptions.self, from: data))
    }
}
