import { requestFact } from '../http/request-fact.js';

/** The sender of a request, identified by a valid token. */
export interface Caller {
  userId: string;
  /** The project that the token is scoped to: the tenant. */
  projectId: string;
  /** Names of the user's roles on that project. */
  roles: readonly string[];
  /** Whether the user may do what Nova leaves to administrators. */
  isAdmin: boolean;
}

/** The sender of a request, as its guard has found it. */
export const { set: setCaller, of: callerOf, known: knownCaller } = requestFact<Caller>('TenantGuard');
