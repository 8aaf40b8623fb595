/** The database cannot be used. The text is one line that says why and what to do. */
export class UnusableDatabaseError extends Error {}
