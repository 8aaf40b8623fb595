import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { closeOwn } from '../../../storage/own-connections/own-connections.js';
import { DuplicateCounts } from '../../duplicates/duplicate-counts.js';
import { Heartbeat } from '../../following/heartbeat.js';
import { TaskRecorder } from '../../recording/task.recorder.js';
import { Requesters } from '../../searching/requesters.js';
import { InjectTasksDataSource } from '../../tables/tasks-data-source.js';
import { RequestsInFlight } from './requests-in-flight.js';

/**
 * The end of a stop: the HTTP server is closed, and the database is about to be. A request that came during the stop,
 * and whose client did not wait for the answer, may still be running. Until it has ended, the heartbeat goes on and its
 * outcome can be recorded. Then the module closes its own connections.
 */
@Injectable()
export class EndOfStop implements OnApplicationShutdown {
  constructor(
    private readonly inFlight: RequestsInFlight,
    private readonly heartbeat: Heartbeat,
    private readonly recorder: TaskRecorder,
    private readonly duplicates: DuplicateCounts,
    private readonly requesters: Requesters,
    @InjectTasksDataSource() private readonly dataSource: DataSource,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.inFlight.drain();
    await this.heartbeat.stop();
    await this.recorder.drain();
    await this.duplicates.flush();
    await this.requesters.flush();
    await closeOwn(this.dataSource);
  }
}
