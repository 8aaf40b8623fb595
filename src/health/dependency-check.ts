/**
 * Something that the server cannot do its work without, such as a database or an identity service. A room extends
 * this, provides and exports the class, and `app.module.ts` lists it for `HealthModule`.
 */
export abstract class DependencyCheck {
  /** Its name in the answer of `/readyz`: what it is, never where. */
  abstract readonly name: string;

  /** Whether the server can do its work without it, if only slower: then it is told of, and nothing more. */
  readonly isOptional: boolean = false;

  /**
   * Ends when the dependency can be used, throws when it cannot. What is thrown goes to the log, never into an
   * answer. It is not asked again while it is still at it; one that takes longer than two seconds counts as down.
   */
  abstract check(): Promise<void>;

  /** What an operator should know of it beside that: it stands in the answer of `/readyz`. */
  about?(): object;
}

/** Injects all of them, as an array. */
export const DEPENDENCY_CHECKS = Symbol('DEPENDENCY_CHECKS');
