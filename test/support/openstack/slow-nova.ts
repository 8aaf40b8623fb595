import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { LAB_NOVA } from './lab.js';

/** Servers of one page. */
const PAGE = 500;

/** What the gateway asks Nova on its own account. */
const QUESTION = /os-instance-actions|all_tenants=1/;

/**
 * The lab's Nova, which takes its time with what the gateway asks on its own account, and has servers that are busy for
 * ever, more than a lab can have.
 */
export class SlowNova {
  /** Questions of the gateway's own so far. */
  questions = 0;
  /** Pages of a list, as text: to make them must not take the time that a test measures. */
  private pages: string[] = [];
  private readonly pageAfter = new Map<string, number>();
  private readonly server: Server;

  private constructor(private readonly delayMs: number) {
    this.server = createServer((request, response) => {
      const url = request.url as string;
      const { hostname, port } = new URL(LAB_NOVA);
      const answer = async () => {
        if (QUESTION.test(url)) {
          this.questions += 1;
          await pause(this.delayMs);
          const page = this.pageOf(url);
          if (page !== undefined) {
            const headers = { 'content-type': 'application/json', 'x-compute-request-id': 'req-busy' };
            response.writeHead(200, headers).end(page);
            return;
          }
        }
        const headers = request.rawHeaders as never;
        const outgoing = httpRequest({ host: hostname, port, method: request.method, path: url, headers });
        outgoing.end(await buffer(request));
        const [incoming] = await once(outgoing, 'response');
        response.writeHead(incoming.statusCode as number, incoming.rawHeaders as never);
        response.end(await buffer(incoming));
      };
      answer().catch(() => response.destroy());
    });
  }

  static async start(delayMs: number): Promise<SlowNova> {
    const nova = new SlowNova(delayMs);
    nova.server.listen(0, '127.0.0.1');
    await once(nova.server, 'listening');
    return nova;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Has servers of these ids, which are rebooting since a time and never get on. */
  haveBusyServers(ids: string[], since: number): void {
    const updated = new Date(since).toISOString().replace(/\.\d+/, '');
    for (let n = 0; n < ids.length; n += PAGE) {
      const servers = ids.slice(n, n + PAGE).map((id) => ({
        ...{ id, status: 'REBOOT', created: updated, updated, tenant_id: 'many', user_id: 'many' },
        ...{ 'OS-EXT-STS:vm_state': 'active', 'OS-EXT-STS:task_state': 'reboot_started' },
      }));
      const hasNext = n + PAGE < ids.length;
      this.pageAfter.set(ids[n - 1] ?? '', this.pages.length);
      this.pages.push(JSON.stringify({ servers, servers_links: hasNext ? [{ rel: 'next', href: '' }] : [] }));
    }
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /** The page of the busy servers that a list of all that has changed asks for. */
  private pageOf(url: string): string | undefined {
    if (this.pages.length === 0 || !url.includes('changes-since')) return undefined;
    const marker = new URLSearchParams(url.split('?')[1]).get('marker') ?? '';
    return this.pages[this.pageAfter.get(marker) ?? -1];
  }
}
