/**
 * A dependency that the server needs for its work, such as a database or an identity service. A room extends this,
 * provides and exports the class, and `app.module.ts` lists it for `HealthModule`.
 */
export abstract class DependencyCheck {
  /** Its name in the answer of `/readyz`: its kind, never its address. */
  abstract readonly name: string;

  /** Whether the server can work without it, if only more slowly: then it is reported and does not count as down. */
  readonly isOptional: boolean = false;

  /**
   * Resolves when the dependency can be used, throws when it cannot. The error goes to the log, never into an answer.
   * It is not called again while it is still running; a check that takes longer than two seconds counts as down.
   */
  abstract check(): Promise<void>;

  /** Further information for operators, shown in the answer of `/readyz`. */
  about?(): object;
}

/** Injects all checks, as an array. */
export const DEPENDENCY_CHECKS = Symbol('DEPENDENCY_CHECKS');
