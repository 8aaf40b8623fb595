import { Injectable } from '@nestjs/common';
import { DependencyCheck } from '../../../health/dependency-check.js';
import { NovaClock } from './nova-clock.js';

/** Whether Nova's time is known. Otherwise requests that leave no trace in Nova stay `unknown`. */
@Injectable()
export class NovaClockCheck extends DependencyCheck {
  readonly name = 'nova_clock';

  override readonly isOptional = true;

  constructor(private readonly clock: NovaClock) {
    super();
  }

  async check(): Promise<void> {
    if ((this.clock.offset ?? (await this.clock.known())) === null)
      throw new Error("Nova's time is not known");
  }

  override about(): object {
    const { source, offset } = this.clock;
    if (offset === null) return { known_from: source };
    return {
      known_from: source,
      ahead_seconds: [offset.earliest, offset.latest].map((ms) => Math.round(ms / 100) / 10),
    };
  }
}
