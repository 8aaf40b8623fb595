import { assertKnown } from '../../known-options.js';
import type { Requester } from '../../tasks.options.js';
import type { TrackedJob } from '../jobs/job.js';
import type { TrackedMessage } from './message.js';
import type { TrackedMutation } from './mutation.js';

/** Where calls of one kind outside HTTP have their tag, their tenant and their parameters. */
// As methods, they may be functions of calls whose data have a narrower type.
export interface CallOptions<Call> {
  /** The tag of a call, as a text; `null`: it has none. */
  tag?(this: void, call: Call): string | null;

  /** The tenant and the user of a call. */
  requester?(this: void, call: Call): Requester | Promise<Requester>;

  /** The values that are compared: any JSON, or a promise of it. */
  parameters?(this: void, call: Call): unknown;
}

/** The module's options for what does not come by HTTP. */
export class OutsideHttpOptions {
  /**
   * Where mutations of GraphQL have their tag, tenant and parameters. @default the header of the request of HTTP, or
   * `otherTag`; `requester` of that request; the arguments
   */
  graphql: CallOptions<TrackedMutation> = {};

  /**
   * Where messages and events of microservices have the same. @default of RabbitMQ's, the header with the name of
   * `tagHeader`, or `messageId`; else the field `taskTag` of what they say; no tenant, except with `singleTenant`; what
   * they say
   */
  messages: CallOptions<TrackedMessage> = {};

  /** Where jobs of BullMQ have the same. @default the job's id; no tenant, except with `singleTenant`; none */
  jobs: CallOptions<TrackedJob> = {};
}

const NAMES: readonly (keyof CallOptions<unknown>)[] = ['tag', 'requester', 'parameters'];

/** @throws TypeError for an unknown or invalid option */
export function checkCallOptions(options: OutsideHttpOptions): void {
  for (const name of Object.keys(new OutsideHttpOptions()) as (keyof OutsideHttpOptions)[]) {
    const given: unknown = options[name];
    const whose = `TasksModule's option ${name}`;
    if (typeof given !== 'object' || given === null) throw new TypeError(`${whose} must be an object.`);
    assertKnown(given, NAMES, whose);
    for (const [option, value] of Object.entries(given)) {
      if (value !== undefined && typeof value !== 'function')
        throw new TypeError(`${whose}.${option} must be a function.`);
    }
  }
}
