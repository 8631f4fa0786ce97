import Foundation
import Server

extension FuzzTarget {
    /// A message on the admin socket, read and carried out.
    static let administration = FuzzTarget("administration") { bytes in
        guard let request = try? JSONDecoder().decode(AdminRequest.self, from: Data(bytes)) else { return }
        let written = try encoder.encode(request)
        let again = try JSONDecoder().decode(AdminRequest.self, from: written)
        try hold(try encoder.encode(again) == written, "what is written reads as another request")
        try World.run { world in
            let before = world.mark
            let answer = await world.administration.perform(request)
            let sent = try encoder.encode(answer)
            let heard = try encoder.encode(try JSONDecoder().decode(AdminAnswer.self, from: sent))
            try hold(heard == sent, "what is answered reads as something else")
            if case .refused(let sentence) = answer {
                try hold(!sentence.isEmpty, "a refusal without words")
                try hold(world.mark == before, "a refusal changed something: \(sentence)")
            }
            try world.check()
        }
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return encoder
    }
}
