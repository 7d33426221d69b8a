import CoreMetrics
import Foundation

/// Metrics of the process itself, read when they are asked for. Names as the Prometheus client libraries have them.
enum ProcessMetrics {
    /// Reads them into `metrics`; on a system without `/proc` there are none.
    static func update(_ metrics: PrometheusMetrics) {
        metrics.describe("process_resident_memory_bytes", "Resident memory size in bytes.")
        metrics.describe("process_open_fds", "Number of open file descriptors.")
        metrics.describe("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.")
        if let statm = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = statm.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
        {
            Meter(label: "process_resident_memory_bytes", factory: metrics).set(pages * Double(sysconf(Int32(_SC_PAGESIZE))))
        }
        if let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            Meter(label: "process_open_fds", factory: metrics).set(descriptors.count)
        }
        var usage = rusage()
        // RUSAGE_SELF, which has another type on each system.
        if getrusage(0, &usage) == 0 {
            let seconds = Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            let microseconds = Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
            Meter(label: "process_cpu_seconds_total", factory: metrics).set(seconds + microseconds / 1e6)
        }
    }
}

extension PrometheusMetrics {
    /// Tells the version of the program, as a label of `berth_build_info`.
    package func recordBuild(version: String) {
        describe("berth_build_info", "The version of the program; always 1.")
        Meter(label: "berth_build_info", dimensions: [("version", version)], factory: self).set(1)
    }
}
