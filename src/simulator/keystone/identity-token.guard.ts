import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { setCaller } from '../../identity/caller.js';
import { SimulatedTokens } from './simulated-tokens.js';
import { AuthenticationFailed } from './identity.errors.js';
import { isAdmin, rolesOf } from './names.js';
import type { TokenFacts } from './token-facts.js';

const facts = new WeakMap<object, TokenFacts>();

/**
 * What the token of a request says.
 *
 * @throws Error on a route without `IdentityTokenGuard`: a mistake of the program
 */
export function tokenOf(request: object): TokenFacts {
  const token = facts.get(request);
  if (token === undefined) throw new Error('This route has no IdentityTokenGuard.');
  return token;
}

/** Lets a request in only with a valid token; unlike for the compute service, also with one without a project. */
@Injectable()
export class IdentityTokenGuard implements CanActivate {
  constructor(private readonly tokens: SimulatedTokens) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const header = request.headers['x-auth-token'];
    const token = typeof header === 'string' ? await this.tokens.find(header.trim()) : null;
    if (token === null) throw new AuthenticationFailed();
    facts.set(request, token);
    const { userId, projectId } = token;
    if (projectId !== null) {
      setCaller(request, { userId, projectId, roles: rolesOf(userId), isAdmin: isAdmin(userId) });
    }
    return true;
  }
}
