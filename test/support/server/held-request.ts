import type { INestApplication } from '@nestjs/common';
import { type ComputeRequest, ComputeService } from '../../../src/compute/compute.service.js';
import { until } from '../until.js';

/** A request that waits at the compute service until it is let go. */
export interface HeldRequest {
  /** Fulfilled when a request has come. */
  hasCome: () => Promise<unknown>;
  /** @param error the compute service's answer instead of its own */
  letGo: (error?: Error) => void;
}

/** Holds the next request back at the compute service: recorded, and not carried out. */
export function holdNextRequest(app: INestApplication): HeldRequest {
  const compute = app.get(ComputeService);
  const submit = compute.submit.bind(compute);
  let letGo: HeldRequest['letGo'] = () => undefined;
  const released = new Promise<void>((resolve, reject) => {
    letGo = (error) => (error === undefined ? resolve() : reject(error));
  });
  let hasCome = false;
  jest.spyOn(compute, 'submit').mockImplementationOnce(async (request: ComputeRequest) => {
    hasCome = true;
    await released;
    return submit(request);
  });
  return { hasCome: () => until('a request', () => hasCome), letGo };
}
