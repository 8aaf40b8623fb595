/**
 * How long a write may take, in milliseconds. A database that hangs counts as down: the request is not carried out, and
 * a row that is written after all is withdrawn. An answer does not wait longer for its outcome to be recorded either.
 */
export const WRITE_LIMIT_MS = 10_000;
