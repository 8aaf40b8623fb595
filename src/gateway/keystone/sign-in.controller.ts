import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Settings } from '../../config/settings.js';
import { Unauthorized, UnsupportedMediaType } from '../../openstack/faults.js';
import { readAccount } from './keystone-account.js';
import { callKeystone } from './keystone-http.js';

/**
 * Keystone's `/v3/auth/tokens` for the console: a browser reaches Keystone itself only if that allows it by CORS, which
 * few do. Nothing is kept, and nothing of it is in a log. It is Keystone that limits wrong passwords.
 */
@ApiExcludeController()
@Controller('console/auth/tokens')
export class KeystoneSignInController {
  private readonly url: string;

  constructor(settings: Settings) {
    this.url = `${readAccount(settings).url}/auth/tokens?nocatalog`;
  }

  /** A token for a password. */
  @Post()
  async issue(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // A page of another site may send other types, without asking first.
    const [type = ''] = (request.headers['content-type'] ?? '').split(';', 1);
    if (type.trim().toLowerCase() !== 'application/json') throw new UnsupportedMediaType(type);
    const body = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
    await this.pass(reply, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  }

  /** Whose a token is, for its owner. */
  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const token = request.headers['x-auth-token'];
    // Characters that no token has: the header could not be sent.
    if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) throw new Unauthorized(this.url);
    // Without the last one, tokens that have access rules count as invalid.
    const headers = {
      'X-Auth-Token': token,
      'X-Subject-Token': token,
      'OpenStack-Identity-Access-Rules': '1',
    };
    await this.pass(reply, { headers });
  }

  /** @throws KeystoneUnavailable */
  private async pass(reply: FastifyReply, init: RequestInit): Promise<void> {
    const { status, headers, body } = await callKeystone(this.url, init);
    const token = headers.get('x-subject-token');
    if (token !== null) void reply.header('X-Subject-Token', token);
    void reply.status(status).header('content-type', 'application/json').send(JSON.stringify(body));
  }
}
