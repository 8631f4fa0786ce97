import Foundation
import PackagePlugin

/// Makes texts part of the program: the `openapi.yaml` beside a target's folder, and everything in its folder `Page`.
/// They are members of the enum `Embedded` in that target.
@main
struct Embed: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = target.directoryURL
        let page = folder.appending(path: "Page")
        let files = (try? FileManager.default.contentsOfDirectory(atPath: page.path)) ?? []
        var inputs = files.filter { !$0.hasPrefix(".") }.sorted().map { page.appending(path: $0) }
        let document = folder.deletingLastPathComponent().appending(path: "openapi.yaml")
        if FileManager.default.fileExists(atPath: document.path) { inputs.append(document) }
        let output = context.pluginWorkDirectoryURL.appending(path: "Embedded.swift")
        return [
            .buildCommand(
                displayName: "Embedding \(inputs.map(\.lastPathComponent).joined(separator: ", "))",
                executable: try context.tool(named: "Embedder").url,
                arguments: [output.path] + inputs.map(\.path),
                inputFiles: inputs,
                outputFiles: [output]
            )
        ]
    }
}
