import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { onlyKeyOf } from '../compute/actions/action-key.js';
import { ComputeService } from '../compute/compute.service.js';
import { requestOf } from '../http/http-context.js';
import { requestFact } from '../http/request-fact.js';
import { BadRequest } from '../openstack/faults.js';
import type { ServerRequest } from './server-request.js';

/** The name of the task that a request's action asks for. */
export const { set: setTaskOfAction, of: taskOfAction } = requestFact<string>('ServerActionGuard');

/** Lets in the actions of `POST /servers/{id}/action` that the compute service has; others are not recorded. */
@Injectable()
export class ServerActionGuard implements CanActivate {
  constructor(private readonly compute: ComputeService) {}

  canActivate(context: ExecutionContext): boolean {
    const request = requestOf<ServerRequest>(context);
    const key = onlyKeyOf(request.body);
    if (key === null) throw new BadRequest('Malformed request body');
    const task = this.compute.taskOfAction(key, request);
    if (task === null) throw new BadRequest(`There is no such action: ${key}`);
    setTaskOfAction(request, task);
    return true;
  }
}
