// swift-tools-version: 6.2
import PackageDescription

/// libFuzzer's driver as a library, while `scripts/fuzz` builds: our own modules are instrumented then, no others.
let fuzzDriver = Context.environment["STORNO_FUZZ_DRIVER"]

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]
let settings = strict + (fuzzDriver == nil ? [] : [.unsafeFlags(["-sanitize=fuzzer,address"])])

/// A module of the fixed core, in `Sources/<name>`.
func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// Tests of the fixed core, in `Tests/<name>`.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: ["TestSupport"] + dependencies, exclude: exclude, swiftSettings: settings)
}

/// One vendor's API, in `Dialects/<name>`: the module `<name>Dialect` and its tests.
func dialect(_ name: String) -> [Target] {
    [
        .target(
            name: "\(name)Dialect",
            dependencies: ["Domain", "Engine", "DialectKit", "Webhooks"],
            path: "Dialects/\(name)/Sources",
            swiftSettings: settings,
            plugins: ["Embed"]
        ),
        .testTarget(
            name: "\(name)DialectTests",
            dependencies: [
                "TestSupport", "Domain", "Engine", "DialectKit", .byName(name: "\(name)Dialect"), "Server",
                "Webhooks", "Outbound", httpTypes, locks,
            ],
            path: "Dialects/\(name)/Tests",
            swiftSettings: settings
        ),
    ]
}

/// One processor, in `Connectors/<name>`: the module `<name>Connector` and its tests.
func connector(_ name: String) -> [Target] {
    [
        .target(
            name: "\(name)Connector",
            dependencies: ["Domain", "ConnectorKit"],
            path: "Connectors/\(name)/Sources",
            swiftSettings: settings
        ),
        .testTarget(
            name: "\(name)ConnectorTests",
            dependencies: ["TestSupport", "Domain", "ConnectorKit", .byName(name: "\(name)Connector"), locks],
            path: "Connectors/\(name)/Tests",
            swiftSettings: settings
        ),
    ]
}

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
/// PostgreSQL's client library, where it is wanted: `--disable-default-traits` builds without.
let libpq = Target.Dependency.target(name: "CLibPQ", condition: .when(traits: ["PostgreSQL"]))
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let locks = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")

let dialects = ["Cari", "Collctiv", "Stancer", "Storno"]
let connectors = ["Sandbox"]

/// The fuzzer; nothing that is shipped.
func fuzzer(_ driver: String) -> Target {
    .executableTarget(
        name: "Fuzzer",
        dependencies: ["Fuzzing"],
        swiftSettings: settings,
        linkerSettings: [
            .unsafeFlags(["-sanitize=address", "-use-ld=lld", driver]), .linkedLibrary("stdc++"),
        ]
    )
}

let package = Package(
    name: "storno",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "storno", targets: ["storno"]),
        .library(name: "StornoClient", targets: ["StornoClient"]),
        .executable(name: "simulator", targets: ["Simulator"]),
        .executable(name: "json-verdicts", targets: ["JSONVerdicts"]),
    ],
    traits: [
        .trait(name: "PostgreSQL", description: "Storage on PostgreSQL; needs libpq."),
        .trait(name: "Benchmarking", description: "Routes that do nothing, to measure against; for Benchmarks/ alone."),
        .default(enabledTraits: ["PostgreSQL"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0", traits: ["JSON"]),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        room("Domain", []),
        room("Storage", ["Domain", crypto]),
        room("Rows", ["Storage", "Domain", locks]),
        room("SQLiteStorage", ["Rows", "Storage", "Domain", grdb, sqlite, locks]),
        .systemLibrary(name: "CLibPQ", path: "Sources/CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        room("PostgresStorage", ["Rows", "Storage", "Domain", crypto, libpq, locks]),
        room("MemoryStorage", ["Storage", "Domain", locks]),
        room("ConnectorKit", ["Domain"]),
        room("Engine", ["Domain", "Storage", "ConnectorKit", crypto, logging, locks]),
        room(
            "Outbound",
            [
                "Domain", nio,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        room("Webhooks", ["Domain", "Storage", "Engine", "Outbound", crypto, logging, locks]),
        room("DialectKit", ["Domain", "Engine", "Webhooks", crypto, hummingbird, httpTypes, logging, nio]),
        // Runs while others are built, so that it is never one that the fuzzer drives.
        .executableTarget(
            name: "Embedder",
            dependencies: [.product(name: "Yams", package: "Yams")],
            swiftSettings: strict
        ),
        .plugin(name: "Embed", capability: .buildTool(), dependencies: ["Embedder"]),
        .target(
            name: "Reference",
            dependencies: ["DialectKit", crypto, httpTypes],
            exclude: ["Page"],
            swiftSettings: settings,
            plugins: ["Embed"]
        ),
        .systemLibrary(name: "CProcess", path: "Sources/CProcess"),
        room(
            "Server",
            [
                "Domain", "Storage", "Rows", "SQLiteStorage", "PostgresStorage", "ConnectorKit", "Engine", "DialectKit",
                "Outbound", "Webhooks", "Reference", "CProcess",
            ]
                + dialects.map { .byName(name: "\($0)Dialect") }
                + connectors.map { .byName(name: "\($0)Connector") }
                + [
                    crypto, httpTypes, hummingbird, lifecycle, locks, logging, metrics, nio,
                    .product(name: "AsyncHTTPClient", package: "async-http-client"),
                    .product(name: "Configuration", package: "swift-configuration"),
                    .product(name: "HummingbirdHTTP2", package: "hummingbird"),
                    .product(name: "HummingbirdTLS", package: "hummingbird"),
                    .product(name: "NIOHTTP1", package: "swift-nio"),
                    .product(name: "NIOPosix", package: "swift-nio"),
                    .product(name: "NIOSSL", package: "swift-nio-ssl"),
                    .product(name: "SwiftASN1", package: "swift-asn1"),
                    .product(name: "SystemPackage", package: "swift-system"),
                    .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                    .product(name: "X509", package: "swift-certificates"),
                ]
        ),
        room(
            "StornoClient",
            [
                crypto, nio,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        .executableTarget(
            name: "storno",
            dependencies: [
                "Server", "Domain", "Engine", "Rows", "Storage", "StornoClient",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "Simulator",
            dependencies: [
                "Domain", "Storage", "MemoryStorage", "ConnectorKit", "Engine", logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        room(
            "Fuzzing",
            [
                "Domain", "Storage", "MemoryStorage", "ConnectorKit", "Engine", "DialectKit", "Outbound", "Server",
                httpTypes, hummingbird, logging, nio, locks,
            ]
        ),
        .executableTarget(name: "JSONVerdicts", dependencies: ["DialectKit"], swiftSettings: settings),
        // Counted by `Benchmarks/instructions.py`; nothing that is shipped.
        .executableTarget(
            name: "Instructions",
            dependencies: ["Domain", "Storage", "SQLiteStorage", "Engine", "DialectKit", "Fuzzing", "Server", logging],
            swiftSettings: settings
        ),
        room(
            "TestSupport",
            [
                "Domain", "Storage", "Rows", "SQLiteStorage", "PostgresStorage", "ConnectorKit", "Engine", "DialectKit",
                "Server", "Outbound", "Webhooks", hummingbird, httpTypes, logging, nio, locks,
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]
        ),
        tests("DomainTests", ["Domain"], exclude: ["Seeds"]),
        tests(
            "StorageTests",
            [
                "Domain", "Storage", "Rows", "SQLiteStorage", "PostgresStorage", "ConnectorKit", "Engine", "DialectKit",
                "Fuzzing", "Server", grdb, locks,
            ]
        ),
        tests(
            "WebhookTests",
            ["Domain", "Storage", "Rows", "Engine", "Outbound", "Webhooks", crypto, logging, locks]
        ),
        tests("EngineTests", ["Domain", "Storage", "Rows", "ConnectorKit", "Engine", logging, locks]),
        tests("DialectKitTests", ["Domain", "Engine", "DialectKit", httpTypes]),
        tests(
            "ServerTests",
            [
                "Domain", "Storage", "Rows", "SQLiteStorage", "Engine", "DialectKit", "Server", httpTypes, metrics, nio,
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        tests(
            "StornoClientTests",
            ["Domain", "Storage", "Engine", "DialectKit", "StornoClient", "Server", "Webhooks", httpTypes, locks]
        ),
        tests("SimulatorTests", ["Domain", "Storage", "Rows", "Engine", "Simulator"]),
        tests("FuzzTests", ["Domain", "Rows", "DialectKit", "Fuzzing", "Server"]),
        tests("TidyTests", []),
    ] + dialects.flatMap(dialect) + connectors.flatMap(connector) + (fuzzDriver.map { [fuzzer($0)] } ?? [])
)
