/** Who sends a request, by a token that was found valid. */
export interface Caller {
  userId: string;
  /** The project that the token is scoped to: the tenant. */
  projectId: string;
  /** Names of the user's roles on that project. */
  roles: readonly string[];
  /** Whether the user may do what Nova leaves to administrators. */
  isAdmin: boolean;
}

const callers = new WeakMap<object, Caller>();

/** Remembers who sends a request. */
export function setCaller(request: object, caller: Caller): void {
  callers.set(request, caller);
}

/**
 * Who sends a request.
 *
 * @throws Error on a route without `TenantGuard`: a mistake of the program
 */
export function callerOf(request: object): Caller {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('This route has no TenantGuard.');
  return caller;
}

/** Who sends a request, when that is known; for logs. */
export function knownCaller(request: object): Caller | undefined {
  return callers.get(request);
}
