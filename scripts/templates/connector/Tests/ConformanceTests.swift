import ConnectorKit
import Domain
import TestSupport
import Testing
import __Name__Connector

@Suite struct ConformanceTests {
    @Test(arguments: ConnectorConformance.duties)
    func `it keeps what every connector promises`(duty: ConnectorDuty) async {
        let debt = await duty.debt(of: Rig())
        #expect(debt == nil)
    }
}

/// The connector, and a processor that is the test's own. Owed: a server on this machine that does what each order's
/// treatment says, to which the connector is pointed.
private struct Rig: ProcessorRig {
    let connector: any Connector = __Name__Connector()

    func order(_ treatment: ProcessorTreatment, key: String) -> RefundOrder? {
        .sample(key: key, metadata: ["treatment": treatment.rawValue])
    }

    func movements(for key: String) -> Int { 0 }
}
