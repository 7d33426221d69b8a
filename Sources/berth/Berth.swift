import ArgumentParser

@main
struct Berth: ParsableCommand {}
