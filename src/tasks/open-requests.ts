import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';

/**
 * The recorded requests that are being carried out. A server that stops waits for them, also for those whose client
 * has gone, so that what became of them is recorded and need not be found out.
 */
@Injectable()
export class OpenRequests implements BeforeApplicationShutdown {
  private readonly requests = new Set<Promise<unknown>>();

  /** Keeps the application from ending until a request is settled. */
  untilSettled<T>(request: Promise<T>): Promise<T> {
    this.requests.add(request);
    const forget = () => void this.requests.delete(request);
    request.then(forget, forget);
    return request;
  }

  async beforeApplicationShutdown(): Promise<void> {
    while (this.requests.size > 0) await Promise.allSettled(this.requests);
  }
}
