import { Inject, Injectable, Logger, type OnModuleInit, RequestMethod, type Type } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { singleTenant, TASKS_OPTIONS, type TasksOptions } from '../tasks.options.js';
import { handlerOf } from './calls/call-kind.js';
import { isProcessor } from './jobs/track-process.js';
import { TRACKED, type TrackedOptions } from './tracked.options.js';

/** Nest's own names for the metadata of a handler's method, and of a gateway. */
const METHOD = 'method';
const GATEWAY = 'websockets:is_gateway';

const SAFE = [RequestMethod.GET, RequestMethod.HEAD, RequestMethod.OPTIONS];

/** A method of a class, as messages name it. */
interface Handler {
  what: string;
  is: ReturnType<typeof handlerOf> | 'job';
  /** The options of the decorator on it. */
  own: TrackedOptions<unknown> | undefined;
  /** Those, or the options of its class. */
  tracked: TrackedOptions<unknown> | undefined;
}

/**
 * Looks at the uses of `@Tracked()` at the start. One that cannot work stops it, rather than the first request; of one
 * that has no effect it warns: such handlers would silently run unrecorded.
 */
@Injectable()
export class TrackedHandlersCheck implements OnModuleInit {
  private readonly logger = new Logger('TasksModule');

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    @Inject(TASKS_OPTIONS) private readonly options: TasksOptions,
  ) {}

  /** @throws Error that names the class and the method */
  onModuleInit(): void {
    const all = [...this.discovery.getControllers(), ...this.discovery.getProviders()];
    const classes = new Set(all.map(({ metatype }) => metatype));
    for (const one of classes) {
      if (typeof one === 'function' && typeof one.prototype === 'object' && one.prototype !== null)
        this.look(one as Type);
    }
  }

  private look(type: Type): void {
    const prototype = type.prototype as Record<string, object>;
    const ofClass = Reflect.getMetadata(TRACKED, type) as Handler['own'];
    if (ofClass !== undefined) checkClass(type);
    for (const name of this.scanner.getAllMethodNames(prototype)) {
      const method = prototype[name] as object;
      const own = Reflect.getMetadata(TRACKED, method) as Handler['own'];
      const is = isProcessor(prototype, name) ? 'job' : handlerOf(method);
      const what = `${type.name}.${name}()`;
      if (own === undefined && is === 'nothing') continue;
      this.lookAt({ what, is, own, tracked: own ?? ofClass });
      if (own === undefined && ofClass === undefined && overridesTracked(prototype, name)) {
        this.logger.warn(
          `${what} overrides a @Tracked() handler, and is not tracked itself: repeat the decorator`,
        );
      }
      if (own !== undefined && SAFE.includes(Reflect.getMetadata(METHOD, method) as RequestMethod)) {
        this.logger.warn(
          `@Tracked() on ${what} has no effect: requests that read are never recorded (with @Sse(), set the method POST)`,
        );
      }
    }
  }

  private lookAt({ what, is, own, tracked }: Handler): void {
    switch (is) {
      case 'route':
      case 'mutation':
        return;
      case 'job':
        if (own !== undefined) this.assertRequester('jobs', what, own);
        return;
      case 'message':
      case 'event':
        if (tracked !== undefined) this.assertRequester('messages', what, tracked);
        return;
      default:
        if (own !== undefined) throw new Error(`@Tracked() cannot be on ${what}: ${WHY_NOT[is]}.`);
    }
  }

  /** Nothing that comes by a message tells for certain whose it is, so the host must. */
  private assertRequester(name: 'messages' | 'jobs', what: string, tracked: TrackedOptions<unknown>): void {
    const asked = tracked.requester ?? this.options[name].requester;
    if (asked !== undefined || this.options.requester === singleTenant) return;
    throw new Error(
      `@Tracked() on ${what} must be told whose its ${name} are: give TasksModule the option ${name}.requester, ` +
        'or the decorator the option requester.',
    );
  }
}

const WHY_NOT = {
  query: 'queries of GraphQL change nothing, and are not tracked; mutations are',
  subscription: 'subscriptions of GraphQL are not tracked; mutations are',
  field: 'it resolves a field of GraphQL; only mutations are tracked',
  'WebSocket message': `messages of WebSocket gateways are not tracked; call tasks.run() in it`,
  nothing:
    'it handles no requests of HTTP, mutations, messages or jobs that Nest knows of; call tasks.run() in it',
} as const;

/** @throws Error for a class whose handlers its decorator cannot track */
function checkClass(type: Type): void {
  if (Reflect.hasMetadata(GATEWAY, type))
    throw new Error(`@Tracked() cannot be on ${type.name}: ${WHY_NOT['WebSocket message']}.`);
  if (isProcessor(type.prototype as object, 'process'))
    throw new Error(`@Tracked() cannot be on ${type.name}: put it on ${type.name}.process().`);
}

function overridesTracked(prototype: object, name: string): boolean {
  for (let base = Object.getPrototypeOf(prototype) as object | null; base !== null;) {
    const overridden = Object.getOwnPropertyDescriptor(base, name)?.value as unknown;
    if (typeof overridden === 'function' && Reflect.hasMetadata(TRACKED, overridden)) return true;
    base = Object.getPrototypeOf(base) as object | null;
  }
  return false;
}
