import { type INestApplication, SetMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { TasksConsoleModule } from './tasks-console.module.js';

describe.each([
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
])('the console of a host on %s', (_platform, adapter) => {
  let app: INestApplication;
  let url: string;
  beforeAll(async () => {
    const console = TasksConsoleModule.forRoot({
      path: 'admin/console',
      tasks: 'v1/tasks',
      token: { header: 'Authorization', scheme: 'Bearer' },
      links: { order: 'https://shop.example/{id}' },
    });
    app = await NestFactory.create(console, adapter(), { logger: false });
    app.setGlobalPrefix('api');
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(() => app.close());

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/api/admin/${path}`, { headers, redirect: 'manual' });

  it('is at its path, and its files are below', async () => {
    const page = await get('console?a=b');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const text = await page.text();
    expect(text).toMatch(/^<!doctype html>/);
    expect(text.match(/(?<=(src|href)=")[^"]+/g)).toEqual(['./console/icon.svg']);
  });

  it('tells the page where the tasks are, seen from there', async () => {
    const response = await get('console/settings.json');
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toEqual({
      tasks: '../../v1/tasks',
      signIn: { by: 'token', header: 'Authorization', scheme: 'Bearer' },
      actions: null,
      offersDecisions: false,
      hasAllProjects: false,
      links: { order: 'https://shop.example/{id}' },
    });
  });

  it('may run its own files alone, and in no frame', async () => {
    for (const path of ['console', 'console/settings.json']) {
      const { headers } = await get(path);
      const policy = headers.get('content-security-policy');
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|data:|https?:/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  it('is kept by browsers, which ask whether it is still the same', async () => {
    const { headers } = await get('console');
    expect(headers.get('cache-control')).toBe('no-cache');
    const again = await get('console', { 'If-None-Match': headers.get('etag') ?? '' });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await get('console', { 'If-None-Match': '"another"' })).status).toBe(200);
  });

  it.each(['console/page.controller.js', 'console/..%2Findex.html', 'console/constructor', 'console/a/b'])(
    'has no other file, such as %s',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );
});

describe('a console', () => {
  const controllerOf = (options: Parameters<typeof TasksConsoleModule.forRoot>[0]) =>
    TasksConsoleModule.forRoot(options).controllers?.[0] as object;

  it('has the decorators of its host', () => {
    const controller = controllerOf({ decorators: [SetMetadata('isPublic', true)] });
    expect(Reflect.getMetadata('isPublic', controller)).toBe(true);
    expect(Reflect.getMetadata('path', controller)).toBe('console');
  });

  it.each(['/orders/{id}', 'javascript:alert({id})', 'https://shop.example/'])(
    'does not link to %s',
    (order) => {
      expect(() => TasksConsoleModule.forRoot({ links: { order } })).toThrow(
        `The link of order must be an http or https address with {id}, but is ${order}.`,
      );
    },
  );
});
