import ArgumentParser
import Server

@main struct Storno: ParsableCommand {}
