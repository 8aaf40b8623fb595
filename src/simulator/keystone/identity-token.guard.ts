import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requestOf } from '../../http/http-context.js';
import { requestFact } from '../../http/request-fact.js';
import { setCaller } from '../../identity/caller.js';
import { AuthenticationFailed } from './identity.errors.js';
import { isAdmin, rolesOf } from './names.js';
import { SimulatedTokens } from './simulated-tokens.js';
import type { TokenFacts } from './token-facts.js';

/** What the token of a request says. */
export const { set: setToken, of: tokenOf } = requestFact<TokenFacts>('IdentityTokenGuard');

/** Lets a request in only with a valid token; unlike the compute service, also with one without a project. */
@Injectable()
export class IdentityTokenGuard implements CanActivate {
  constructor(private readonly tokens: SimulatedTokens) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = requestOf<FastifyRequest>(context);
    const header = request.headers['x-auth-token'];
    const token = typeof header === 'string' ? await this.tokens.find(header.trim()) : null;
    if (token === null) throw new AuthenticationFailed();
    setToken(request, token);
    const { userId, projectId } = token;
    if (projectId !== null) {
      setCaller(request, { userId, projectId, roles: rolesOf(userId), isAdmin: isAdmin(userId) });
    }
    return true;
  }
}
