import ArgumentParser

@main
struct Storno: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storno",
        abstract: "A refunds server that never refunds twice.",
        discussion: """
            Examples:
              storno serve --demo                        start with a demo account, on this machine only
              storno profiles add demo                   keep a server and a key under a name, for what asks a server
              storno listen --forward-to http://127.0.0.1:3000/hooks
              storno trigger declined                    a payment and a refund that go as a scenario says
              storno keys create --dialect stancer --mode test
              storno refunds list                        what waits for a person
              storno verify                              prove the books from the rows
              storno audit head                          the newest link of each audit trail, to be kept elsewhere
              storno ledger                              what each account of the journal adds up to

            Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 not done, 2 verify \
            found something, doctor a problem or import rows to refuse, 3 not found, 4 in conflict with how things are, 5 the \
            server cannot be reached, 6 the key may not, 64 the command line is wrong, 69 the database cannot be used, 130 \
            interrupted.
            """,
        version: Version.text,
        subcommands: [
            ServeCommand.self, ProfilesCommand.self, PaymentsCommand.self, RefundsCommand.self, EventsCommand.self,
            ListenCommand.self, TriggerCommand.self, LogsCommand.self,
            KeysCommand.self, AccountsCommand.self, DisputesCommand.self,
            ExternalCommand.self, ClockCommand.self, LedgerCommand.self, VerifyCommand.self, AuditCommand.self,
            MigrateCommand.self, CopyCommand.self, ImportCommand.self, ExportCommand.self, DoctorCommand.self,
            BackupCommand.self, RestoreCommand.self,
            DevelopmentCertificateCommand.self,
        ]
    )
}

enum Version {
    static let text = "storno 0.1.0"
}
