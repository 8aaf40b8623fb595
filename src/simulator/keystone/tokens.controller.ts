import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Post,
  Query,
  Req,
  Res,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Forbidden, NotFound } from '../../openstack/faults.js';
import { JsonBodyGuard } from '../../openstack/json-body.guard.js';
import { origin } from '../../openstack/urls/links.js';
import { readAuthRequest } from './auth-request.js';
import { IdentityFaultFilter } from './identity-fault.filter.js';
import { IdentityTokenGuard, tokenOf } from './identity-token.guard.js';
import { AuthenticationFailed } from './identity.errors.js';
import { isAdmin } from './names.js';
import { SimulatedTokens } from './simulated-tokens.js';
import type { TokenFacts } from './token-facts.js';
import { tokenView } from './token.view.js';

type QueryParameters = Readonly<Record<string, unknown>>;

/** Tokens: issuing, validating and revoking them (keystone/api/auth.py, `AuthTokenResource`). */
@ApiExcludeController()
@Controller('identity/v3/auth/tokens')
@UseFilters(IdentityFaultFilter)
export class TokensController {
  constructor(private readonly tokens: SimulatedTokens) {}

  @Post()
  @UseGuards(JsonBodyGuard)
  async issue(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query() query: QueryParameters,
  ) {
    const { methods, userId, token, projectId } = readAuthRequest(request.body);
    const former = token === null ? null : await this.find(token);
    const user = userId ?? former?.userId;
    if (user === undefined || (former !== null && former.userId !== user)) throw new AuthenticationFailed();

    const issued = await this.tokens.issue({
      userId: user,
      projectId,
      methods: [...new Set([...methods, ...(former?.methods ?? [])])],
      ...(former !== null && { expiresAt: former.expiresAt }),
    });
    void reply.header('X-Subject-Token', issued.token);
    return tokenView(issued.facts, catalogOrigin(request, query));
  }

  /** Also answers HEAD. */
  @Get()
  @UseGuards(IdentityTokenGuard)
  async show(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query() query: QueryParameters,
  ) {
    const { token, facts } = await this.subject(request, 'identity:validate_token');
    void reply.header('X-Subject-Token', token);
    return tokenView(facts, catalogOrigin(request, query));
  }

  @Delete()
  @HttpCode(204)
  @UseGuards(IdentityTokenGuard)
  async revoke(@Req() request: FastifyRequest): Promise<void> {
    const { token } = await this.subject(request, 'identity:revoke_token');
    if (!(await this.tokens.revoke(token))) {
      throw new Forbidden('This token was not issued, so it cannot be revoked: it is only a name.');
    }
  }

  /** The token that a request is about. Users may ask about their own tokens, `admin` about any. */
  private async subject(
    request: FastifyRequest,
    action: string,
  ): Promise<{ token: string; facts: TokenFacts }> {
    const token = request.headers['x-subject-token'];
    if (typeof token !== 'string') throw new NotFound('No token in the request');
    const facts = await this.find(token.trim());
    const { userId } = tokenOf(request);
    if (facts.userId !== userId && !isAdmin(userId)) {
      throw new Forbidden(`You are not authorized to perform the requested action: ${action}.`);
    }
    return { token: token.trim(), facts };
  }

  private async find(token: string): Promise<TokenFacts> {
    const facts = await this.tokens.find(token);
    if (facts === null) throw new NotFound('Could not find token.');
    return facts;
  }
}

function catalogOrigin(request: FastifyRequest, query: QueryParameters): string | null {
  return 'nocatalog' in query ? null : origin(request);
}
