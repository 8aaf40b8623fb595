import type { Named } from '../reading/named-description.js';
import type { RequestTag } from '../reading/request-tag.js';
import type { Requester } from '../../tasks.options.js';
import type { CallOptions } from './call.options.js';

/** A request that has not come by HTTP: a mutation, a message, an event or a job. */
export interface Call {
  kind: Named['kind'];
  place: readonly string[];
  /** What the handler's options get, and those of `options`. */
  request: unknown;
  /** What the module's other options get. */
  moduleRequest: unknown;
  /** The module's options for calls of this kind. */
  options: CallOptions<never>;
  /** What holds where no option says otherwise. */
  usual: {
    tag: () => RequestTag | string | null;
    requester: () => Requester | Promise<Requester>;
    parameters: unknown;
  };
}
