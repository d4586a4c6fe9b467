import Foundation

extension SiteliftError: LocalizedError {
    /// A whole sentence: what was wrong, and what would be right.
    public var errorDescription: String? { description }
}

extension Problem: LocalizedError {
    /// The URL and what was wrong with it: so a program may throw what it will not live with.
    public var errorDescription: String? { description }
}

/// An enum whose cases are written by their names, as in `"json_ld"`, in JSON and elsewhere.
public protocol NamedCase: CaseIterable, Codable {}

extension NamedCase {
    /// The name of the case in snake case, as in all languages' JSON.
    public var name: String {
        String(describing: self).reduce(into: "") { name, character in
            name += character.isUppercase ? "_" + character.lowercased() : String(character)
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let name = try container.decode(String.self)
        guard let found = Self.allCases.first(where: { $0.name == name }) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(Self.self) has no case \(name)")
        }
        self = found
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}

extension CharsetSource: NamedCase {}
extension PageKind: NamedCase {}
extension Part: NamedCase {}
extension ProblemKind: NamedCase {}
