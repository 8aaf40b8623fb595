import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { OpenRequests } from './open-requests.js';
import { Heartbeat } from '../sweeping/heartbeat.js';
import { TaskRecorder } from '../task.recorder.js';

/**
 * The end of a stop: the HTTP server is closed, and the database is about to be. A request that came during the stop, and
 * whose client did not wait for the answer, may still be at work; until it has ended, it lives, and can be recorded.
 */
@Injectable()
export class EndOfStop implements OnApplicationShutdown {
  constructor(
    private readonly open: OpenRequests,
    private readonly heartbeat: Heartbeat,
    private readonly recorder: TaskRecorder,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.open.drain();
    await this.heartbeat.stop();
    await this.recorder.drain();
  }
}
