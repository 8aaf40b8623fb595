import { Body, Controller, Post } from '@nestjs/common';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { singleTenant, Tracked } from '../../src/index.js';
import { compile } from '../support/library/compile.js';
import { type LibraryHost, startHost } from '../support/library/library-host.js';
import { packClient, ROOT } from '../support/library/packed-library.js';
import { programsOf } from '../support/library/programs-of-page.js';
import { LossyProxy } from '../support/network/lossy-proxy.js';

/** The newest that run on Node 20. */
const PACKAGES = [
  'ky@1.14.3',
  'axios@1.21.1',
  'openapi-fetch@0.17.0',
  'undici@7.30.2',
  '@tanstack/react-query@5.108.4',
  'react@19.3.1',
  '@types/react@19.3.3',
  '@angular/core@20.3.35',
  '@angular/common@20.3.35',
  'rxjs@7.8.2',
];

/** What was carried out. */
const orders: string[] = [];

@Controller('shop/orders')
class OrdersController {
  @Post()
  @Tracked({ task: () => 'order', duplicates: 'replay' })
  create(@Body() { item }: { item: string }) {
    return { id: orders.push(item) };
  }
}

/** Sends an order with one of the page's programs, and prints what came of it. */
const RUN = `
const [name, url] = process.argv.slice(2);
const { order, send, OrdersService } = await import('./' + name + '.js');
const shown = (value) => console.log(JSON.stringify(value));
switch (name) {
  case 'ky': shown(await order(name, name)); break;
  case 'axios': shown((await order(name, name)).data); break;
  case 'openapi-fetch': shown((await order(name, name)).data); break;
  case 'angular': new OrdersService().order(name, name).subscribe(shown); break;
  case 'undici': {
    const headers = { 'Content-Type': 'application/json' };
    const init = { method: 'POST', body: JSON.stringify({ item: name }), headers, tag: name, answerAgain: true };
    shown(await (await send(url + '/orders', init)).response.json());
  }
}
`;

describe('clients for pages and for Node, in the versions of npm', () => {
  const names = ['ky', 'axios', 'openapi-fetch', 'react-query', 'angular', 'undici'];
  const seen = new Set<string>();
  let folder: string;
  let host: LibraryHost;
  let network: LossyProxy;
  beforeAll(async () => {
    host = await startHost({
      platform: 'fastify',
      controller: { path: 'shop/tasks' },
      controllers: [OrdersController],
      options: { requester: singleTenant },
    });
    // The first answer of each tag is lost.
    network = await LossyProxy.to(host.client.url, ({ method, headers }) => {
      const tag = String(headers['task-tag']);
      if (method !== 'POST' || seen.has(tag)) return 'pass';
      seen.add(tag);
      return 'cut after';
    });
    folder = mkdtempSync(join(tmpdir(), 'tasktag-web-'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true }));
    writeFileSync(join(folder, 'run.js'), RUN);
    const install = [
      'install',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      ...PACKAGES,
      packClient(folder),
    ];
    execFileSync('npm', install, { cwd: folder, stdio: 'pipe' });
    const page = readFileSync(join(ROOT, 'docs', 'library', 'web-clients.md'), 'utf8');
    for (const [n, program] of programsOf(page, 'web').entries()) {
      // A web project has the client kit alone.
      const here = program
        .replaceAll('https://shop.example', `${network.url}/shop`)
        .replaceAll("'tasktag/client'", "'tasktag-client'");
      const isOnPage = names[n] === 'angular';
      writeFileSync(
        join(folder, `${names[n]}.ts`),
        isOnPage ? here.replaceAll("'/", `'${network.url}/shop/`) : here,
      );
    }
  }, 480_000);
  afterAll(async () => {
    await network.close();
    await host.close();
    rmSync(folder, { recursive: true });
  });

  it('take fetchWithTag, as the page shows it', () => {
    const options = { module: 'esnext', moduleResolution: 'bundler', lib: ['ES2023', 'DOM'], types: [] };
    const files = names.map((name) => `${name}.ts`);
    const emitting = { noEmit: false, skipLibCheck: true, emitDecoratorMetadata: false };
    expect(compile(folder, files, { ...options, ...emitting })).toBe('');
  }, 120_000);

  it.each(names.filter((name) => name !== 'react-query'))(
    '%s gets its answer, though it was lost, and one order is made',
    async (name) => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['run.js', name, `${network.url}/shop`],
        {
          cwd: folder,
        },
      );
      expect(JSON.parse(stdout)).toEqual({ id: orders.length });
      expect(seen).toContain(name);
      expect(orders.filter((item) => item === name)).toHaveLength(1);
    },
  );
});
