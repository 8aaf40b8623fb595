import { Body, Controller, Delete, Get, HttpCode, Param, Put, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../../../identity/caller.js';
import { TenantGuard } from '../../../identity/tenant.guard.js';
import { BadRequest, NotFound } from '../../../openstack/faults.js';
import { JsonBodyGuard } from '../../../openstack/json-body.guard.js';
import { MicroversionGuard, microversionOf } from '../../../openstack/microversion.guard.js';
import { apiBase } from '../../../openstack/urls/links.js';
import { bodyValidator } from '../../json-schema/json-schema.js';
import { tagsSchema } from '../schemas/tags.js';
import { ServerStore } from './server-store.js';

/** Nova's own limit of tags on a server. */
const MOST_TAGS = 50;

/** Nova's server tags, from 2.26. They are unrelated to the tags of tasks. */
@ApiExcludeController()
@Controller('v3/servers/:id/tags')
@UseGuards(TenantGuard, MicroversionGuard, JsonBodyGuard)
export class ServerTagsController {
  constructor(private readonly servers: ServerStore) {}

  @Get()
  async list(@Req() request: FastifyRequest, @Param('id') id: string): Promise<{ tags: string[] }> {
    return { tags: await this.tagsOf(request, id) };
  }

  @Put()
  async replace(@Req() request: FastifyRequest, @Param('id') id: string, @Body() body: unknown) {
    assertVersion(request);
    const { tags } = bodyValidator<{ tags: string[] }>(tagsSchema())(body);
    return { tags: await this.change(request, id, () => tags) };
  }

  @Delete()
  @HttpCode(204)
  async clear(@Req() request: FastifyRequest, @Param('id') id: string): Promise<void> {
    await this.change(request, id, () => []);
  }

  @Get(':tag')
  @HttpCode(204)
  async has(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Param('tag') tag: string,
  ): Promise<void> {
    if (!(await this.tagsOf(request, id)).includes(tag)) throw missing(id, tag);
  }

  @Put(':tag')
  async add(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
    @Param('tag') tag: string,
  ): Promise<void> {
    assertVersion(request);
    if (!/^[^,/]{1,60}$/.test(tag))
      throw new BadRequest(`Invalid input for field/attribute tag. Value: ${tag}.`);
    const isNew = !(await this.tagsOf(request, id)).includes(tag);
    await this.change(request, id, (tags) => [...tags, tag]);
    void reply
      .status(isNew ? 201 : 204)
      .header('Location', `${apiBase(request)}/servers/${id}/tags/${encodeURIComponent(tag)}`);
  }

  @Delete(':tag')
  @HttpCode(204)
  async remove(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Param('tag') tag: string,
  ): Promise<void> {
    await this.change(request, id, (tags) => {
      if (!tags.includes(tag)) throw missing(id, tag);
      return tags.filter((other) => other !== tag);
    });
  }

  private async tagsOf(request: FastifyRequest, id: string): Promise<string[]> {
    assertVersion(request);
    return (await this.servers.get(id, callerOf(request))).data.tags;
  }

  private async change(
    request: FastifyRequest,
    id: string,
    change: (tags: string[]) => string[],
  ): Promise<string[]> {
    assertVersion(request);
    const server = await this.servers.change(id, callerOf(request), ({ data }) => {
      const tags = [...new Set(change(data.tags))];
      if (tags.length > MOST_TAGS) {
        throw new BadRequest(`The number of tags exceeded the per-server limit ${MOST_TAGS}`);
      }
      return { data: { ...data, tags } };
    });
    return server.data.tags;
  }
}

function assertVersion(request: FastifyRequest): void {
  if (microversionOf(request) < 26) throw new NotFound();
}

function missing(id: string, tag: string): NotFound {
  return new NotFound(`Server ${id} has no tag '${tag}'`);
}
