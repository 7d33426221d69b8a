// How SQLite writes its log.
#ifndef BERTH_CWRITEAHEADLOG_H
#define BERTH_CWRITEAHEADLOG_H

// Has the write-ahead logs of all databases that are opened from now on written with one call for each commit, rather than two
// for each of its pages. 0, or an error code of SQLite. May be called again.
int write_logs_at_once(void);

#endif
