import { Inject, Injectable } from '@nestjs/common';
import { MissingTagError } from '../../tag.errors.js';
import { taskName } from '../../task-name.js';
import { type Requester, TASKS_OPTIONS, type TasksOptions } from '../../tasks.options.js';
import { namedDescription } from '../reading/named-description.js';
import type { ReadRequest } from '../reading/request-reader.js';
import { type RequestTag, tagOfText } from '../reading/request-tag.js';
import { checkRequester } from '../reading/requester.js';
import type { TrackedOptions } from '../tracked.options.js';
import type { Call } from './call.js';

/** Reads what is recorded of calls outside HTTP: the handler's own options win, then the module's for their kind. */
@Injectable()
export class CallReader {
  constructor(@Inject(TASKS_OPTIONS) private readonly options: TasksOptions) {}

  /** @throws ApiError for a tag that cannot be taken, and whatever an option of the host throws */
  async read(call: Call, tracked: TrackedOptions<unknown>): Promise<ReadRequest> {
    const { kind, place, request } = call;
    const tag = this.tagOf(call, tracked);
    const { projectId, userId } = await requesterOf(call, tracked);
    const task = taskName(tracked, request);
    const resource = tracked.resource?.(request) ?? null;
    const isCompared = tag !== null && tag.means !== 'label';
    const ask = tracked.parameters ?? call.options.parameters;
    const parameters = () => (ask === undefined ? call.usual.parameters : ask(request as never));
    return {
      tag,
      newTask: {
        projectId,
        userId,
        requestId: null,
        globalRequestId: null,
        tag: tag?.tag ?? null,
        tagMeans: tag?.means ?? 'tag',
        description: isCompared ? namedDescription({ kind, place, parameters: await parameters() }) : null,
        task,
        resource,
        sameTransaction: tracked.sameTransaction,
      },
    };
  }

  private tagOf(call: Call, tracked: TrackedOptions<unknown>): RequestTag | null {
    const ask = tracked.tag ?? call.options.tag;
    const found = ask === undefined ? call.usual.tag() : ask(call.request as never);
    if (found === null || found === undefined) {
      if (this.options.tagRequired) throw new MissingTagError(this.options.tagHeader);
      return null;
    }
    return typeof found === 'object' ? found : tagOfText(found);
  }
}

async function requesterOf(
  { request, options, usual }: Call,
  tracked: TrackedOptions<unknown>,
): Promise<Requester> {
  const ask = tracked.requester ?? options.requester;
  const requester = await (ask === undefined ? usual.requester() : ask(request as never));
  return checkRequester(requester, "TasksModule's requester returned");
}
