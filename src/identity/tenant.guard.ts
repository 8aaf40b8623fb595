import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requestOf } from '../http/http-context.js';
import { BadRequest, Unauthorized } from '../openstack/faults.js';
import { origin } from '../openstack/urls/links.js';
import { urlOf } from '../openstack/urls/url-of.js';
import { decodeBytes } from '../url/percent-encoding.js';
import { type Caller, knownCaller, setCaller } from './caller.js';
import { TokenValidator } from './token-validator.js';

/** Lets a request in only with a valid token, and remembers its sender. */
@Injectable()
export class TenantGuard implements CanActivate {
  constructor(private readonly tokens: TokenValidator) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await this.admit(requestOf<FastifyRequest>(context));
    return true;
  }

  /**
   * Identifies the sender of a request, once, and remembers it.
   *
   * @throws Unauthorized, or BadRequest when the URL names another project
   */
  async admit(request: FastifyRequest): Promise<Caller> {
    const known = knownCaller(request);
    if (known !== undefined) return known;
    const token = request.headers['x-auth-token'];
    const caller =
      typeof token === 'string'
        ? await this.tokens.validate(token.trim(), { method: request.method, url: urlOf(request) })
        : null;
    if (caller === null) throw new Unauthorized(this.tokens.identityUrl(origin(request)));

    const inUrl = urlOf(request).api?.projectId ?? null;
    const projectId = inUrl === null ? caller.projectId : decodeBytes(inUrl);
    if (projectId !== caller.projectId) {
      throw new BadRequest(
        `Malformed request URL: URL's project_id '${projectId}' doesn't match Context's project_id '${caller.projectId}'`,
      );
    }
    setCaller(request, caller);
    return caller;
  }
}
