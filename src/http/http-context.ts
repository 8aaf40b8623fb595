import type { ArgumentsHost } from '@nestjs/common';

/** The request of a call by HTTP. `switchToHttp()` gives the same, but makes three functions each time. */
export function requestOf<Request = object>(context: ArgumentsHost): Request {
  return context.getArgByIndex<Request>(0);
}

/** The response of a call by HTTP, likewise. */
export function responseOf<Response = object>(context: ArgumentsHost): Response {
  return context.getArgByIndex<Response>(1);
}
