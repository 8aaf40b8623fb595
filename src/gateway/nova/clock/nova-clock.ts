import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  Optional,
} from '@nestjs/common';
import { NovaSlow, NovaUnavailable } from '../reader/nova-reader.errors.js';
import { NovaReader, READER_CLOCK } from '../reader/nova-reader.js';
import { askOffset } from './ask-offset.js';
import { hullOf, type Offset, reachOf } from './offset.js';

/**
 * Where Nova's time is known from: from Nova, which was asked whether a time has passed; from the `Date` of its answers,
 * which may be the time of a proxy before it; or from nowhere.
 */
export type TimeSource = 'nova' | 'date' | 'none';

/** How long what was found out is good, in milliseconds. */
const FRESH_MS = 60_000;

/** How often it is looked whether that is so, in milliseconds. */
const BEAT_MS = 10_000;

/** How long it is allowed for, in milliseconds: what is searched for was written down by the clock as it was then. */
const REMEMBERED_MS = 3_600_000;

/** A difference that an operator should know of, in milliseconds. */
const NOTABLE_MS = 5000;

/** A project that is none: of its usage there is nothing to add up. */
const NOBODY = 'tasktag-clock';

/**
 * How much Nova's clock and this one differ. No answer of a Nova under uWSGI has a `Date`. But every Nova says whether a
 * time lies ahead of it: a usage that begins then is refused with 400 (`_get_datetime_range` of
 * nova/api/openstack/compute/simple_tenant_usage.py). It is the clock by which the same process writes down when it
 * accepted a request.
 */
@Injectable()
export class NovaClock implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(NovaClock.name);
  private readonly now: () => number;
  private readonly measured: { at: number; offset: Offset }[] = [];
  private asking: Promise<void> | null = null;
  private askedAt = -Infinity;
  private current: TimeSource = 'none';
  private said: string | null = null;
  private beat: NodeJS.Timeout | undefined;

  constructor(
    @Inject(NovaReader) private readonly reader: Pick<NovaReader, 'get' | 'dateOffset'>,
    @Optional() @Inject(READER_CLOCK) now?: () => number,
  ) {
    this.now = now ?? Date.now;
  }

  onApplicationBootstrap(): void {
    const beat = () => void this.known();
    this.beat = setInterval(beat, BEAT_MS).unref();
    beat();
  }

  onModuleDestroy(): void {
    clearInterval(this.beat);
  }

  /** Where it was known from last. */
  get source(): TimeSource {
    return this.offset === null ? 'none' : this.current;
  }

  /** By how much Nova's clock is, or within the last hour was, ahead of this one; `null` when that is not known. */
  get offset(): Offset | null {
    const since = this.now() - REMEMBERED_MS;
    return hullOf(this.measured.filter(({ at }) => at >= since).map(({ offset }) => offset));
  }

  /** The same, found out anew when it is older than a minute. It does not fail: what is not told is not known. */
  async known(): Promise<Offset | null> {
    if (this.now() - this.askedAt >= FRESH_MS) {
      this.asking ??= this.ask().finally(() => (this.asking = null));
      await this.asking;
    }
    return this.offset;
  }

  private async ask(): Promise<void> {
    try {
      const told = await askOffset((time) => this.hasPassed(time), this.now);
      const offset = told ?? this.reader.dateOffset;
      this.askedAt = this.now();
      if (offset !== null) {
        this.current = told === null ? 'date' : 'nova';
        this.measured.push({ at: this.askedAt, offset });
      }
    } catch (error) {
      // A Nova that cannot be asked has not said that it does not tell: it is asked again with the next beat.
      if (!(error instanceof NovaUnavailable || error instanceof NovaSlow)) this.logger.warn(error);
      return;
    }
    const since = this.askedAt - REMEMBERED_MS;
    while ((this.measured[0]?.at ?? Infinity) < since) this.measured.shift();
    this.tell();
  }

  private async hasPassed(time: number): Promise<boolean | null> {
    const start = new Date(time).toISOString().slice(0, -1);
    const { status } = await this.reader.get(`/v2.1/os-simple-tenant-usage/${NOBODY}?start=${start}`, 1);
    if (status === 200) return true;
    return status === 400 ? false : null;
  }

  /** A line at the start, and when something else is to be said. */
  private tell(): void {
    const { offset, source } = this;
    const isNotable = offset !== null && reachOf(offset) > NOTABLE_MS;
    const kind = `${source} ${isNotable}`;
    if (kind === this.said) return;
    this.said = kind;
    if (offset === null) {
      this.logger.warn(
        "Nova's clock is not known: Nova does not show this server's user the usage of projects, and its answers have " +
          'no Date. What leaves no trace in Nova stays unknown',
      );
      return;
    }
    const from =
      source === 'nova' ? 'what Nova says' : 'the Date of its answers, which may be that of a proxy';
    const line = `Nova's clock is known from ${from}: it is ${inSeconds(offset)} ahead of this server's`;
    if (isNotable) this.logger.warn(`The clocks of Nova and of this server differ. ${line}`);
    else this.logger.log(line);
  }
}

function inSeconds({ earliest, latest }: Offset): string {
  const [least, most] = [earliest, latest].map((ms) => (ms / 1000).toFixed(1));
  return `${least} to ${most} s`;
}
