/* The protocol by which pushes and the collector share one digest (docs/storage-layout.md): write-ahead intent, leases, foreign keys,
   tombstones. Two repositories, two pushers that may crash anywhere, one that deletes, one that mounts, a collector and a reaper.
   An atomic block is one transaction, or one call of the file system; everything between two of them may be interleaved.

   Each mutant breaks one rule, and must be found: NO_LEASE (a found blob is not leased), NO_FOREIGN_KEY (the collector looks and deletes in
   two transactions), SAME_NAME (an object has its digest for a name), BYTES_FIRST (bytes before the row that names them),
   EARLY_ROW (the blob's row before its bytes are durable). */

#define OBJECTS 2
#define REPOSITORIES 2
#define NOTHING 255

/* What is on the disk: an object is there, and whole. */
bool written[OBJECTS];
bool whole[OBJECTS];

/* What is in the database. */
byte blob = NOTHING;                 /* the row of the digest: its object's name */
bool row[OBJECTS];                   /* an upload's row names the object */
bool buried[OBJECTS];                /* a tombstone names it */
bool held[REPOSITORIES];             /* repo_blobs: the repository has the blob */
bool leased[REPOSITORIES];
bool named[REPOSITORIES];            /* a manifest of the repository names the blob */

/* What was promised to whom: it can be named until the lease ends. */
bool promised[REPOSITORIES];
byte names = 0;                      /* objects that were given a name */
byte pushing = 2;

inline promise(r) { leased[r] = true; promised[r] = true }

/* Asks for the blob, uploads it where it is not there, and names it in a manifest. */
proctype Push(byte r) {
    byte object = NOTHING;
    bool found = false;
    atomic {
        if
        :: held[r] ->
            found = true;
#ifdef NO_LEASE
            promised[r] = true
#else
            promise(r)
#endif
        :: else -> skip
        fi
    }
    if
    :: found -> skip
    :: else ->
#ifdef BYTES_FIRST
        atomic { object = names; names++; written[object] = true }
        if
        :: goto end                  /* a crash */
        :: skip
        fi;
        atomic { row[object] = true }
#else
        atomic {
#ifdef SAME_NAME
            object = 0;
#else
            object = names; names++;
#endif
            row[object] = true
        }
        if
        :: goto end
        :: skip
        fi;
        atomic { written[object] = true }
#endif
        if
        :: goto end
        :: skip
        fi;
#ifdef EARLY_ROW
        skip;
#else
        atomic { whole[object] = true }
#endif
        if
        :: goto end
        :: skip
        fi;
        atomic {
            row[object] = false;
            if
            :: blob == NOTHING -> blob = object
            :: blob != NOTHING && blob != object -> buried[object] = true
            :: else -> skip
            fi;
            held[r] = true;
            promise(r)
        }
#ifdef EARLY_ROW
        if
        :: goto end
        :: skip
        fi;
        atomic { whole[object] = true }
#endif
    fi;
    atomic {
        if
        :: held[r] -> named[r] = true
        :: else -> assert(!promised[r])
        fi
    }
end:
    atomic { pushing-- }
}

/* Lets the second repository have the blob of the first. */
proctype Mount() {
    atomic {
        if
        :: held[0] && blob != NOTHING -> held[1] = true; promise(1)
        :: else -> skip
        fi
    }
}

/* Deletes the image; its blobs stay for one more lease. */
proctype Delete(byte r) {
    atomic {
        if
        :: named[r] -> named[r] = false; leased[r] = true
        :: else -> skip
        fi
    }
}

/* Time passes: leases end, and with them what was promised. */
proctype Clock() {
    byte turns = 0;
    do
    :: turns < 2 -> atomic { leased[0] = false; promised[0] = false; turns++ }
    :: turns < 2 -> atomic { leased[1] = false; promised[1] = false; turns++ }
    :: break
    od
}

inline bury() {
    if
    :: !held[0] && !held[1] && blob != NOTHING -> buried[blob] = true; blob = NOTHING
    :: else -> skip
    fi
}

proctype Collect() {
    byte turns = 0;
    byte r;
    do
    :: turns < 3 ->
        turns++;
        if
        :: r = 0
        :: r = 1
        fi;
#ifdef NO_FOREIGN_KEY
        if
        :: held[r] && !leased[r] && !named[r] -> atomic { held[r] = false; bury() }
        :: else -> skip
        fi
#else
        atomic {
            if
            :: held[r] && !leased[r] && !named[r] -> held[r] = false; bury()
            :: else -> skip
            fi
        }
#endif
    :: break
    od
}

/* Deletes what is buried; a crash between the object and its tombstone repeats the deletion. Ends uploads that were given up. */
proctype Reap() {
    byte object;
    byte turns = 0;
    do
    :: turns < 3 ->
        turns++;
        atomic {
            if
            :: buried[0] -> object = 0
            :: buried[1] -> object = 1
            :: row[0] && pushing == 0 -> row[0] = false; buried[0] = true; object = 0
            :: row[1] && pushing == 0 -> row[1] = false; buried[1] = true; object = 1
            :: else -> break
            fi
        }
        atomic { written[object] = false; whole[object] = false }
        if
        :: skip                          /* a crash: the tombstone stays */
        :: atomic { buried[object] = false }
        fi
    :: break
    od
}

#define SOUND(r) (!named[r] || held[r]) && (!held[r] || (blob != NOTHING && written[blob] && whole[blob]))
#define KNOWN(o) (!written[o] || row[o] || buried[o] || blob == o)

/* What must hold at every moment. */
active proctype Watch() {
    atomic { !(SOUND(0)) || !(SOUND(1)) || !(KNOWN(0) && KNOWN(1)) -> assert(false) }
}

init {
    atomic {
        run Push(0); run Push(1); run Mount(); run Delete(0);
        run Clock(); run Collect(); run Reap()
    }
}
