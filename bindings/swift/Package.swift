// swift-tools-version: 6.0
// The Swift package. `make swift-package` puts it together in target/swift/package: these files, the sources generated
// from the library, and the library itself.

import Foundation
import PackageDescription

// On Apple platforms the library is an XCFramework (build-xcframework.sh); elsewhere, and without one, the linker has to find
// libsitelift: swift build -Xlinker -L…
let hasFramework = FileManager.default.fileExists(atPath: Context.packageDirectory + "/SiteliftFFI.xcframework")

let package = Package(
    name: "Sitelift",
    platforms: [.macOS(.v12), .iOS(.v15), .tvOS(.v15), .watchOS(.v8)],
    products: [.library(name: "Sitelift", targets: ["Sitelift"])],
    targets: [
        hasFramework
            ? .binaryTarget(name: "SiteliftFFI", path: "SiteliftFFI.xcframework")
            : .systemLibrary(name: "SiteliftFFI"),
        .target(name: "Sitelift", dependencies: ["SiteliftFFI"]),
        .executableTarget(name: "link-preview", dependencies: ["Sitelift"], path: "Examples"),
        .testTarget(name: "SiteliftTests", dependencies: ["Sitelift"]),
    ]
)
