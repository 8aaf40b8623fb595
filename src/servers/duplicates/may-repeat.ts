import { onlyKeyOf } from '../../compute/actions/action-key.js';
import { isForAdmins } from '../../compute/actions/nova-actions.js';
import { callerOf } from '../../identity/caller.js';
import { Forbidden } from '../../openstack/faults.js';
import type { Task } from '../../tasks/task.entity.js';
import type { ServerRequest } from '../server-request.js';

/** The role that reads only (Keystone's default roles). */
const READER = 'reader';

/**
 * Lets a user have the answer to a request that another user of the project, or the same one with more rights, has
 * sent. Nova is not asked: these are the defaults of its policy, by which a project's members change its servers, and
 * administrators alone do some things.
 *
 * @throws Forbidden in Nova's words
 */
export function assertMayRepeat({ task }: Task, request: ServerRequest): void {
  const { isAdmin, roles } = callerOf(request);
  if (isAdmin) return;
  const onlyReads = roles.every((role) => role.toLowerCase() === READER);
  if (onlyReads || isForAdmins(task, onlyKeyOf(request.body)))
    throw new Forbidden(`Policy doesn't allow os_compute_api:servers:${task} to be performed.`);
}
