// swift-tools-version: 6.0
// The Swift package. `make swift-package` puts it together in target/swift: these files, the sources generated from the
// library, and the library itself.

import Foundation
import PackageDescription

func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/\(path)") }

// On Apple platforms the library is an XCFramework (build-xcframework.sh); elsewhere, and without one, the linker has to find
// libsitelift: swift build -Xlinker -L…
let library: Target = exists("SiteliftFFI.xcframework")
    ? .binaryTarget(name: "SiteliftFFI", path: "SiteliftFFI.xcframework")
    : .systemLibrary(name: "SiteliftFFI")

// What the static library in the framework takes from the system: certificates.
let apple: BuildSettingCondition = .when(platforms: [.macOS, .iOS])
let frameworks: [LinkerSetting] = [.linkedFramework("Security", apple), .linkedFramework("CoreFoundation", apple)]

// Only in a checkout: they read files of the repository.
var inCheckout: [Target] = []
if exists("Tests") {
    inCheckout = [
        .testTarget(name: "SiteliftTests", dependencies: ["Sitelift"]),
        .executableTarget(name: "calls", dependencies: ["Sitelift"], path: "Benchmarks"),
    ]
}

let package = Package(
    name: "Sitelift",
    platforms: [.macOS(.v12), .iOS(.v15)],
    products: [.library(name: "Sitelift", targets: ["Sitelift"])],
    targets: [
        library,
        .target(name: "Sitelift", dependencies: ["SiteliftFFI"], linkerSettings: frameworks),
        .executableTarget(name: "link-preview", dependencies: ["Sitelift"], path: "Examples"),
    ] + inCheckout
)
