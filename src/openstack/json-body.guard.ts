import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requestOf } from '../http/http-context.js';
import { BadRequest, UnsupportedMediaType } from './faults.js';
import { jsonOf } from './json-of.js';

/** Media types that Nova reads as JSON: `Request.get_content_type` in nova/api/openstack/wsgi.py. */
export const ALSO_JSON = ['text/plain'];

const JSON_TYPES = new Set(['application/json', 'application/vnd.openstack.compute+json', ...ALSO_JSON, '']);

/** Whether Nova reads a request's body as JSON, by its media type. */
export function isJsonType(request: FastifyRequest): boolean {
  return JSON_TYPES.has(mediaTypeOf(request));
}

function mediaTypeOf({ headers }: FastifyRequest): string {
  return (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** Parses the body of a request that should have one, and keeps its bytes as `rawBody`. */
@Injectable()
export class JsonBodyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = requestOf<FastifyRequest & { rawBody?: Buffer }>(context);
    if (!Buffer.isBuffer(request.body)) return true;
    request.rawBody = request.body;
    if (request.method !== 'POST' && request.method !== 'PUT') return true;

    if (!isJsonType(request)) throw new UnsupportedMediaType(mediaTypeOf(request));
    const json = jsonOf(request, request.rawBody);
    if (json === undefined) throw new BadRequest('Malformed request body');
    request.body = json;
    return true;
  }
}
