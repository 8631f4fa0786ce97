import ArgumentParser

@main
struct Storno: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storno",
        abstract: "A refunds server that never refunds twice.",
        discussion: """
            Examples:
              storno serve --demo                        start with a demo account, on this machine only
              storno keys create --dialect stancer --mode test
              storno refunds list                        what waits for a person
              storno verify                              prove the books from the rows
              storno audit head                          the newest link of each audit trail, to be kept elsewhere
              storno ledger                              what each account of the journal adds up to

            Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 not done, 2 verify \
            found something, 64 the command line is wrong, 69 the database cannot be used.
            """,
        version: Version.text,
        subcommands: [
            ServeCommand.self, KeysCommand.self, AccountsCommand.self, RefundsCommand.self, DisputesCommand.self,
            ExternalCommand.self, LedgerCommand.self, VerifyCommand.self, AuditCommand.self, MigrateCommand.self,
            CopyCommand.self,
            BackupCommand.self, RestoreCommand.self,
            DevelopmentCertificateCommand.self,
        ]
    )
}

enum Version {
    static let text = "storno 0.1.0"
}
