import type { Caller } from '../../identity/caller.js';
import { Forbidden } from '../../openstack/faults.js';

/**
 * Lets in users who may act on this project's resources: its own users, and administrators.
 *
 * @param action name of the action in Nova's policy, less the prefix of the compute API
 * @throws Forbidden in Nova's words, whether or not there is such a project
 */
export function assertOwnProject(projectId: string, caller: Caller, action: string): void {
  if (projectId !== caller.projectId) assertAdmin(caller, action);
}

/** The same for resources of a user. */
export function assertOwnUser(userId: string, caller: Caller, action: string): void {
  if (userId !== caller.userId) assertAdmin(caller, action);
}

/** Lets in those who may change something in the project: not users who only read. */
export function assertMember({ roles, isAdmin }: Caller, action: string): void {
  if (!isAdmin && !roles.includes('member')) throw forbidden(action);
}

/** Lets in only administrators. */
export function assertAdmin({ isAdmin }: Caller, action: string): void {
  if (!isAdmin) throw forbidden(action);
}

function forbidden(action: string): Forbidden {
  return new Forbidden(`Policy doesn't allow os_compute_api:${action} to be performed.`);
}
