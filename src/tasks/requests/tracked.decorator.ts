import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { checkTracked } from './check-tracked.js';
import { ClassTagInterceptor } from './class-tag.interceptor.js';
import { TagInterceptor } from './tag.interceptor.js';
import { TRACKED, type TrackedOptions } from './tracked.options.js';

/**
 * Makes a handler's requests tasks: each is recorded before the handler runs, the same request under the same tag is
 * refused, and the outcome is recorded before the answer goes out.
 *
 * @example
 * ```ts
 * @Post()
 * @Tracked<Order>({ task: () => 'create', outcome: (order) => ({ state: 'success', resource: { order: order.id } }) })
 * create(@Body() order: NewOrder): Promise<Order> { … }
 * ```
 */
export function Tracked<Answer, Request = unknown>(
  options: TrackedOptions<Answer, Request>,
): MethodDecorator & ClassDecorator {
  checkTracked(options);
  return (target: object, name?: string | symbol, handler?: PropertyDescriptor) => {
    const on = (handler?.value as object | undefined) ?? target;
    // The interceptor is added once, even if the decorator is there twice, or on a parent class.
    const isThere = Reflect.getMetadata(TRACKED, on) !== undefined;
    const interceptor = UseInterceptors(handler === undefined ? ClassTagInterceptor : TagInterceptor);
    const decorate = applyDecorators(SetMetadata(TRACKED, options), ...(isThere ? [] : [interceptor]));
    decorate(target, name, handler);
  };
}
