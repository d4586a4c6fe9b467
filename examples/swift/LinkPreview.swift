// A link-preview card for each URL, as text.
import Sitelift

@main
struct LinkPreview {
    static func card(_ site: Site) -> String {
        if let problem = site.error { return "No preview: \(problem)" }
        let lines: [String?] = [
            site.title ?? site.finalUrl,
            site.description.map { $0.count > 120 ? $0.prefix(119) + "…" : $0 },
            site.image.map { "[picture] \($0)" },
            [site.siteName, site.author, site.publishedAt.map { String($0.prefix(10)) }]
                .compactMap { $0 }.joined(separator: " · "),
        ]
        return lines.compactMap { $0 }.filter { !$0.isEmpty }.map { "| \($0)" }.joined(separator: "\n")
    }

    static func main() async throws {
        let urls = Array(CommandLine.arguments.dropFirst())
        if urls.isEmpty { return print("usage: link-preview URL…") }
        // What a card shows needs none of the parts that cost something.
        let options = FetchOptions(timeout: 10, keepBody: false, parts: [.meta])
        for site in try await Site.from(urls: urls, options: options) {
            print(card(site) + "\n")
        }
    }
}
