import {
  applyDecorators,
  Controller,
  Get,
  NotFoundException,
  Param,
  Req,
  Res,
  type Type,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { nodeRequest } from '../http/node-http.js';
import { INDEX, INDEX_INSIDE, type PageFile, pageFiles } from './page-files.js';
import { PAGE_HEADERS } from './page-headers.js';
import type { PageSettings } from './page-settings.js';

/** Where the page is, and who may get it. */
export interface PageControllerOptions {
  path: string;
  decorators?: ClassDecorator[];
}

/**
 * Makes a controller that serves the page, on Express and on Fastify.
 *
 * It answers by itself, past what a host does to the answers of its handlers. Browsers keep the files, and ask each time
 * whether they are still the same: a page never runs with the script of another version for long.
 */
export function pageController(
  { path, decorators = [] }: PageControllerOptions,
  settings: PageSettings,
): Type {
  const files = pageFiles(settings, path);

  @applyDecorators(Controller(path), ...decorators)
  class PageController {
    constructor(private readonly adapterHost: HttpAdapterHost) {}

    @Get()
    index(@Req() request: object, @Res() response: object): void {
      const [address = ''] = (this.adapterHost.httpAdapter.getRequestUrl(request) as string).split('?', 1);
      this.send(request, response, address.endsWith('/') ? INDEX_INSIDE : INDEX);
    }

    @Get(':file')
    file(@Req() request: object, @Res() response: object, @Param('file') name: string): void {
      this.send(request, response, name);
    }

    private send(request: object, response: object, name: string): void {
      const file = files.get(name);
      if (file === undefined) throw new NotFoundException();
      const adapter = this.adapterHost.httpAdapter;
      for (const [header, value] of Object.entries(headersOf(file)))
        adapter.setHeader(response, header, value);
      const isKnown = nodeRequest(request).headers['if-none-match'] === file.etag;
      if (isKnown) adapter.reply(response, undefined, 304);
      else adapter.reply(response, file.text, 200);
    }
  }
  return PageController;
}

function headersOf({ type, etag }: PageFile): Record<string, string> {
  return { ...PAGE_HEADERS, 'Content-Type': type, ETag: etag, 'Cache-Control': 'no-cache' };
}
