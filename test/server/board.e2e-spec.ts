import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  alerts,
  type Board,
  boardOf,
  expressionsOf,
  faultsOf,
  fileOf,
  metricsIn,
  namesOn,
  textOf,
} from '../support/board.js';
import { startApp } from '../support/server/app.js';

declare const testDatabase: string;

const BOARDS = ['ops/grafana/gateway.json', 'ops/grafana/library-host.json'];

/** A gateway whose Nova, Keystone and message bus are away: it has all metrics that there are. */
const GATEWAY = {
  COMPUTE: 'nova',
  NOVA_URL: 'http://127.0.0.1:1',
  IDENTITY: 'keystone',
  OS_AUTH_URL: 'http://127.0.0.1:1/v3',
  OS_USERNAME: 'tasktag',
  OS_PASSWORD: 'secret',
  OS_PROJECT_NAME: 'service',
  NOTIFICATIONS_URL: 'amqp://127.0.0.1:1/',
  AUDIT: 'notification',
};

/** Metrics that a server on SQLite does not have. */
const OF_POOLS = /^tasktag_database_(connections|connections_max|waiting)$/;

describe('the operator’s board and alerts', () => {
  let names: Set<string>;
  let page: string;
  beforeAll(async () => {
    const gateway = await startApp(GATEWAY);
    page = (await gateway.client.get('/metrics', { token: null })).text;
    names = namesOn(page);
    await gateway.close();
  });

  const missing = (expressions: string[]) =>
    expressions
      .flatMap(metricsIn)
      .filter((name) => !names.has(name) && !(testDatabase === 'sqlite' && OF_POOLS.test(name)));

  it('read metrics that a gateway has, and no others', () => {
    for (const board of BOARDS) expect([board, missing(expressionsOf(boardOf(board)))]).toEqual([board, []]);
    for (const { name, expr } of alerts()) {
      expect([name, metricsIn(expr).length > 0, missing([expr])]).toEqual([name, true, []]);
    }
    expect(metricsIn('sum by (le) (rate(tasktag_x{a="b"}[5m])) > 2 and on (job) tasktag_y')).toEqual([
      'tasktag_x',
      'tasktag_y',
    ]);
  });

  it('show and watch what /readyz tells of each dependency', () => {
    for (const [check, up] of Object.entries({
      database: 1,
      migrations: 1,
      nova: 0,
      keystone: 0,
      notifications: 0,
    }))
      expect(page).toContain(`tasktag_check_up{check="${check}"} ${up}`);
  });

  it('have a section for each alert that says what to do, and none for others', () => {
    const guide = textOf('docs/operating.md');
    const sections = [...guide.matchAll(/^#### (Tasktag\w+)\n\n(.+)/gm)];
    expect(sections.map(([, name]) => name)).toEqual(alerts().map(({ name }) => name));
    for (const [, , text = ''] of sections) expect(text.length).toBeGreaterThan(40);
    for (const { name, runbook } of alerts()) expect(runbook).toBe(`docs/operating.md#${name.toLowerCase()}`);
  });

  it('have a form that Grafana can read', () => {
    for (const board of BOARDS) expect([board, faultsOf(boardOf(board))]).toEqual([board, []]);
    const broken = (change: (board: Board) => void) => {
      const board = boardOf(BOARDS[0] as string);
      change(board);
      return faultsOf(board).length;
    };
    const panel = ({ panels }: Board) => panels[1] as Board['panels'][number];
    for (const change of [
      (board: Board) => (panel(board).id = 1),
      (board: Board) => (panel(board).targets = []),
      (board: Board) => (panel(board).gridPos.x = 23),
      (board: Board) => (panel(board).gridPos.w = 8),
      (board: Board) => delete panel(board).fieldConfig?.defaults.unit,
      (board: Board) => (panel(board).datasource = { type: 'prometheus', uid: 'mine' }),
      (board: Board) => board.templating.list.shift(),
      (board: Board) => board.templating.list.pop(),
    ])
      expect(broken(change)).toBeGreaterThan(0);
  });
});

const promtool = (...words: string[]) => spawnSync('promtool', words, { encoding: 'utf8' });
const isThere = promtool('--version').status === 0;
const title = 'the rules, by promtool';

(isThere ? describe : describe.skip)(isThere ? title : `${title} (left out: it is not installed)`, () => {
  it('have the form of Prometheus, and each fires when it should, and else does not', () => {
    const file = fileOf('ops/alerts.yml');
    expect(promtool('check', 'rules', file)).toMatchObject({ status: 0, stderr: '' });
    const tried = promtool('test', 'rules', fileOf('ops/alerts.test.yml'));
    expect([tried.status, tried.stdout]).toEqual([0, expect.stringContaining('SUCCESS')]);
    for (const { name } of alerts()) {
      const [, ...cases] = textOf('ops/alerts.test.yml').split(`- alertname: ${name}\n`);
      const fires = cases.map((text) => (text.split(/- alertname|- name/)[0] ?? '').includes('exp_alerts:'));
      expect([name, new Set(fires)]).toEqual([name, new Set([true, false])]);
    }
  });

  it('can evaluate each expression of the boards', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tasktag-board-'));
    const check = (expressions: string[]) => {
      const file = join(folder, 'rules.yml');
      const rules = expressions.map((expr, n) => ({ record: `board:${n}`, expr }));
      writeFileSync(file, JSON.stringify({ groups: [{ name: 'board', rules }] }));
      return promtool('check', 'rules', file).status;
    };
    try {
      for (const board of BOARDS) expect([board, check(expressionsOf(boardOf(board)))]).toEqual([board, 0]);
      expect(check(['sum by (le (tasktag_tasks)'])).not.toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
