import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { messageOf } from '../../errors/message-of.js';
import { checkTracked } from './check-tracked.js';
import { ClassTagInterceptor } from './class-tag.interceptor.js';
import { isProcessor, trackProcess } from './jobs/track-process.js';
import { TagInterceptor } from './tag.interceptor.js';
import { TRACKED, type TrackedOptions } from './tracked.options.js';

/**
 * What `@Tracked()` returns: a decorator of classes, and of methods whose answer is an `Answer`, or a promise or
 * observable of it. If the type of the answer is not given, any method.
 */
export type TrackedDecorator<Answer> = unknown extends Answer
  ? ClassDecorator & MethodDecorator
  : ClassDecorator &
      (<
        Handler extends (
          ...parameters: never[]
        ) => Answer | Observable<Answer> | PromiseLike<Answer | Observable<Answer>>,
      >(
        target: object,
        name: string | symbol,
        handler: TypedPropertyDescriptor<Handler>,
      ) => void);

/**
 * Makes a handler's requests tasks: each is recorded before the handler runs, the same request under the same tag is
 * refused, and the outcome is recorded before the answer goes out. A handler is one of HTTP, a mutation of GraphQL, a
 * message or an event of a microservice, or `process` of BullMQ's processor.
 *
 * @example
 * ```ts
 * @Post()
 * @Tracked<Order>({ task: 'order', outcome: (order) => ({ state: 'success', resource: { order: order.id } }) })
 * create(@Body() order: NewOrder): Promise<Order> { … }
 * ```
 *
 * @throws TypeError, when it is applied, for an unknown or invalid option
 */
export function Tracked<Answer, Request = unknown>(
  options: TrackedOptions<Answer, Request>,
): TrackedDecorator<Answer> {
  const decorator = (target: object, name?: string | symbol, handler?: PropertyDescriptor) => {
    check(options, handlerName(target, name));
    if (handler !== undefined && isProcessor(target, name)) return trackProcess(target, handler, options);
    const on = (handler?.value as object | undefined) ?? target;
    // The interceptor is added once, even if the decorator is there twice, or on a parent class.
    const isThere = Reflect.getMetadata(TRACKED, on) !== undefined;
    const interceptor = UseInterceptors(handler === undefined ? ClassTagInterceptor : TagInterceptor);
    const decorate = applyDecorators(SetMetadata(TRACKED, options), ...(isThere ? [] : [interceptor]));
    decorate(target, name, handler);
  };
  return decorator;
}

function check(options: TrackedOptions<never, never>, handler: string): void {
  try {
    checkTracked(options);
  } catch (error) {
    throw new TypeError(`${handler}: ${messageOf(error)}`, { cause: error });
  }
}

/** Of a class, its constructor is decorated; of a method, the prototype, or for a static one the constructor. */
function handlerName(target: object, name: string | symbol | undefined): string {
  const { name: controller } = typeof target === 'function' ? target : target.constructor;
  return name === undefined ? controller : `${controller}.${String(name)}()`;
}
