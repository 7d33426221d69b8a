import Testing

/// Real clients against a started server; one test at a time, since each has a server, and some have daemons, on few cores.
@Suite(.serialized, .timeLimit(.minutes(15)))
struct IntegrationTests {}
