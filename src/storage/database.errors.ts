/** The database cannot be used. The message is one line that gives the reason and the remedy. */
export class UnusableDatabaseError extends Error {}
