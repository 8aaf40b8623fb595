import type { Resource } from './task.states.js';

/** What the columns take. */
const LONGEST = 64;

/**
 * The server that a task is about, to be found by it. A host's servers may be something else, with longer ids: these
 * stand in the resource alone.
 */
export function serverOf(resource: Resource | null): string | null {
  const id = resource?.['server'];
  return typeof id === 'string' && fits(id) ? id : null;
}

/** Whether a task can be found by a server's id. */
export function fits(serverId: string): boolean {
  return serverId.length <= LONGEST;
}
