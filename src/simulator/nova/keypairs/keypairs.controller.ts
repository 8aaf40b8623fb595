import { Body, Controller, Delete, Get, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../../../identity/caller.js';
import { TenantGuard } from '../../../identity/tenant.guard.js';
import { BadRequest, NotFound } from '../../../openstack/faults.js';
import { JsonBodyGuard } from '../../../openstack/json-body.guard.js';
import { MicroversionGuard, microversionOf } from '../../../openstack/microversion.guard.js';
import { nextLink } from '../../../openstack/urls/links.js';
import { assertQuery, bodyValidator } from '../../json-schema/json-schema.js';
import { pageOf } from '../../query/paging.js';
import { queryOf } from '../../query/query.js';
import { assertOwnUser } from '../policy.js';
import { anyQuery, keypairCreateSchema, keypairListSchema } from '../schemas/keypairs.js';
import type { KeyType } from './keypair.entity.js';
import { keypairBrief, keypairView, newKeypairView } from './keypair.view.js';
import { KeypairsService } from './keypairs.service.js';

/** The first microversions with types and proper statuses, with other users' key pairs, and with pages. */
const TYPES = 2;
const OTHER_USERS = 10;
const PAGES = 35;

interface CreateBody {
  keypair: { name: string; public_key?: string; type?: KeyType; user_id?: string };
}

/** The key pairs of a user; administrators may name another one by `user_id`. */
@ApiTags('simulated cloud')
@Controller('v3/os-keypairs')
@UseGuards(TenantGuard, MicroversionGuard, JsonBodyGuard)
export class KeypairsController {
  constructor(private readonly keypairs: KeypairsService) {}

  @Get()
  @ApiOperation({ summary: 'List key pairs' })
  async list(@Req() request: FastifyRequest): Promise<object> {
    const version = microversionOf(request);
    assertQuery(request, version < PAGES ? anyQuery : keypairListSchema);
    const { items, nextMarker } = pageOf(
      await this.keypairs.list(userOf(request, 'index')),
      version < PAGES ? new Map() : queryOf(request),
      ({ name }) => name,
      (marker) => new BadRequest(`Marker ${marker} could not be found.`),
    );
    return {
      keypairs: items.map((keypair) => ({ keypair: keypairBrief(keypair, version) })),
      ...(nextMarker !== null && { keypairs_links: [nextLink(request, encodeURIComponent(nextMarker))] }),
    };
  }

  @Get(':name')
  @ApiOperation({ summary: 'Show a key pair' })
  async show(@Req() request: FastifyRequest, @Param('name') name: string): Promise<object> {
    const userId = userOf(request, 'show');
    const keypair = await this.keypairs.find(userId, name);
    if (keypair === null) throw missing(name, userId);
    return { keypair: keypairView(keypair, microversionOf(request)) };
  }

  @Post()
  @ApiOperation({ summary: 'Import a public key, or make a key pair' })
  @ApiOkResponse({ description: 'The key pair; 201 from microversion 2.2.' })
  @ApiBody({ schema: { example: { keypair: { name: 'my-key' } } } })
  async create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: unknown,
  ): Promise<object> {
    const version = microversionOf(request);
    const { keypair: asked } = bodyValidator<CreateBody>(keypairCreateSchema(version))(body);
    const caller = callerOf(request);
    const userId = asked.user_id || caller.userId;
    assertOwnUser(userId, caller, 'os-keypairs:create');

    const created = { userId, name: asked.name, type: asked.type ?? 'ssh' };
    void reply.status(version < TYPES ? 200 : 201);
    if (asked.public_key !== undefined) {
      return { keypair: newKeypairView(await this.keypairs.import(created, asked.public_key), version) };
    }
    const { keypair, privateKey } = await this.keypairs.generate(created);
    return { keypair: { ...newKeypairView(keypair, version), private_key: privateKey } };
  }

  @Delete(':name')
  @ApiOperation({ summary: 'Delete a key pair' })
  @ApiAcceptedResponse({ description: 'Deleted; 204 from microversion 2.2.' })
  async delete(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('name') name: string,
  ): Promise<void> {
    const userId = userOf(request, 'delete');
    if (!(await this.keypairs.delete(userId, name))) throw missing(name, userId);
    void reply.status(microversionOf(request) < TYPES ? 202 : 204);
  }
}

/** The user whose key pairs are requested. */
function userOf(request: FastifyRequest, action: string): string {
  const caller = callerOf(request);
  if (microversionOf(request) < OTHER_USERS) return caller.userId;
  const userId = queryOf(request).get('user_id') || caller.userId;
  assertOwnUser(userId, caller, `os-keypairs:${action}`);
  return userId;
}

function missing(name: string, userId: string): NotFound {
  return new NotFound(`Keypair ${name} not found for user ${userId}`);
}
