import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PassThrough } from './pass-through/pass-through.js';

/** Nova's list of servers, which the router would take for a server named `detail`. */
@ApiExcludeController()
@Controller('v3/servers/detail')
export class ServerListController {
  constructor(private readonly passThrough: PassThrough) {}

  @Get()
  list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.passThrough.pass(request, reply);
  }
}
