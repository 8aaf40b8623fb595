import {
  Body,
  Controller,
  Delete,
  Headers,
  HttpCode,
  HttpException,
  Post,
  Query,
  Res,
  StreamableFile,
  UseGuards,
} from '@nestjs/common';
import { Exclude } from 'class-transformer';
import { CurrentTask, type Outcome, Task, Tracked, type TrackedOptions } from '../../../src/index.js';
import { HostGuard } from './library-host.js';

/** How often each handler ran. */
export const runs = new Map<string, number>();
const run = (name: string): number => {
  runs.set(name, (runs.get(name) ?? 0) + 1);
  return runs.get(name) as number;
};

/** The options of a handler whose answer is sent again. */
export const replay = (more: Partial<TrackedOptions<unknown>> = {}): TrackedOptions<unknown> => ({
  task: () => 'order',
  duplicates: 'replay',
  ...more,
});

class Account {
  @Exclude() password = 'hidden';

  constructor(readonly id: number) {}
}

/** Ends the slow handler. */
export const slow = { letGo: (): void => undefined };

/** Handlers whose answers are sent again, of each kind. */
@Controller('replayed')
@UseGuards(HostGuard)
export class ReplayedController {
  @Post('json')
  @Tracked(replay({ replay: { headers: ['Location', 'X-Missing'] } }))
  json(
    @Body() { item }: { item: string },
    @Res({ passthrough: true })
    response: { setHeader?: (n: string, v: string) => void; header: (n: string, v: string) => void },
  ) {
    response.header('Location', '/orders/1');
    response.header('Set-Cookie', 'secret=1');
    return { item, n: run('json'), big: '9007199254740993' };
  }

  @Post('void')
  @HttpCode(204)
  @Tracked(replay())
  nothing() {
    run('void');
  }

  @Post('empty')
  @Tracked(replay())
  empty() {
    run('empty');
  }

  @Post('text')
  @Tracked(replay())
  text() {
    return `run ${run('text')} Ü`;
  }

  @Post('later')
  @HttpCode(202)
  @Tracked(replay())
  later(@CurrentTask() task: Task) {
    return { task: task.uuid, n: run('later') };
  }

  @Post('entity')
  @Tracked(replay())
  entity() {
    return new Account(run('entity'));
  }

  @Post('declined')
  @Tracked(
    replay({
      outcomeOfError: (error): Outcome | null =>
        error instanceof HttpException && error.getStatus() === 402
          ? { state: 'failure', fault: { code: 402, message: 'declined' } }
          : null,
    }),
  )
  declined() {
    throw new HttpException({ reason: 'declined', n: run('declined') }, 402);
  }

  @Post('invalid')
  @Tracked(replay())
  invalid() {
    throw new HttpException({ n: run('invalid') }, 422);
  }

  @Post('broken')
  @Tracked(replay())
  broken() {
    run('broken');
    throw new Error('broken');
  }

  @Post('file')
  @Tracked(replay())
  file() {
    return new StreamableFile(Buffer.from(`file ${run('file')}`));
  }

  @Post('long')
  @Tracked(replay({ replay: { maxBytes: 200_000 } }))
  long(@Query('bytes') bytes: string) {
    return `${run('long')}${'x'.repeat(Number(bytes) - 1)}`;
  }

  @Post('redacted')
  @Tracked(replay({ replay: { redact: ['card.number', 'items.*.key'] } }))
  redacted() {
    return {
      n: run('redacted'),
      card: { number: '4111', name: 'Ann' },
      items: [{ key: 'k', id: 1 }, { id: 2 }],
    };
  }

  @Post('enveloped')
  @Tracked(replay({ replay: { redact: ['card.number', 'data.none.*', 'data.card'] } }))
  enveloped() {
    return { data: { card: { number: '4111' }, none: [] } };
  }

  @Post('redacted-text')
  @Tracked(replay({ replay: { redact: ['card'] } }))
  redactedText() {
    return `card=4111 ${run('redacted-text')}`;
  }

  @Post('by-hand')
  @Tracked(replay())
  byHand(@Res() response: { status: (code: number) => { send: (body: object) => void } }) {
    response.status(201).send({ n: run('by-hand') });
  }

  @Post('slow')
  @Tracked(replay())
  async slow() {
    run('slow');
    await new Promise<void>((resolve) => (slow.letGo = resolve));
    return { done: true };
  }

  @Delete(':id')
  @Tracked(replay())
  remove(@Headers('x-n') n: string) {
    return { n, run: run('remove') };
  }
}
