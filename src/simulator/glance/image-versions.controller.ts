import { Controller, Get, HttpCode, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { origin } from '../../openstack/urls/links.js';

/** The version documents of the image service. They need no token (glance/api/versions.py). */
@ApiExcludeController()
@Controller('image')
export class ImageVersionsController {
  @Get()
  @HttpCode(300)
  choices(@Req() request: FastifyRequest): object {
    return this.versions(request);
  }

  @Get('versions')
  versions(@Req() request: FastifyRequest): object {
    const links = [{ rel: 'self', href: `${origin(request)}/image/v2/` }];
    return { versions: [{ id: 'v2.9', status: 'CURRENT', links }] };
  }
}
