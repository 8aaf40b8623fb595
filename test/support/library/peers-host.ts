import {
  Body,
  Controller,
  HttpCode,
  ParseIntPipe,
  Post,
  Req,
  Res,
  StreamableFile,
  UseGuards,
} from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { TasksService, Tracked } from '../../../src/index.js';
import type { Answer, Call } from '../network/http.js';
import {
  HostGuard,
  type HostRequest,
  type HostSettings,
  type LibraryHost,
  startHost,
} from './library-host.js';

/** What the handlers did, and what they do: each test says it anew. */
export const work = {
  /** How often a handler was called. */
  calls: 0,
  /** What a handler does, and answers, the nth time that one is called. */
  act: (n: number, _request: HostRequest): unknown => ({ id: n }),
  do(request: HostRequest): unknown {
    this.calls += 1;
    return this.act(this.calls, request);
  },
  reset(): void {
    this.calls = 0;
    this.act = (n) => ({ id: n });
  },
};

/** The answer of Express, or of Fastify. */
interface PlatformResponse extends ServerResponse {
  hijack?: () => void;
  raw?: ServerResponse;
}

const task = () => 'thing';

/** Handlers of each kind that a peer was seen to get wrong. */
@Controller('things')
@UseGuards(HostGuard)
class ThingsController {
  @Post()
  @Tracked({ task })
  make(@Req() request: HostRequest) {
    return work.do(request);
  }

  @Post('others')
  @Tracked({ task })
  other(@Req() request: HostRequest) {
    return work.do(request);
  }

  @Post('void')
  @HttpCode(202)
  @Tracked({ task, outcome: () => ({ state: 'success' }) })
  nothing(@Req() request: HostRequest): void {
    work.do(request);
  }

  @Post('by-itself')
  @Tracked({ task })
  byItself(@Req() request: HostRequest, @Res() response: PlatformResponse): void {
    work.do(request);
    response.hijack?.();
    (response.raw ?? response).end('done');
  }

  @Post('file')
  @Tracked({ task })
  file(@Req() request: HostRequest) {
    work.do(request);
    return new StreamableFile(Readable.from(['a ', 'file']));
  }

  /** Fastify alone sends what can be read as it is. */
  @Post('readable')
  @Tracked({ task })
  readable(@Req() request: HostRequest) {
    work.do(request);
    return Readable.from(['a ', 'stream']);
  }

  @Post('numbers')
  @Tracked({ task })
  number(@Req() request: HostRequest, @Body('n', ParseIntPipe) _n: number) {
    return work.do(request);
  }
}

/** A host with these handlers, and words to talk to it. */
export interface PeersHost {
  host: LibraryHost;
  tasks: TasksService;
  send: (tag: string, body?: object, path?: string, call?: Call & { user?: string }) => Promise<Answer>;
  find: (tag: string, user?: string) => Promise<any[]>;
}

export async function startPeersHost(settings: HostSettings): Promise<PeersHost> {
  const host = await startHost({
    ...settings,
    controller: { path: 'tasks', decorators: [UseGuards(HostGuard)] },
    controllers: [ThingsController, ...(settings.controllers ?? [])],
  });
  const as = (user: string) => ({ token: null, headers: { 'X-User': user } });
  return {
    host,
    tasks: host.app.get(TasksService, { strict: false }),
    send: (tag, body = {}, path = '/things', { user = 'a/ann', headers, ...call } = {}) =>
      host.client.post(path, body, { ...as(user), ...call, headers: { 'X-User': user, ...headers }, tag }),
    find: async (tag, user = 'a/ann') =>
      (await host.client.get(`/tasks?tag=${encodeURIComponent(tag)}`, as(user))).json.tasks,
  };
}

/** A handler that waits until it is let go on. */
export function gate(): { wait: Promise<void>; open: () => void } {
  let open = () => undefined as void;
  const wait = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { wait, open };
}
