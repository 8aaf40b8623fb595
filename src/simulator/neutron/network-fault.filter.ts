import { Catch } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import { ApiError } from '../../errors/api-error.js';
import { FaultFilter } from '../../openstack/fault.filter.js';
import { Unauthorized } from '../../openstack/faults.js';
import { NetworkResourceNotFound } from './network.errors.js';

/** Answers errors in Neutron's shape (neutron/api/api_common.py). */
@Catch(ApiError)
export class NetworkFaultFilter extends FaultFilter {
  override answer(error: ApiError, request: FastifyRequest, reply: FastifyReply): void {
    if (error instanceof Unauthorized) return super.answer(error, request, reply);
    if (reply.sent || reply.raw.headersSent) return;
    void reply
      .status(error.status)
      .header('content-type', 'application/json')
      .send(JSON.stringify({ NeutronError: { type: typeOf(error), message: error.message, detail: '' } }));
  }
}

/** Neutron's name of an error; without one, `HTTPNotFound` and the like. */
function typeOf(error: ApiError): string {
  if (error instanceof NetworkResourceNotFound) return error.type;
  return `HTTP${(STATUS_CODES[error.status] ?? '').replace(/[^A-Za-z]/g, '')}`;
}
