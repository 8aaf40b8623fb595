import { fastify, type FastifyBaseLogger, LogController } from 'fastify';
import { pino } from 'pino';
import { logRequests } from './request-log.js';

it('keeps what monitors ask at the level of debugging', async () => {
  const lines: { level: string; url: string }[] = [];
  const loggerInstance: FastifyBaseLogger = pino(
    { level: 'debug', formatters: { level: (level) => ({ level }) } },
    { write: (line: string) => void lines.push(JSON.parse(line) as { level: string; url: string }) },
  );
  const server = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
  });
  logRequests(server);
  for (const path of ['/healthz', '/readyz', '/healthcheck', '/metrics', '/v3/servers'])
    server.get(path, () => ({}));
  for (const url of ['/healthz', '/readyz?x=1', '/healthcheck', '/metrics', '/v3/servers', '/healthz/x']) {
    await server.inject({ url });
  }
  await server.close();

  expect(lines.map(({ level, url }) => [level, url])).toEqual([
    ['debug', '/healthz'],
    ['debug', '/readyz?x=1'],
    ['debug', '/healthcheck'],
    ['debug', '/metrics'],
    ['info', '/v3/servers'],
    ['info', '/healthz/x'],
  ]);
});
