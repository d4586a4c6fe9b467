import Foundation

/// Pages as they come; made by ``Client/stream(_:ordered:lookAhead:)-(Array<String>,_,_)``.
public struct Sites: AsyncSequence, Sendable {
    public typealias Element = Site

    let start: @Sendable () throws -> Reading

    public func makeAsyncIterator() -> Iterator { Iterator(start: start) }

    /// One way through the pages.
    public struct Iterator: AsyncIteratorProtocol {
        /// Pages that cross at once: enough to make a crossing cheap, few enough to be handed on soon.
        private static let batch: UInt32 = 16

        private let start: @Sendable () throws -> Reading
        private var reading: Reading?
        private var waiting: ArraySlice<Site> = []

        init(start: @escaping @Sendable () throws -> Reading) { self.start = start }

        /// The next page, or nothing after the last one.
        public mutating func next() async throws -> Site? {
            if let site = waiting.popFirst() { return site }
            let reading = try self.reading ?? start()
            self.reading = reading
            waiting = try await reading.pages.batch(of: Self.batch)[...]
            if waiting.isEmpty { try await reading.feeder?.value }
            return waiting.popFirst()
        }
    }
}

/// A stream being read, and the task that feeds it. Ends both when it goes.
final class Reading: Sendable {
    let pages: NativeStream
    let feeder: Task<Void, any Error>?

    init(pages: NativeStream, feeder: Task<Void, any Error>?) {
        self.pages = pages
        self.feeder = feeder
    }

    deinit {
        feeder?.cancel()
        pages.cancel()
    }
}

extension NativeStream {
    /// As `nextBatch`, which knows nothing of cancelled tasks.
    func batch(of max: UInt32) async throws -> [Site] {
        try Task.checkCancellation()
        let sites = try await withTaskCancellationHandler {
            try await nextBatch(max: max)
        } onCancel: {
            cancel()
        }
        try Task.checkCancellation()
        return sites
    }
}

extension Site {
    /// Fetches and lifts many pages: one record for each URL, in the order given; a page that failed is a record with an
    /// ``error``. To fetch more than once, keep a ``Client``, which keeps its connections.
    ///
    /// - Throws: ``SiteliftError`` when an option is out of its range, `CancellationError` when the task is cancelled.
    public static func from(urls: [String], options: FetchOptions = FetchOptions()) async throws -> [Site] {
        try await Client(options).fetchAll(urls)
    }

    /// As `from(urls:)`, of one page.
    public static func from(url: String, options: FetchOptions = FetchOptions()) async throws -> Site {
        try await Client(options).fetch(url)
    }

    /// Lifts HTML that is already there; nothing is fetched.
    ///
    /// - Parameters:
    ///   - html: As it was received; its encoding is found out as browsers do.
    ///   - baseURL: What relative URLs are resolved against; absent: they are left out.
    ///   - contentType: The HTTP header, whose `charset` counts as it does in browsers; absent: HTML.
    ///   - select: CSS rules by name, as in ``FetchOptions/select``.
    ///   - parts: The wanted parts, as in ``FetchOptions/parts``.
    ///   - keepBody: Whether the record holds the decoded text, too.
    /// - Throws: ``SiteliftError/InvalidArgument(argument:reason:)`` when `baseURL` is no absolute URL, and
    ///   ``SiteliftError/InvalidSelector(name:selector:reason:)``.
    public init(
        html: Data, baseURL: String? = nil, contentType: String? = nil, select: [String: String] = [:],
        parts: [Part]? = nil, keepBody: Bool = true
    ) throws {
        self = try nativeExtract(
            html: html, baseUrl: baseURL, contentType: contentType, select: select, parts: parts, keepBody: keepBody)
    }

    /// As the other initialiser, of text that is decoded already.
    public init(
        html: String, baseURL: String? = nil, select: [String: String] = [:], parts: [Part]? = nil, keepBody: Bool = true
    ) throws {
        try self.init(
            html: Data(html.utf8), baseURL: baseURL, contentType: "text/html; charset=utf-8", select: select,
            parts: parts, keepBody: keepBody)
    }
}
