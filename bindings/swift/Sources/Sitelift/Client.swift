/// Fetches pages with one set of options and one connection pool. Safe to share between tasks.
///
/// ```swift
/// let client = try Client(FetchOptions(concurrency: 32))
/// for try await site in client.stream(urls) {
///     print(site.title ?? site.url)
/// }
/// ```
///
/// Cancelling a task stops its requests and throws `CancellationError`. What went wrong with a page stands in its ``Site/error``; calls
/// fail only with ``SiteliftError/Closed(reason:)``, when the client is closed before or during them.
public final class Client: Sendable {
    private let native: NativeClient

    /// A client with its own connection pool; every option has a default.
    ///
    /// - Throws: ``SiteliftError/InvalidArgument(argument:reason:)`` or ``SiteliftError/InvalidSelector(name:selector:reason:)`` when an
    ///   option is out of its range.
    public init(_ options: FetchOptions = FetchOptions()) throws {
        native = try NativeClient(options: options)
    }

    /// Fetches and lifts one page.
    public func fetch(_ url: String) async throws -> Site {
        guard let site = try await fetchAll([url]).first else {
            throw SiteliftError.Internal(reason: "the batch lost its page")
        }
        return site
    }

    /// Fetches and lifts many pages: one record for each URL, in the order given. Equal URLs (fragments aside) are fetched
    /// once and returned at every index.
    public func fetchAll(_ urls: [String]) async throws -> [Site] {
        let pages = try native.stream(urls: urls, ordered: true, lookAhead: UInt32(clamping: urls.count))
        var sites: [Site] = []
        sites.reserveCapacity(urls.count)
        while true {
            let batch = try await pages.batch(of: .max)
            if batch.isEmpty { return sites }
            sites += batch
        }
    }

    /// Fetches and lifts many pages and hands each over as it comes: in the order given, or with `ordered` off each as soon as it is there.
    /// Nothing is fetched before the sequence is iterated over; each iteration fetches anew, and leaving it stops the requests.
    ///
    /// A slow reader stops the fetching. An ordered sequence holds at most `lookAhead` pages behind one that is slow (default: 256,
    /// or twice the concurrency if more).
    public func stream(_ urls: [String], ordered: Bool = true, lookAhead: UInt32? = nil) -> Sites {
        Sites { [native] in
            Reading(pages: try native.stream(urls: urls, ordered: ordered, lookAhead: lookAhead), feeder: nil)
        }
    }

    /// As the other `stream`, with URLs that come one after another; any number of them passes through in bounded memory. A failure of
    /// `urls` ends the sequence with it.
    public func stream<URLs: AsyncSequence & Sendable>(
        _ urls: URLs, ordered: Bool = true, lookAhead: UInt32? = nil
    ) -> Sites where URLs.Element == String {
        Sites { [native] in
            let pages = try native.openStream(ordered: ordered, lookAhead: lookAhead)
            let feeder = Task {
                // Finished in any case, so that the reader comes to the end and hears of the failure.
                defer { pages.finish() }
                for try await url in urls {
                    try await pages.feed(urls: [url])
                }
            }
            return Reading(pages: pages, feeder: feeder)
        }
    }

    /// What this client has done so far.
    public var stats: Stats { native.stats() }

    /// Whether ``close()`` was called.
    public var isClosed: Bool { native.isShutDown() }

    /// Ends all calls and sequences of this client with ``SiteliftError/Closed(reason:)``, now and later. May be called twice.
    public func close() { native.shutdown() }
}
