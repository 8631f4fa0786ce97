/// Why a database cannot be used; its description says what to do.
package protocol DatabaseOpenFailure: Error, CustomStringConvertible {}
