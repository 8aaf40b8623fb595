import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ComputeService } from '../../compute/compute.service.js';
import { Settings } from '../../config/settings.js';
import { requestOf } from '../../http/http-context.js';
import { requestFact } from '../../http/request-fact.js';
import type { OtherTag } from '../../tasks/other-tag.js';
import type { Task } from '../../tasks/task.entity.js';
import { OPEN_STATES } from '../../tasks/task.states.js';
import type { ServerRequest } from '../server-request.js';
import { tagFrom } from './tag-from.js';

const fact = requestFact<OtherTag>('TagFromGuard');

/** The tag that a request has by the setting `TAG_FROM`, if it has one. */
export const { known: knownTagFrom } = fact;

/** How long Nova may take to say whether a server is gone, in milliseconds. */
const LOOK_MS = 5000;

/** Finds the tag of a request that has none of its own, in the places that the setting `TAG_FROM` lists. */
@Injectable()
export class TagFromGuard implements CanActivate {
  constructor(
    private readonly settings: Settings,
    private readonly compute: ComputeService,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const { TAG_FROM: places } = this.settings;
    if (places.length === 0) return true;
    const request = requestOf<ServerRequest>(context);
    const isCreate = request.method === 'POST' && request.params.id === undefined;
    const tag = tagFrom(places, request, isCreate);
    if (tag !== null) fact.set(request, { ...tag, isFree: (first) => this.isGone(first) });
    return true;
  }

  /** Whether the one server that a create has made is gone for good. */
  private async isGone({ task, state, resource, resolved }: Task): Promise<boolean> {
    const server = resource?.['server'];
    if (task !== 'create' || OPEN_STATES.includes(state)) return false;
    // An administrator has ended it, and knows of no server.
    if (server === undefined) return state === 'failure' && resolved !== null;
    const existing = await this.compute.existingServers([server], AbortSignal.timeout(LOOK_MS));
    return !existing.has(server);
  }
}
