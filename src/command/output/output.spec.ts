import { PassThrough } from 'node:stream';
import { parse } from 'yaml';
import { Messages } from './messages.js';
import { type Format, Output } from './output.js';

const TASK = {
  uuid: 'u1',
  task: 'create',
  state: 'failure',
  tag: 'bad \x1b[2J\u202etag',
  resource: { server: 's1' },
  start_time: '2026-01-31T12:00:00.000Z',
  fault: { code: 500, message: 'one\ntwo, "three"' },
};

class Screen extends PassThrough {
  constructor(readonly isTTY: boolean) {
    super();
  }

  get text(): string {
    return (this.read() as Buffer | null)?.toString() ?? '';
  }
}

async function print(
  how: { isTTY?: boolean; format?: Format; columns?: string[]; env?: NodeJS.ProcessEnv } = {},
) {
  const screen = new Screen(how.isTTY ?? false);
  const output = new Output(screen, how.env ?? {}, how.format, how.columns);
  await output.list([TASK]);
  const list = screen.text;
  await output.one(TASK);
  return { list, one: screen.text };
}

describe('results', () => {
  it('are JSON for a program, as they are', async () => {
    const { list, one } = await print();
    expect(JSON.parse(list)).toEqual([TASK]);
    expect(JSON.parse(one)).toEqual(TASK);
  });

  it('are a table on a terminal, on which nothing that others wrote takes effect', async () => {
    const { list, one } = await print({ isTTY: true });
    expect(list.split('\n')[0]).toMatch(/^UUID {2}TASK {4}STATE {4}TAG +RESOURCE +START_TIME$/);
    expect(list).toContain('bad \\x1b[2J\\u202etag');
    expect(list).toContain('\x1b[31mfailure\x1b[0m  bad');
    expect(one).toContain('fault       500 one\\x0atwo, "three"\n');
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }])
      expect((await print({ isTTY: true, env })).list).not.toContain('\x1b');
  });

  it.each<Format>(['json', 'yaml', 'csv', 'value'])(
    'have no control characters on a terminal as %s',
    async (format) => {
      const { list, one } = await print({ isTTY: true, format });
      expect(list + one).not.toMatch(/[\x1b\u202e]/);
      expect(list).toContain('bad');
    },
  );

  it('are CSV and YAML as other programs read them', async () => {
    const { one } = await print({ format: 'csv', columns: ['tag', 'fault.message', 'nothing'] });
    expect(one).toBe(`tag,fault.message,nothing\r\n${TASK.tag},"one\ntwo, ""three""",\r\n`);
    expect(parse((await print({ format: 'yaml' })).list)).toEqual([TASK]);
    expect(parse((await print({ format: 'yaml', isTTY: true })).one)).toEqual(TASK);
  });

  it('have the columns that are asked for', async () => {
    const columns = ['uuid,resource.server', 'fault.code'];
    expect(JSON.parse((await print({ columns })).list)).toEqual([
      { uuid: 'u1', 'resource.server': 's1', 'fault.code': 500 },
    ]);
    expect((await print({ columns, format: 'value' })).one).toBe('u1\ns1\n500\n');
    await expect(print({ columns: ['UUID'] })).rejects.toThrow(/no member of a task/);
  });

  it('wait while their reader is slow', async () => {
    const pipe = new PassThrough({ writableHighWaterMark: 1, readableHighWaterMark: 1 });
    const output = new Output(pipe, {}, 'json');
    let isWritten = false;
    const writing = (async () => {
      for (const row of [TASK, TASK]) await output.one(row);
      isWritten = true;
    })();
    await new Promise(setImmediate);
    expect(isWritten).toBe(false);
    pipe.resume();
    await writing;
  });

  it('stand in columns, also with wide characters', async () => {
    const screen = new Screen(true);
    await new Output(screen, {}, 'table', ['tag', 'uuid']).list([
      { tag: '日本', uuid: 'x' },
      { tag: 'e\u0301bc', uuid: 'x' },
    ]);
    expect(screen.text).toBe('TAG   UUID\n日本  x\ne\u0301bc   x\n');
  });
});

describe('the line of progress', () => {
  it('is for a terminal alone, and gone before anything else is written', () => {
    const [terminal, pipe] = [new Screen(true), new Screen(false)];
    for (const screen of [terminal, pipe]) {
      const messages = new Messages(screen, false);
      messages.progress('waiting for \x07');
      messages.note('done');
      messages.done();
    }
    expect(terminal.text).toBe('\r\x1b[Kwaiting for \\x07, 0 s\r\x1b[Kdone\n');
    expect(pipe.text).toBe('done\n');
  });
});
