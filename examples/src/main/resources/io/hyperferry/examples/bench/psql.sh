# Moves the hypertable with psql alone, and tells what it took; for any POSIX shell, with the commands of any Linux.
#
#   sh -c "$(cat psql.sh)" psql.sh csv|pipe|compress SOURCE TARGET WORKERS INDEX FROM,TO...
#
# The passwords of SOURCE and TARGET come on standard input, a line each. INDEX is the statement that makes the index.
set -eu

way=$1 SOURCE=$2 TARGET=$3 workers=$4 index=$5
shift 5
read -r SOURCE_PASSWORD
read -r TARGET_PASSWORD
PSQL='psql -X -q -A -t -v ON_ERROR_STOP=1'
# The most memory that a psql had, told by itself when its work is done; the shell that it starts for that starts nothing else.
MEMORY='\! while read -r key value unit; do case $key in VmHWM:) echo "memory $ROLE $value" >&2;; esac; done </proc/$PPID/status'
Q="'"
export SOURCE TARGET SOURCE_PASSWORD TARGET_PASSWORD PSQL MEMORY Q

# Ends a phase: mark KIND TITLE
mark() {
    read -r uptime idle </proc/uptime
    echo "mark $1 $uptime $2"
    times
}

through_a_file() {
    directory=$(mktemp -d)
    trap 'rm -rf "$directory"' EXIT
    mark START nothing
    ROLE=source PGPASSWORD=$SOURCE_PASSWORD $PSQL -d "$SOURCE" \
        -c "\\copy (SELECT * FROM readings) to '$directory/readings.csv' csv" -c "$MEMORY"
    mark COPY 'export CSV'
    ROLE=target PGPASSWORD=$TARGET_PASSWORD $PSQL -d "$TARGET" \
        -c "\\copy readings from '$directory/readings.csv' with (format csv)" -c "$MEMORY"
    mark COPY 'import CSV'
}

# A psql that fails sends no trailer, without which the other one fails, too.
through_pipes() {
    mark START nothing
    printf '%s\n' "$@" | xargs -P "$workers" -n 1 sh -c '
        ROLE=source PGPASSWORD=$SOURCE_PASSWORD $PSQL -d "$SOURCE" \
            -c "COPY (SELECT * FROM readings WHERE time >= $Q${1%,*}$Q AND time < $Q${1#*,}$Q) TO STDOUT (FORMAT binary)" -c "$MEMORY" |
        ROLE=target PGPASSWORD=$TARGET_PASSWORD $PSQL -d "$TARGET" -c "COPY readings FROM STDIN (FORMAT binary)" -c "$MEMORY"
    ' slice
    mark COPY 'binary COPY'
}

compress_chunks() {
    PGPASSWORD=$TARGET_PASSWORD $PSQL -d "$TARGET" -c "SELECT c FROM show_chunks('readings') c" | xargs -P "$workers" -n 1 sh -c '
        PGPASSWORD=$TARGET_PASSWORD $PSQL -d "$TARGET" -c "SELECT compress_chunk($Q$1$Q)" >/dev/null
    ' chunk
    mark COMPRESS compress_chunk
}

create_index() {
    PGPASSWORD=$TARGET_PASSWORD $PSQL -d "$TARGET" -c "$index"
    mark INDEX 'CREATE INDEX'
}

case $way in
    csv) through_a_file ;;
    pipe)
        through_pipes "$@"
        create_index
        ;;
    compress)
        through_pipes "$@"
        compress_chunks
        create_index
        ;;
esac
