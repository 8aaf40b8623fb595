import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Req, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../../../identity/caller.js';
import { TenantGuard } from '../../../identity/tenant.guard.js';
import { NotFound } from '../../../openstack/faults.js';
import { JsonBodyGuard } from '../../../openstack/json-body.guard.js';
import { MicroversionGuard, microversionOf } from '../../../openstack/microversion.guard.js';
import { bodyValidator } from '../../json-schema/json-schema.js';
import { metadataItemSchema, metadataSchema } from '../schemas/metadata.js';
import { serverUpdateSchema } from '../schemas/server-update.js';
import { ServerStore } from './server-store.js';
import { serverView } from './server.view.js';

type Metadata = Record<string, string>;

/** Changes that are not tasks: a server's name and description, and its metadata. */
@ApiExcludeController()
@Controller('v3/servers/:id')
@UseGuards(TenantGuard, MicroversionGuard, JsonBodyGuard)
export class ServerUpdateController {
  constructor(private readonly servers: ServerStore) {}

  @Put()
  async update(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<object> {
    const version = microversionOf(request);
    const { server: asked } = bodyValidator<{ server: ServerUpdate }>(serverUpdateSchema(version))(body);
    const caller = callerOf(request);
    const server = await this.servers.change(id, caller, ({ name, data }) => ({
      name: asked.name?.trim() ?? name,
      data: {
        ...data,
        description: asked.description === undefined ? data.description : asked.description,
        accessIPv4: asked.accessIPv4 ?? data.accessIPv4,
        accessIPv6: asked.accessIPv6 ?? data.accessIPv6,
        diskConfig: asked['OS-DCF:diskConfig'] ?? data.diskConfig,
      },
    }));
    return { server: serverView(server, request, version, caller.isAdmin) };
  }

  @Get('metadata')
  async showMetadata(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
  ): Promise<{ metadata: Metadata }> {
    return { metadata: (await this.servers.get(id, callerOf(request))).data.metadata };
  }

  @Put('metadata')
  replaceMetadata(@Req() request: FastifyRequest, @Param('id') id: string, @Body() body: unknown) {
    const { metadata } = bodyValidator<{ metadata: Metadata }>(metadataSchema())(body);
    return this.changeMetadata(request, id, () => metadata);
  }

  @Post('metadata')
  @HttpCode(200)
  mergeMetadata(@Req() request: FastifyRequest, @Param('id') id: string, @Body() body: unknown) {
    const { metadata } = bodyValidator<{ metadata: Metadata }>(metadataSchema())(body);
    return this.changeMetadata(request, id, (old) => ({ ...old, ...metadata }));
  }

  @Get('metadata/:key')
  async showItem(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Param('key') key: string,
  ): Promise<object> {
    const { metadata } = (await this.servers.get(id, callerOf(request))).data;
    return { meta: { [key]: valueOf(metadata, key) } };
  }

  @Put('metadata/:key')
  async putItem(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Param('key') key: string,
    @Body() body: unknown,
  ): Promise<object> {
    const { meta } = bodyValidator<{ meta: Metadata }>(metadataItemSchema())(body);
    const { metadata } = await this.changeMetadata(request, id, (old) => ({
      ...old,
      [key]: valueOf(meta, key),
    }));
    return { meta: { [key]: valueOf(metadata, key) } };
  }

  @Delete('metadata/:key')
  @HttpCode(204)
  async deleteItem(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Param('key') key: string,
  ): Promise<void> {
    await this.changeMetadata(request, id, (old) => {
      valueOf(old, key);
      return Object.fromEntries(Object.entries(old).filter(([name]) => name !== key));
    });
  }

  private async changeMetadata(
    request: FastifyRequest,
    id: string,
    change: (old: Metadata) => Metadata,
  ): Promise<{ metadata: Metadata }> {
    const server = await this.servers.change(id, callerOf(request), ({ data }) => ({
      data: { ...data, metadata: change(data.metadata) },
    }));
    return { metadata: server.data.metadata };
  }
}

interface ServerUpdate {
  name?: string;
  description?: string | null;
  accessIPv4?: string;
  accessIPv6?: string;
  'OS-DCF:diskConfig'?: 'AUTO' | 'MANUAL';
}

function valueOf(metadata: Metadata, key: string): string {
  const value = Object.hasOwn(metadata, key) ? metadata[key] : undefined;
  if (value === undefined) throw new NotFound('Metadata item was not found');
  return value;
}
