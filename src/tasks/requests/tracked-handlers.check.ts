import { Injectable, Logger, type OnModuleInit, RequestMethod, type Type } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { TRACKED } from './tracked.options.js';

/** Nest's own names for the metadata of a handler. */
const METHOD = 'method';
const PATH = 'path';

const SAFE = [RequestMethod.GET, RequestMethod.HEAD, RequestMethod.OPTIONS];

/** Warns at the start about uses of `@Tracked()` that have no effect: such handlers would silently run unrecorded. */
@Injectable()
export class TrackedHandlersCheck implements OnModuleInit {
  private readonly logger = new Logger('TasksModule');

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onModuleInit(): void {
    for (const { metatype } of this.discovery.getControllers()) {
      if (typeof metatype === 'function') this.look(metatype as Type);
    }
  }

  private look(controller: Type): void {
    const prototype = controller.prototype as object;
    for (const name of this.scanner.getAllMethodNames(prototype)) {
      const handler = (prototype as Record<string, object>)[name] as object;
      // A method without a route gets no requests.
      if (Reflect.getMetadata(PATH, handler) === undefined) continue;
      const what = `${controller.name}.${name}()`;
      if (Reflect.hasMetadata(TRACKED, handler)) {
        if (SAFE.includes(Reflect.getMetadata(METHOD, handler) as RequestMethod)) {
          this.logger.warn(
            `@Tracked() on ${what} has no effect: requests that read are never recorded (with @Sse(), set the method POST)`,
          );
        }
      } else if (!Reflect.hasMetadata(TRACKED, controller) && overridesTracked(prototype, name)) {
        this.logger.warn(
          `${what} overrides a @Tracked() handler, and is not tracked itself: repeat the decorator`,
        );
      }
    }
  }
}

function overridesTracked(prototype: object, name: string): boolean {
  for (let base = Object.getPrototypeOf(prototype) as object | null; base !== null;) {
    const overridden = Object.getOwnPropertyDescriptor(base, name)?.value as unknown;
    if (typeof overridden === 'function' && Reflect.hasMetadata(TRACKED, overridden)) return true;
    base = Object.getPrototypeOf(base) as object | null;
  }
  return false;
}
