import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors/api-error.js';
import { requestFact } from '../http/request-fact.js';
import { ApiVersions } from './api-versions.js';
import { format, type Microversion, MIN_MICROVERSION, readMicroversion } from './microversion.js';

const microversion = requestFact<Microversion>('MicroversionGuard');

/** The microversion that a request asked for. */
export function microversionOf(request: object): Microversion {
  return microversion.known(request) ?? MIN_MICROVERSION;
}

/** Reads the microversion of a request, and states it in every answer of the API, even an error. */
@Injectable()
export class MicroversionGuard implements CanActivate {
  constructor(private readonly api: ApiVersions) {}

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    void reply.header('Vary', ['OpenStack-API-Version', 'X-OpenStack-Nova-API-Version']);
    const version = this.read(request);
    microversion.set(request, version);
    void reply
      .header('OpenStack-API-Version', `compute ${format(version)}`)
      .header('X-OpenStack-Nova-API-Version', format(version));
    return true;
  }

  private read({ raw }: FastifyRequest): Microversion {
    try {
      return readMicroversion(raw, this.api.max);
    } catch (error) {
      if (this.api.areJudgedHere || !(error instanceof ApiError)) throw error;
      return MIN_MICROVERSION;
    }
  }
}
