// swift-tools-version: 6.0
import PackageDescription

let package = Package(
    name: "check",
    dependencies: [.package(path: "sitelift")],
    targets: [.executableTarget(name: "check", dependencies: [.product(name: "Sitelift", package: "sitelift")])]
)
